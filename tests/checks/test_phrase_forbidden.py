from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.phrase_forbidden import PhraseForbidden

CHECK = PhraseForbidden(
    phrases=("讲话", "大声点我听不清", "你听明白了吗", "不能办就是不能办", "你有完没完"),
    near=("有完没完",),
    allowed=("我没说你有完没完",),
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 不能办就是不能办！", FAIL),
        ("agent: 不能伴就是不能办", FAIL),
        ("agent: 喂，讲话！", FAIL),
        ("agent: 您讲话的声音有点小。", PASS),
        ("agent: 请您大声一点，好吗？", PASS),
        ("agent: 大声点，我听不清！", FAIL),
        ("agent: 您讲话大声一点，我听不清。", UNDETERMINED),
        ("agent: 您等一下，大声点，我听不清！", FAIL),
        ("agent: 麻烦你大声点，我听不清。", PASS),
        ("agent: 要申请不能办就是不能办！", FAIL),
        ("agent: 请问您听明白了吗？", PASS),
        ("agent: 您听明白了吗？", UNDETERMINED),
        ("agent: 你有玩没完", FAIL),
        ("agent: 真是有完没完。", UNDETERMINED),
        ("agent: 我没说你有完没完，您别误会。", PASS),
        ("agent: 不能办就是不能办，请您理解。", UNDETERMINED),
        ("customer: 你有完没完！\nagent: 对不起，马上就好。", PASS),
        ("unknown: 你有完没完！", UNDETERMINED),
        ("agent: 讲话！\nunknown: 你这人怎么这样。", FAIL),
        ("agent(heard 0.3): 马上就给您修好。", UNDETERMINED),
        ("agent: It will be ready soon.", PASS),
        ("customer: 喂？", NOT_APPLICABLE),
    ],
)
def test_phrase_forbidden(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 刚才那位同事说你有完没完，是不对的。", UNDETERMINED),
        ("agent: 怎么能说不能办就是不能办呢。", UNDETERMINED),
        ("agent: 我跟你说不能办就是不能办。", FAIL),
        ("agent: 同事说不能办就是不能办。我跟你讲，不能办就是不能办！", FAIL),
    ],
)
def test_what_another_said_goes_to_review(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


def test_each_time_it_is_said_is_weighed_where_it_is_said() -> None:
    check = PhraseForbidden.model_validate({"phrases": ["你等着"]})
    assert verdict(check, "agent: 麻烦你等着好吗。后来呢。你等着！") is FAIL
    assert verdict(check, "agent: 你等着！后来呢。麻烦你等着好吗。") is FAIL
    assert verdict(check, "agent: 麻烦你等着好吗。后来呢。") is PASS


BUCK = PhraseForbidden.model_validate(
    {
        "phrases": ["不归我们管", "不是我们的问题"],
        "allowed": ["<是不是>我们的问题"],
        "politeness_excuses": False,
    }
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 对不起，请您谅解，这个不归我们管。", FAIL),
        ("agent: 请您放心，不归我们管也会帮您问。", FAIL),
        ("agent: 我核实一下是不是我们的问题。", PASS),
        ("agent: 这不是我们的问题。", FAIL),
        ("agent: 我帮您转给专员。", PASS),
    ],
)
def test_some_things_no_politeness_excuses(source: str, wanted: Verdict) -> None:
    assert verdict(BUCK, source) is wanted


AFTER = PhraseForbidden.model_validate({"phrases": ["你有完没完"], "after": ["customer_thanks", "hold"]})
UNTIL = PhraseForbidden.model_validate({"phrases": ["不如注销了吧"], "until": "cancellation"})
CANCELS = "customer: 我要注销这张卡，不用了。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (AFTER, "agent: 你有完没完。\ncustomer: 我要报修。", NOT_APPLICABLE),
        (AFTER, "customer: 谢谢你啊，我还想问一下别的。\nagent: 你有完没完。", FAIL),
        (AFTER, "agent: 你有完没完。\ncustomer: 谢谢你，我还想问一下。\nagent: 您请说。", PASS),
        (AFTER, "unknown: 谢谢你，我还想问一下。\nunknown: 您请说。", UNDETERMINED),
        (UNTIL, "customer: 卡费怎么涨了？\nagent: 不如注销了吧。\n" + CANCELS, FAIL),
        (UNTIL, CANCELS + "agent: 不如注销了吧。", NOT_APPLICABLE),
        (UNTIL, "agent: 您好。\n" + CANCELS + "agent: 不如注销了吧。", PASS),
        (UNTIL, "agent: 您好，您的卡费已经退回去了。", PASS),
    ],
)
def test_only_after_or_until_an_occasion(check: PhraseForbidden, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


def test_an_occasion_must_exist() -> None:
    with pytest.raises(ValidationError, match="a condition is one of"):
        PhraseForbidden.model_validate({"phrases": ["你有完没完"], "after": ["full_moon"]})


PUSHING = PhraseForbidden.model_validate(
    {
        "phrases": ["不归我们管"],
        "near": ["我这边做不了主"],
        "allowed": ["(你|您)问我们"],
        "signs": {
            "cannot": ["(查|管|办)不了", "不知道"],
            "sends away": ["(你|您)[去](问|找)"],
            "names another": ["是{any:1-4}(定|扣)的"],
        },
        "mended_by": ["(帮|给)[您|你]{any:0-4}(问|转|查|处理|办)"],
    }
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 钱是银行扣的，你去问银行。", FAIL),
        ("agent: 这个我们查不了。\nagent: 你找别人吧。", FAIL),
        ("agent: 钱是银行扣的。\ncustomer: 啊？\nagent: 你去问银行。", PASS),
        ("agent: 钱是银行扣的。", PASS),
        ("agent: 钱是银行扣的，你去问问看，我也帮您问一下。", PASS),
        ("agent: 抱歉，钱是银行扣的，您去问一下银行。", UNDETERMINED),
        ("agent: 我这边查不了的话，你问我们主管也行。", PASS),
        ("agent(heard 0.3): 钱是银行扣的，你去问银行。", UNDETERMINED),
        ("unknown: 钱是银行扣的，你去问银行。", UNDETERMINED),
        ("customer: 是你们扣的，你去问。\nagent: 好的，马上。", PASS),
        ("agent: 我这边做不了主。", UNDETERMINED),
        ("agent: 我这边做不了主，我帮您问主管。", PASS),
    ],
)
def test_signs_count_when_kinds_come_together(source: str, wanted: Verdict) -> None:
    assert verdict(PUSHING, source) is wanted


