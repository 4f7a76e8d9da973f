from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.audit.judging import judge_call
from pipeline.call import Finding, Verdict
from pipeline.checks.interruptions import Interruptions
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.dialogue import dialogue_call
from pipeline.rulebook import Rule, Rulebook, judge_rule, load_rulebook, why_unscored
from pipeline.rulebook.judging import judge
from pipeline.scoring import DIMENSIONS

RULE = Rule(
    id="OPS-14",
    title="Anything else",
    title_zh="询问其他需要",
    dimension="communication",
    points=5,
    critical=False,
    check=PhraseRequired(phrases=("还有什么可以帮您",)),
)
CALL = dialogue_call("agent: 您好。\ncustomer: 我要报修。\nagent: 请您换一部电话打过来，好吗？")


def test_a_finding_carries_the_rule_and_the_evidence() -> None:
    call = dialogue_call("agent: 还有什么可以帮您？")
    finding = judge_rule(call, RULE, standard="a-book")
    assert (finding.standard, finding.rule_id, finding.points) == ("a-book", "OPS-14", 5)
    assert (finding.verdict, finding.quote) == (Verdict.PASS, "还有什么可以帮您")
    assert finding.start_s is not None
    assert finding.end_s is not None


def test_a_condition_that_does_not_hold_is_not_applicable_with_the_reason() -> None:
    finding = judge_rule(CALL, replace(RULE, applies_when=("customer_spoke", "hold")), standard="b")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_APPLICABLE, "nobody was kept on hold")


def test_a_condition_that_cannot_be_known_is_undetermined() -> None:
    call = dialogue_call("@direction unknown\nagent: 您好。")
    finding = judge_rule(call, replace(RULE, applies_when=("inbound",)), standard="b")
    assert finding.verdict is Verdict.UNDETERMINED
    assert "direction" in finding.reason


def test_a_condition_known_not_to_hold_goes_before_one_that_is_not_known() -> None:
    call = dialogue_call("@direction unknown\nagent: 您好。")
    finding = judge_rule(call, replace(RULE, applies_when=("inbound", "hold")), standard="b")
    assert finding.verdict is Verdict.NOT_APPLICABLE


def test_an_excuse_lifts_a_failure_only() -> None:
    excused = replace(RULE, excused_when=("put_off",))
    assert judge_rule(CALL, RULE, standard="b").verdict is Verdict.FAIL
    assert judge_rule(CALL, excused, standard="b").verdict is Verdict.NOT_APPLICABLE
    passed = replace(excused, check=Interruptions())
    assert judge_rule(CALL, passed, standard="b").verdict is Verdict.PASS


def test_findings_come_in_the_rulebooks_order() -> None:
    book = load_rulebook("dinghao-380")
    assert [f.rule_id for f in judge(CALL, book)] == [r.id for r in book.rules]


def test_judging_twice_says_the_same() -> None:
    book = load_rulebook("dinghao-380")
    assert judge(CALL, book) == judge(CALL, book)


def test_a_failure_that_may_be_excused_is_undetermined() -> None:
    mono = dialogue_call("unknown: 您好。\nunknown: 我要报修。\nunknown: 请您换一部电话打过来，好吗？")
    excused = replace(RULE, excused_when=("put_off",))
    assert judge_rule(mono, RULE, standard="b").verdict is Verdict.FAIL
    finding = judge_rule(mono, excused, standard="b")
    assert finding.verdict is Verdict.UNDETERMINED
    assert "may not have been due" in finding.reason


def _book(*rules: Rule) -> Rulebook:
    return Rulebook("b", "B", "B", "of our own", "b.yaml", "0" * 64, rules)


def _found(verdict: Verdict, points: float, rule_id: str = "OPS-14", *, critical: bool = False) -> Finding:
    finding = judge_rule(CALL, RULE, standard="b")
    return replace(finding, rule_id=rule_id, verdict=verdict, points=points, critical=critical)


@pytest.mark.parametrize(
    ("decided", "open_", "why"),
    [
        (25, 75, None),
        (24, 76, "too little can be decided for a score: 24 of 100 points, below 25%"),
        (0, 0, None),
        (5, 0, None),
    ],
)
def test_a_score_needs_a_share_of_decided_points(decided: int, open_: int, why: str | None):
    findings = [
        _found(Verdict.FAIL, decided),
        _found(Verdict.UNDETERMINED, open_),
        _found(Verdict.NOT_APPLICABLE, 500),
    ]
    assert why_unscored(CALL, _book(RULE), findings) == why


def test_clauses_for_people_and_failed_critical_ones_take_no_score_away():
    for_people = replace(RULE, id="OPS-80", review=True)
    findings = [_found(Verdict.PASS, 5), _found(Verdict.UNDETERMINED, 95, "OPS-80")]
    assert why_unscored(CALL, _book(RULE, for_people), findings) is None
    assert why_unscored(CALL, _book(RULE), findings) is not None
    assert why_unscored(CALL, _book(RULE), [*findings, _found(Verdict.FAIL, 0, critical=True)]) is None


def test_a_recording_that_breaks_off_gets_no_score():
    cut = replace(dialogue_call("unknown: 您好，请问"), record=replace(CALL.record, hangup_side=None))
    judged = judge_call(cut, load_rulebook("dinghao-380")).score
    assert (judged.score, judged.status) == (None, "review")
    assert judged.dimensions == tuple((name, None) for name in DIMENSIONS)
