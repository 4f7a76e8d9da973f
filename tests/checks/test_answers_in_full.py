from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.answers_in_full import AnswersInFull

CHECK = AnswersInFull()
CURT = "customer: 年卡可以转让吗？\nagent: 可以。\ncustomer: 手续费多少？\nagent: 二十。"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("customer: 年卡可以转让吗？\nagent: 可以的，您带上身份证到前台填表，当天生效。", PASS),
        # What is said after an acknowledgement still belongs to the answer.
        ("customer: 年卡可以转让吗？\nagent: 可以。\ncustomer: 嗯。\nagent: 您带上身份证到前台就行。", PASS),
        (CURT, FAIL),
        ("customer: 年卡可以转让吗？\nagent: 可以。", UNDETERMINED),
        (f"{CURT}".replace("agent:", "agent(heard 0.3):"), UNDETERMINED),
        ("unknown: 年卡可以转让吗？\nunknown: 可以。", UNDETERMINED),
        # Pushed away at length, twice.
        (
            "customer: 年卡可以转让吗？\nagent: 这个你别问我，我不知道。\n"
            "customer: 那手续费多少？\nagent: 这也不归我管，你自己去看。",
            FAIL,
        ),
        ("customer: 我要报修。\nagent: 好的，请讲。", NOT_APPLICABLE),
    ],
)
def test_answers_in_full(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted
