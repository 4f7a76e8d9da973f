from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import EventKind, Verdict
from pipeline.checks.hold_consent import HoldConsent
from pipeline.checks.hold_updates import HoldUpdates
from pipeline.checks.phrase_required import PhraseRequired

ASKED = "agent: 我查一下库存，请您稍等，好吗？\ncustomer: 好的。\n"
BACK = "\nagent: 对不起，让您久等了。"
RETURN = PhraseRequired(
    phrases=("让您久等",), near=("感谢您…等待",), window="after_event", event=EventKind.HOLD
)
UPDATES = HoldUpdates(every_s=15)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (ASKED + "[hold 12 dead]" + BACK, PASS),
        ("agent: 请您稍等，好吗？\ncustomer: 好的。\n[hold 12 dead]" + BACK, PASS),
        ("agent: 等一下。\n[hold 12 dead]" + BACK, FAIL),
        ("agent: 请您稍等，好吗？\n[hold 12 dead]" + BACK, FAIL),
        ("agent: 您好。\ncustomer: 帮我查查。\n[hold 12 typing]" + BACK, FAIL),
        (ASKED + "[hold 12 dead]\nagent: 有货。\ncustomer: 再查一个。\n[hold 12 dead]" + BACK, FAIL),
        ("agent: 请您报一下户号。\n[silence 20]\ncustomer: 三三零九。", NOT_APPLICABLE),
        ("agent(heard 0.2): 等一下。\n[hold 12 dead]" + BACK, UNDETERMINED),
        ("agent: 有货。", NOT_APPLICABLE),
    ],
)
def test_hold_consent(source: str, wanted: Verdict) -> None:
    assert verdict(HoldConsent(), source) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (ASKED + "[hold 12 dead]" + BACK, PASS),
        (ASKED + "[hold 12 dead]\nagent: 有货，今天发。", FAIL),
        (ASKED + "[hold 12 dead]\nagent: 感谢您的耐心等待，有货。", UNDETERMINED),
        (ASKED + "[hold 12 dead]\nagent(heard 0.3): 有货，今天发。", UNDETERMINED),
        (ASKED + f"[hold 12 dead]\ncustomer: {'你查到了没有啊，' * 8}\nagent: 有货。", UNDETERMINED),
        (ASKED + "[hold 12 dead]\nagent: 等了这么久，有货。", UNDETERMINED),
        (ASKED + "[hold 12 music]", NOT_APPLICABLE),
        ("agent: 请您报一下户号。\n[silence 20]\ncustomer: 三三零九。", NOT_APPLICABLE),
        ("agent: 有货。", NOT_APPLICABLE),
    ],
)
def test_wording_after_a_hold(source: str, wanted: Verdict) -> None:
    assert verdict(RETURN, source) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (ASKED + "[hold 13 dead]\nagent: 请再稍等一下。\n[hold 13 dead]" + BACK, PASS),
        (ASKED + "[hold 20 dead]\nagent: 请再稍等一下。\n[hold 8 dead]" + BACK, FAIL),
        (ASKED + "[hold 24 music]" + BACK, FAIL),
        (ASKED + "[hold 12 dead]" + BACK, NOT_APPLICABLE),
        ("agent: 有货。", NOT_APPLICABLE),
    ],
)
def test_hold_updates(source: str, wanted: Verdict) -> None:
    assert verdict(UPDATES, source) is wanted
