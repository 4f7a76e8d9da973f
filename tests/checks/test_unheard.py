"""Speech without recognised words: nothing may be said to be absent there.

Every call is judged twice: with all its words, and with those of some turns lost while their voice activity
stays.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED

from pipeline.call import Call, Event, EventKind, Role, Verdict
from pipeline.checks import Check
from pipeline.checks.conditions import CONDITIONS
from pipeline.checks.personal_data_leak import PersonalDataLeak
from pipeline.checks.phrase_count import PhraseCount
from pipeline.checks.phrase_forbidden import PhraseForbidden
from pipeline.checks.review_moment import ReviewMoment
from pipeline.dialogue import dialogue_call
from pipeline.rulebook import judge, load_rulebook

GREETING = "agent: 您好，请问有什么可以帮您？\ncustomer: 我家的灯坏了。\nagent: 已经登记了，明天去修。\n"
HELD = "customer: 单子到了没有？\nagent: 单子是哪一天寄的？\ncustomer: 昨天。\n"


def lost(source: str, *texts: str) -> Call:
    """Return the call without the words of the turns that contain any of the texts."""
    call = dialogue_call(source)
    kept = tuple(u for u in call.utterances if not any(t in u.text for t in texts))
    assert len(call.utterances) - len(kept) == len(texts)
    return replace(call, utterances=kept)


def verdict_of(rule_id: str, call: Call) -> Verdict:
    rulebook = load_rulebook("dinghao-380")
    return next(f.verdict for f in judge(call, rulebook) if f.rule_id == rule_id)


@pytest.mark.parametrize(
    ("rule_id", "source", "text", "wanted"),
    [
        # The last five seconds.
        (
            "OPS-11",
            GREETING + "customer: 好的。\nagent: 行就这么着吧那边还有电话要接我先去忙了啊。",
            "行就这么着",
            FAIL,
        ),
        (
            "OPS-14",
            GREETING + "customer: 好的。\nagent: 行就这么着吧那边还有电话要接我先去忙了啊。",
            "行就这么着",
            FAIL,
        ),
        # The first words.
        ("OPS-10", "agent: 喂，这里是报修的，什么事说吧。\ncustomer: 灯坏了。\nagent: 知道了。", "喂", FAIL),
        # Before and after a hold, and the yes to it.
        (
            "OPS-23",
            HELD + "agent: 昨天的我看看是谁收的件再说。\n[hold 20 music]\nagent: 到了。",
            "昨天的我",
            FAIL,
        ),
        (
            "OPS-23",
            HELD
            + "agent: 我查一下，请您稍等，好吗？\ncustomer: 我没时间，不行。\n[hold 20 music]\nagent: 到了。",
            "没时间",
            FAIL,
        ),
        (
            "OPS-24",
            HELD + "agent: 请稍等。\n[hold 20 music]\nagent: 单子昨天到的，放在门卫那里。",
            "门卫",
            FAIL,
        ),
        # The reply to thanks: short, and all of it.
        ("OPS-50", GREETING + "customer: 谢谢你啊。\nagent: 那我挂了。\n[silence 6]", "那我挂了", FAIL),
        # The answer.
        (
            "OPS-30",
            "agent: 您好。\ncustomer: 能开发票吗？\nagent(pace 100): 你问我，我问谁？怎么还问。\n[silence 6]",
            "你问我",
            FAIL,
        ),
    ],
)
def test_a_failure_for_an_absence_needs_words(rule_id: str, source: str, text: str, wanted: Verdict) -> None:
    assert verdict_of(rule_id, dialogue_call(source)) is wanted
    assert verdict_of(rule_id, lost(source, text)) is UNDETERMINED


@pytest.mark.parametrize("rule_id", ["OPS-11", "OPS-14"])
def test_what_was_said_counts_whatever_else_was_lost(rule_id: str) -> None:
    source = GREETING + "customer: 好的。\nagent: 请问还有什么可以帮您？\ncustomer: 没有了。\n"
    source += "agent: 感谢您的来电，祝您愉快，再见！\nagent: 哎小王那个单子你拿走了没有啊我找半天了。"
    assert verdict_of(rule_id, lost(source, "小王")) is PASS


def test_a_breath_of_noise_is_no_lost_sentence() -> None:
    call = dialogue_call(GREETING + "customer: 好的。\nagent: 行，那就先这样了，我挂了。\n[silence 3]")
    breath = Event(EventKind.SPEECH, Role.AGENT, call.duration_s - 1.0, call.duration_s - 0.6)
    assert verdict_of("OPS-11", replace(call, events=(*call.events, breath))) is FAIL


def test_a_silent_customer_is_one_who_was_not_heard_speaking() -> None:
    source = (
        "agent: 您好。\ncustomer: 我家的灯坏了好几天了，楼道里黑得什么都看不见，你们管不管。\nagent: 您好？"
    )
    for name in ("customer_spoke", "name_known", "customer_thanks"):
        assert CONDITIONS[name](lost(source, "楼道")).arises is None
    assert CONDITIONS["customer_spoke"](dialogue_call("agent: 您好。")).arises is False
    assert verdict_of("OPS-11", lost(source, "楼道")) is UNDETERMINED
    assert verdict_of("OPS-30", lost(source, "楼道")) is UNDETERMINED
    assert CONDITIONS["agent_spoke"](lost(source, "您好。", "您好？")).arises is False
    spoken = "customer: 喂？\nagent: 我们这边已经下班了明天再来吧。"
    assert CONDITIONS["agent_spoke"](lost(spoken, "下班")).arises is None


FORBIDDEN = PhraseForbidden(phrases=("你有完没完",))
LONG = "agent: 已经为您登记了，师傅明天上午会上门，请您留意电话。\n" * 3


@pytest.mark.parametrize("who", ["agent", "unknown"])
def test_a_critical_pass_needs_nine_tenths_of_the_speech(who: str) -> None:
    source = LONG.replace("agent", who) + f"{who}: 你有完没完，烦死了。"
    assert FORBIDDEN.judge(lost(source, "完没完")).verdict is UNDETERMINED
    assert FORBIDDEN.judge(dialogue_call(LONG.replace("agent", who))).verdict is PASS
    assert FORBIDDEN.judge(lost(LONG * 3 + f"{who}: 好的。", "好的。")).verdict is PASS


def test_nobody_is_blamed_for_what_nobody_said() -> None:
    assert FORBIDDEN.judge(dialogue_call("customer: 喂？")).verdict is NOT_APPLICABLE
    assert FORBIDDEN.judge(lost("customer: 喂？\nagent: 你有完没完。", "完没完")).verdict is UNDETERMINED


@pytest.mark.parametrize(
    ("check", "source", "text", "heard"),
    [
        (PhraseCount(phrases=("请",), at_least=0, at_most=0), GREETING.replace("请问", ""), "登记", PASS),
        (PhraseCount(phrases=("您好",), at_least=2), GREETING, "登记", FAIL),
        (PersonalDataLeak(), f"@mono\n{GREETING.replace('agent', 'unknown')}", "登记", PASS),
        (ReviewMoment(phrases=("质量",)), GREETING, "登记", NOT_APPLICABLE),
        (ReviewMoment(condition="complaint"), GREETING, "我家", NOT_APPLICABLE),
    ],
)
def test_what_was_not_heard_leaves_open_how_often_it_was_said(
    check: Check, source: str, text: str, heard: Verdict
) -> None:
    assert check.judge(dialogue_call(source)).verdict is heard
    assert check.judge(lost(source, text)).verdict is UNDETERMINED


@pytest.mark.parametrize("name", ["transfer", "hands_free_suspected", "name_spelled", "not_offered"])
def test_words_of_the_agents_that_were_not_heard_may_be_any(name: str) -> None:
    assert CONDITIONS[name](dialogue_call(GREETING)).arises is False
    assert CONDITIONS[name](lost(GREETING, "登记")).arises is None


def test_an_utterance_with_hardly_any_words_for_its_length_is_not_heard() -> None:
    call = dialogue_call("agent: 您好，请讲。\ncustomer: 灯坏了。\nagent(pace 40): 需要帮您的。")
    found = {f.rule_id: f for f in judge(call, load_rulebook("dinghao-380"))}
    assert found["OPS-11"].verdict is UNDETERMINED
    assert "no recognised words" in found["OPS-11"].reason
