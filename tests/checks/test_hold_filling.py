from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.hold_filling import HoldFilling
from pipeline.checks.hold_updates import HoldUpdates

ASKED = "agent: 我查一下，请您稍等，好吗？\ncustomer: 好的。\n"
BACK = "agent: 让您久等了，查到了。\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (f"{ASKED}[hold 12 music]\n{BACK}", PASS),
        (f"{ASKED}[hold 12 dead]\n{BACK}", FAIL),
        (f"{ASKED}[hold 12 music]\n{BACK}{ASKED}[hold 12 dead]\n{BACK}", FAIL),
        (f"{ASKED}[hold 12 typing]\n{BACK}", UNDETERMINED),
        (f"{ASKED}{BACK}", NOT_APPLICABLE),
    ],
)
def test_hold_filling(source: str, wanted: Verdict) -> None:
    assert verdict(HoldFilling(), source) is wanted


@pytest.mark.parametrize(("seconds", "wanted"), [(12, PASS), (45, UNDETERMINED), (75, FAIL)])
def test_short_holds_are_judged_and_long_ones_reviewed_where_asked(seconds: int, wanted: Verdict) -> None:
    check = HoldUpdates(every_s=60.0, owed_from_s=0.0, review_from_s=30.0)
    assert verdict(check, f"{ASKED}[hold {seconds} dead]\n{BACK}") is wanted