@pytest.mark.parametrize(
    "denied",
    ["我没法给您办", "谁能给你处理啊", "凭什么帮你问", "帮你查不了", "我帮您也查不到", "让我给你办？想得美"],
)
def test_who_denies_that_the_matter_is_taken_on_has_not_taken_it_on(denied: str) -> None:
    assert verdict(PUSHING, f"agent: {denied}，钱是银行扣的，你去问银行。") is not PASS


@pytest.mark.parametrize(
    "taken_on",
    ["我看看能不能给您办", "没关系，我帮您问一下", "我不清楚，我帮您查一下", "不好意思，我给您转过去问"],
)
def test_a_denial_of_something_else_denies_nothing(taken_on: str) -> None:
    assert verdict(PUSHING, f"agent: 钱是银行扣的，你去问看看，{taken_on}。") is PASS


def test_a_listener_does_not_break_the_turn() -> None:
    source = "agent: 钱是银行扣的。\ncustomer: {}\nagent: 你去问银行。"
    assert verdict(PUSHING, source.format("嗯。")) is FAIL
    assert verdict(PUSHING, source.format("那怎么办？")) is PASS
    assert verdict(PUSHING, "agent: 钱是银行扣的，你去问问。\ncustomer: 嗯。\nagent: 我帮您问。") is PASS


def test_what_is_allowed_is_allowed_alike_for_phrases_and_signs() -> None:
    # Homophones in the longer wording: the phrase and the sign in it are excused alike.
    allowed = {"phrases": ["不归我们管"], "allowed": ["不归我们管也会负责到底"]}
    signs = {"a": ["不归我们"], "b": ["你去问"]}
    check = PhraseForbidden.model_validate({**allowed, "signs": signs})
    assert verdict(check, "agent: 不归我们管页回夫泽道地，你去问问。") is PASS


def test_signs_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PUSHING.signs["more"] = ()  # type: ignore[index]


def test_signs_far_apart_in_a_turn_are_two_thoughts() -> None:
    long = "我再跟你说一下今天的安排和注意的地方，" * 4
    assert verdict(PUSHING, f"agent: 钱是银行扣的，{long}你去问银行。") is PASS


MINDED = PhraseForbidden.model_validate(
    {
        "phrases": ["不归我们管"],
        "signs": {"names another": ["是{any:1-4}的{any:0-1}(司机|师傅)", "司机自己定的"]},
        "minded": ["你们就不管了", "怎么又让我找"],
        "mended_by": ["帮您联系"],
        "politeness_excuses": False,
    }
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 那是合作方的司机。\ncustomer: 你们就不管了？", FAIL),
        ("customer: 怎么又让我找别人？\nagent: 那是合作方的司机。", FAIL),
        ("agent: 那是合作方的司机。\ncustomer: 哦，好吧。", PASS),
        ("agent: 那是合作方的司机，我帮您联系。\ncustomer: 你们就不管了？", PASS),
        # The protest is to what was said after it, or to another turn.
        (
            "agent: 那是合作方的司机，东西都登记了，今天晚上八点以前送到您家。\ncustomer: 你们就不管了？",
            PASS,
        ),
        ("agent: 那是合作方的司机。\ncustomer: 我等着。\nagent: 好的。\ncustomer: 你们就不管了？", PASS),
    ],
)
def test_a_sign_that_the_other_party_minds_is_a_hit(source: str, wanted: Verdict) -> None:
    assert verdict(MINDED, source) is wanted


ANSWERED = PhraseForbidden.model_validate(
    {
        "phrases": ["不归我们管"],
        "signs": {"denies": ["绝对不可能"], "shrugs": ["都这样"]},
        "answering": {"complaint": ["denies"]},
        "mended_by": ["帮您"],
        "politeness_excuses": False,
    }
)
COMPLAINT = "customer: 你们的柜子缺了一扇门，气死我了，我要投诉。\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (f"{COMPLAINT}agent: 绝对不可能。", FAIL),
        (f"{COMPLAINT}agent: 都这样。", PASS),
        (f"{COMPLAINT}agent: 绝对不可能少，我帮您查。", PASS),
        ("customer: 明天会涨价吗？\nagent: 绝对不可能。", PASS),
    ],
)
def test_some_signs_are_a_hit_in_answer_to_an_occasion(source: str, wanted: Verdict) -> None:
    assert verdict(ANSWERED, source) is wanted
