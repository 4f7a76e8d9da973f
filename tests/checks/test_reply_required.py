from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.reply_required import ReplyRequired
from pipeline.dialogue import dialogue_call

THANKS = ReplyRequired(to="customer_thanks", phrases=("不用谢 / 不客气", "应该做的", "you are welcome"))
CURT = ReplyRequired(to="customer_thanks", phrases=("没事 / 不客气",), not_counted=("没事我先挂",))
APOLOGY = ReplyRequired(to="customer_apologises", phrases=("没关系",))


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (THANKS, "customer: 太好了，谢谢你。\nagent: 不客气。", PASS),
        (THANKS, "customer: 多谢多谢。\nagent: 这是我们应该做的。", PASS),
        (CURT, "customer: 太好了，谢谢你。\nagent: 没事，应该的。", PASS),
        (CURT, "customer: 太好了，谢谢你。\nagent: 没事我先挂了。", FAIL),
        (CURT, "customer: 太好了，谢谢你。\nagent: 没事我先挂了，不客气。", PASS),
        (THANKS, "customer: OK, thank you.\nagent: You are welcome.", PASS),
        (THANKS, "customer: 谢谢。\nagent: 不用谢。\ncustomer: 太谢谢了。\nagent: 那我挂了。", FAIL),
        (THANKS, "customer: 太好了，谢谢你。\nagent: 没别的事我挂了。", FAIL),
        (THANKS, "customer: 太好了，谢谢你。\n[silence 7]", FAIL),
        (THANKS, "customer: 太好了，谢谢你。", UNDETERMINED),
        (THANKS, "customer: 谢谢，那发票怎么开？\nagent: 在网上开。", UNDETERMINED),
        (THANKS, "customer: 谢谢，再见。\nagent: 再见。", UNDETERMINED),
        (THANKS, "agent: 您好。\ncustomer: 好的，谢谢。\n[hold 12 dead]\nagent: 查到了。", UNDETERMINED),
        (THANKS, "customer: 太好了，谢谢你。\nagent(heard 0.3): 没别的事我挂了。", UNDETERMINED),
        (THANKS, "customer: 太好了，谢谢你。\nagent: All right then, goodbye now.", UNDETERMINED),
        (THANKS, "unknown: 谢谢你。\nunknown: 那我挂了。", UNDETERMINED),
        (THANKS, "agent: 祝您愉快，再见！\ncustomer: 谢谢，再见。", NOT_APPLICABLE),
        (THANKS, "agent: 谢谢您。\ncustomer: 不用谢，我姓谢。", NOT_APPLICABLE),
        (APOLOGY, "customer: 刚才没接电话，不好意思啊。\nagent: 没关系。", PASS),
        (APOLOGY, "customer: 刚才没接电话，不好意思啊。\nagent: 快说什么事吧。", FAIL),
        (APOLOGY, "customer: 哎呀，不好意思，记错了，是十七号。\nagent: 快说什么事吧。", FAIL),
        (APOLOGY, "customer: 不好意思，地址写错了，帮我改一下。\nagent: 改好了。", UNDETERMINED),
    ],
)
def test_reply_required(check: ReplyRequired, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


NOT_HEARD = ReplyRequired(
    to="agent_did_not_hear",
    phrases=("(请|麻烦)您再(说|讲)一遍",),
    near=("您说什么",),
    forbidden=("再(说|讲)一遍",),
)
FAULT = {"to": "technical_fault", "phrases": ("抱歉",), "forbidden": ("这是技术部门的事",)}
REPORT = "customer: 你们的小程序老是闪退。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        # In the agent's own words, also before those that raise the occasion.
        (NOT_HEARD, "customer: 我要报修。\nagent: 抱歉，没听清，请您再说一遍，好吗？", PASS),
        (NOT_HEARD, "customer: 我要报修。\nagent: 没听清，再讲一遍！", FAIL),
        (NOT_HEARD, "customer: 我要报修。\nagent: 没听清，您说什么？", UNDETERMINED),
        (NOT_HEARD, "customer: 我要报修。\nagent: 好的。", NOT_APPLICABLE),
        # Every moment needs its answer.
        (
            NOT_HEARD,
            "customer: 我要报修。\nagent: 请您再说一遍，好吗？\ncustomer: 报修。\nagent: 没听清，什么？",
            FAIL,
        ),
        (ReplyRequired(**FAULT), REPORT + "agent: 非常抱歉。", PASS),
        (ReplyRequired(**FAULT), REPORT + "agent: 是吗？\ncustomer: 是啊。\nagent: 非常抱歉。", FAIL),
        (ReplyRequired(**FAULT, runs=2), REPORT + "agent: 是吗？\ncustomer: 是啊。\nagent: 非常抱歉。", PASS),
        (
            ReplyRequired(**FAULT, each=False),
            REPORT + "agent: 是吗？\ncustomer: 是啊。\nagent: 哦。\ncustomer: 唉。\nagent: 抱歉。",
            PASS,
        ),
        (ReplyRequired(**FAULT), REPORT + "agent: 抱歉，这是技术部门的事。", FAIL),
        # A long pause ends a turn.
        (ReplyRequired(**FAULT), REPORT + "agent: 等一下。\n[silence 9]\nagent: 抱歉。", FAIL),
        (ReplyRequired(**FAULT), REPORT + "[silence 6]\nagent: 抱歉。", UNDETERMINED),
        (ReplyRequired(**FAULT, within_s=9.0), REPORT + "[silence 6]\nagent: 抱歉。", PASS),
        # What no voice says the agent does not say; what one says may be the customer's.
        (
            ReplyRequired(to="hold", phrases=("久等",)),
            "unknown: 稍等。\n[hold 20 music]\nunknown: 久等了。",
            PASS,
        ),
        (
            ReplyRequired(to="hold", phrases=("久等",)),
            "unknown: 稍等。\n[hold 20 music]\nunknown: 查到了。",
            FAIL,
        ),
        (
            ReplyRequired(to="hold", phrases=("久等",), forbidden=("你急什么",)),
            "unknown: 稍等。\n[hold 20 music]\nunknown: 你急什么。",
            UNDETERMINED,
        ),
    ],
)
def test_options(check: ReplyRequired, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        # Thanks that close a request or open one call for no answer of their own.
        ("customer: 帮我查一下单号，谢谢。\nagent: 好的，请讲。", UNDETERMINED),
        ("customer: 唔该，我想问下几时还款啊？\nagent: 每月十八号。", UNDETERMINED),
        (
            "customer: 帮我查一下单号，谢谢。\nagent: 到了。\ncustomer: 好，辛苦你了。\nagent: 不客气。",
            PASS,
        ),
        (
            "customer: 帮我查一下单号，谢谢。\nagent: 到了。\ncustomer: 好，辛苦你了。\nagent: 那我挂了。",
            FAIL,
        ),
    ],
)
def test_what_needs_no_answer_does_not_decide_beside_what_does(source: str, wanted: Verdict) -> None:
    assert verdict(THANKS, source) is wanted


def test_an_answer_shows_where_it_was_given() -> None:
    outcome = THANKS.judge(dialogue_call("customer: 谢谢你。\nagent: 不客气。"))
    assert outcome.quote == "不客气"
    assert outcome.span is not None


def test_an_unanswered_moment_shows_what_was_said_and_searched() -> None:
    call = dialogue_call("customer: 谢谢你。\nagent: 那我挂了。")
    outcome = THANKS.judge(call)
    assert outcome.quote == "谢谢你。"
    assert outcome.span is not None
    assert outcome.span.start_s == call.utterances[0].start_s
    assert outcome.span.end_s >= call.utterances[1].end_s


def test_to_names_a_condition() -> None:
    with pytest.raises(ValueError, match="customer_thanks"):
        ReplyRequired(to="thanks", phrases=("不客气",))


def test_on_one_channel_an_answer_with_the_moment_itself_counts() -> None:
    check = ReplyRequired(to="look_up", phrases=("请[您]稍等",))
    said = (
        "unknown: 您好。\nunknown: 我想问快递到了没有。\n"
        "unknown: 好的，请您稍等，我帮您查一下。\nunknown: 好。"
    )
    assert verdict(check, f"@mono\n{said}") is PASS
    assert verdict(check, f"@mono\n{said.replace('请您稍等，', '')}") is FAIL
