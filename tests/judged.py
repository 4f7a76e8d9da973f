"""What a check says of a dialogue."""

from __future__ import annotations

from pipeline.call import Verdict
from pipeline.checks import Check
from pipeline.dialogue import dialogue_call

PASS, FAIL = Verdict.PASS, Verdict.FAIL
NOT_APPLICABLE, UNDETERMINED = Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED


def verdict(check: Check, source: str) -> Verdict:
    outcome = check.judge(dialogue_call(source))
    assert outcome.reason
    return outcome.verdict
