from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import EventKind, Verdict
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.dialogue import dialogue_call

OPENING = PhraseRequired(phrases=("您好…请问有什么可以帮您",), near=("很高兴为您服务",), window="opening")
CLOSING = PhraseRequired(phrases=("感谢您的来电",), window="closing")
BYE = PhraseRequired(phrases=("感谢您的来电 / thank you for calling",), window="closing")
ASKED = PhraseRequired(phrases=("还有什么可以帮您",), window="last_half")


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (OPENING, "agent: 您好，安居物业，请问有什么可以帮您？\ncustomer: 我要报修。", PASS),
        (OPENING, "customer: 喂？\nagent: 您好，请问有什么可以帮您？", PASS),
        (
            OPENING,
            "agent: 诶诶。\n[ring 26]\nagent: 您好，请问有什么可以帮您？\ncustomer: 我要报修。",
            PASS,
        ),
        (OPENING, "agent: 喂，哪里？\ncustomer: 我要报修。\nagent: 说吧。", FAIL),
        (OPENING, "agent: 物业，很高兴为您服务。\ncustomer: 我要报修。", UNDETERMINED),
        (OPENING, "agent(heard 0.3): 喂，哪里？", UNDETERMINED),
        (OPENING, "unknown: 您好，请问有什么可以帮您？\nunknown: 我要报修。", PASS),
        (OPENING, "unknown: 喂，哪里？\nunknown: 我要报修。", FAIL),
        (OPENING, "agent: Hello, what is it?", UNDETERMINED),
        (
            CLOSING,
            "agent: 修好了。\ncustomer: 好。\nagent: 感谢您的来电。\ncustomer: 再见。\nagent: 再见。",
            PASS,
        ),
        (CLOSING, "agent: 修好了。\ncustomer: 好。\nagent: 那就这样。", FAIL),
        (
            CLOSING,
            "agent: 感谢您的来电。\ncustomer: 等等，我还没说完呢，楼道的灯也坏了，都黑了一个星期了。\n"
            "agent: 那一起修，我记一下是几号楼几单元，明天上午电工过去的时候一块儿换。\n"
            "customer: 五号楼二单元，别忘了啊，上次就没人来修。\nagent: 行，知道了。",
            FAIL,
        ),
        (BYE, "agent: Hello.\ncustomer: Hi.\nagent: It is done. Thank you for calling.", PASS),
        (BYE, "agent: Hello.\ncustomer: Hi.\nagent: It is done, that is all I can say.", FAIL),
        (BYE, "agent(language fr): Bonjour.\ncustomer: Hi.\nagent(language fr): Merci.", UNDETERMINED),
        (ASKED, "agent: 您好。\ncustomer: 灯坏了。\nagent: 登记了。请问还有什么可以帮您？", PASS),
        (ASKED, "agent: 您好，还有什么可以帮您。\ncustomer: 灯坏了。\nagent: 登记了，明天来修。", FAIL),
    ],
)
def test_windows(check: PhraseRequired, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 请您稍等。\n[hold 12 dead]\nagent: 让您久等了，修好了。", PASS),
        ("agent: 请您稍等。\n[hold 12 dead]\nagent: 电工刚才过去修好了。", FAIL),
        ("agent: 修好了。", NOT_APPLICABLE),
    ],
)
def test_after_an_event(source: str, wanted: Verdict) -> None:
    after = PhraseRequired(phrases=("让您久等",), window="after_event", event=EventKind.HOLD)
    assert verdict(after, source) is wanted


def test_before_an_event() -> None:
    before = PhraseRequired(phrases=("请您稍等",), window="before_event", event=EventKind.HOLD)
    assert verdict(before, "agent: 请您稍等。\n[hold 12 dead]\nagent: 好了。") is PASS
    assert verdict(before, "customer: 快查。\nagent: 查着呢。\n[hold 12 music]\nagent: 好了。") is FAIL


def test_the_opening_of_an_outbound_call_is_longer() -> None:
    named = PhraseRequired(phrases=("我是水务公司的客服",), window="opening")
    greeted = "agent: 您好。\ncustomer: 你好。\nagent: 请问是高女士吗？\ncustomer: 是我。"
    source = f"{greeted}\nagent: 我是水务公司的客服。"
    assert verdict(named, f"@direction outbound\n{source}") is PASS
    assert verdict(named, source) is FAIL


def test_a_closing_said_early_by_an_unknown_voice_is_none() -> None:
    rest = "等等我还没说完呢楼道的灯也坏了都黑了一个星期了" * 8
    said_early = f"unknown: 感谢您的来电{rest}那一起修我记一下。\nunknown: 行。"
    assert verdict(CLOSING, said_early) is FAIL
    assert verdict(CLOSING, f"unknown: {rest}那一起修感谢您的来电。\nunknown: 行。") is PASS


def test_a_miss_shows_the_window_and_the_nearest_candidate() -> None:
    outcome = CLOSING.judge(dialogue_call("agent: 您好。\ncustomer: 灯坏了。\nagent: 谢谢您的电话。"))
    assert outcome.verdict in (FAIL, UNDETERMINED)
    assert outcome.span is not None
    assert outcome.quote


def test_events_go_with_event_windows_only() -> None:
    with pytest.raises(ValidationError, match="event goes with"):
        PhraseRequired.model_validate({"phrases": ["您好"], "window": "after_event"})
    with pytest.raises(ValidationError, match="event goes with"):
        PhraseRequired.model_validate({"phrases": ["您好"], "event": "hold"})
