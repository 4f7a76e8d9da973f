"""Judging the sample calls as a perfect hearing would store them: verdicts, scores and numbers.

A changed line here is a changed verdict on a known call: look at the call before accepting it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from samples import DATA, truth_call

from pipeline.audit import judge_call
from pipeline.call import Verdict
from pipeline.rulebook import load_rulebook

NUMBERS = (1, 2, 3, 4, 5, 7, 8, 10, 16, 19, 22, 26)
Golden = Callable[[str, str], None]


def test_verdicts_and_scores(golden: Golden):
    rulebook = load_rulebook("dinghao-380")
    lines = []
    for number in NUMBERS:
        judged = judge_call(truth_call(number), rulebook)
        score = judged.score
        lines.append(f"dev-{number:03d} score {score.score} before critical {score.score_before_critical}")
        lines += [f"  {f.rule_id} {f.verdict}: {f.reason}" for f in judged.findings]
    golden("verdicts.txt", "\n".join(lines) + "\n")


def test_measurements(golden: Golden):
    lines = []
    for number in NUMBERS:
        lines.append(f"dev-{number:03d}")
        lines += [
            f"  {m.name} {m.role or 'call'}: "
            + (m.reason or "" if m.value is None else f"{m.value:.2f} {m.unit}")
            for m in truth_call(number).measurements
        ]
    golden("measurements.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("number", NUMBERS)
def test_no_verdict_contradicts_the_grader(number: int):
    truth = json.loads((DATA / "truth" / f"dev-{number:03d}.json").read_text(encoding="utf-8"))
    judged = judge_call(truth_call(number), load_rulebook("dinghao-380"))
    decided = {
        f.rule_id: f.verdict.value
        for f in judged.findings
        if f.verdict in (Verdict.PASS, Verdict.FAIL) and truth["labels"].get(f.rule_id) in ("pass", "fail")
    }
    assert decided
    assert {rule: truth["labels"][rule] for rule in decided} == decided
