"""Wording is not looked for in a language it is not in, and calls heard too badly are left to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.audit.judging import judge_call
from pipeline.call import Measurement, Role, Verdict
from pipeline.checks.base import Check
from pipeline.checks.combined import Combined
from pipeline.checks.measure_in_band import MeasureInBand
from pipeline.checks.phrase_forbidden import PhraseForbidden
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.dialogue import dialogue_call
from pipeline.rulebook import Rule, judge_rule, load_rulebook, needs_review

ENGLISH = """
agent: Thank you for calling, how may I help you today?
customer: I would like to cancel my booking please.
agent: Of course, let me check that booking for you, one moment please.
"""
GERMAN = ENGLISH.replace("agent:", "agent(language de):").replace("customer:", "customer(language de):")
FORBIDDEN = PhraseForbidden(phrases=("不知道", "我不管这个事情"))


def rule(check: Check, **changes: object) -> Rule:
    plain = Rule("OPS-70", "t", "t", "courtesy", 5, critical=False, check=check)
    return replace(plain, **changes)  # type: ignore[arg-type]


def judged(source: str, check: Check, **changes: object) -> tuple[Verdict, str]:
    finding = judge_rule(dialogue_call(source), rule(check, **changes), standard="b")
    return finding.verdict, finding.reason


@pytest.mark.parametrize(("source", "language"), [(ENGLISH, "English"), (GERMAN, "German")])
def test_forbidden_wording_is_not_judged_in_a_language_it_is_not_in(source: str, language: str) -> None:
    verdict, reason = judged(source, FORBIDDEN)
    assert verdict is Verdict.UNDETERMINED
    assert reason == f"spoken in {language}: the rule's wording is in Mandarin"


def test_forbidden_wording_in_english_is_judged_in_english_and_not_in_german() -> None:
    check = PhraseForbidden(phrases=("不知道", "shut up"))
    assert judged(ENGLISH, check)[0] is Verdict.PASS
    assert judged(GERMAN, check)[1].startswith("spoken in German")


def test_mandarin_is_judged_as_before() -> None:
    assert judged("agent: 您好，请问有什么可以帮您？", FORBIDDEN)[0] is Verdict.PASS


def test_a_few_english_words_make_no_english_call() -> None:
    mandarin = "agent: 您好，请问有什么可以帮您？我马上为您查询一下订单的情况。\nagent: Okay.\n"
    assert judged(mandarin, FORBIDDEN)[0] is Verdict.PASS


def test_words_that_are_there_in_a_language_of_the_wording_count() -> None:
    mostly_english = ENGLISH + "agent: 我不管这个事情。\n"
    assert judged(mostly_english, FORBIDDEN)[0] is Verdict.FAIL
    greeted = ENGLISH + "agent: 还有什么可以帮您？\n"
    assert judged(greeted, PhraseRequired(phrases=("还有什么可以帮您",)))[0] is Verdict.PASS


def test_a_condition_told_by_words_is_not_known_either() -> None:
    assert judged(ENGLISH, FORBIDDEN, applies_when=("complaint",))[0] is Verdict.UNDETERMINED
    assert judged(ENGLISH, FORBIDDEN, applies_when=("hold",))[0] is Verdict.NOT_APPLICABLE


def test_what_rests_on_no_wording_is_judged_in_any_language() -> None:
    quiet = MeasureInBand(measure="level", role=Role.AGENT, at_most=0.0)
    assert judged(GERMAN, quiet)[0] is Verdict.PASS
    part = {"check": "measure_in_band", "measure": "level", "role": "agent", "at_most": 0.0}
    assert not Combined.model_validate({"parts": (part,)}).needs_words


def test_a_pace_in_characters_does_not_judge_english() -> None:
    band = MeasureInBand(measure="gross_pace", role=Role.AGENT, at_least=90, at_most=160)
    verdict, reason = judged(ENGLISH, band)
    assert verdict is Verdict.UNDETERMINED
    assert "speaks English, and the band is in characters a minute" in reason


@pytest.mark.parametrize(
    ("agreement", "decided"), [(1.0, True), (0.7, True), (1.5, True), (0.4, False), (2.5, False)]
)
def test_a_pace_is_left_open_where_two_counts_differ_widely(agreement: float, *, decided: bool) -> None:
    call = dialogue_call("@pace 125\nagent: 您好，请问有什么可以帮您？我马上为您查询一下。")
    kept = tuple(m for m in call.measurements if m.name != "syllable_agreement")
    counted = Measurement("syllable_agreement", Role.AGENT, agreement, "ratio")
    band = MeasureInBand(measure="gross_pace", role=Role.AGENT, at_least=90, at_most=160)
    outcome = band.judge(replace(call, measurements=(*kept, counted)))
    assert outcome.verdict is (Verdict.PASS if decided else Verdict.UNDETERMINED)


def test_a_call_heard_too_badly_goes_to_review_without_a_score() -> None:
    book = load_rulebook("dinghao-380")
    call = dialogue_call("agent: 您好，请问有什么可以帮您？\ncustomer: 我要退票。\nagent: 不知道！")
    assert judge_call(call, book).score.status == "judged"
    bad = judge_call(replace(call, hearing_quality=book.review_below - 0.01), book)
    assert (bad.score.status, bad.score.score, bad.score.critical_failures) == ("review", None, 0)
    assert "hearing quality 0.39, below 0.4" in str(bad.score.status_reason)
    assert {f.verdict for f in bad.findings} <= {Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE}
    assert needs_review(replace(call, hearing_quality=book.review_below), book) is None


def test_the_reason_names_what_is_worst() -> None:
    call = dialogue_call("agent: 您好。")
    parts = tuple(
        Measurement(name, None, value, "share")
        for name, value in (("hearing_sure", 0.2), ("hearing_line", 0.9))
    )
    bad = replace(call, hearing_quality=0.2, measurements=(*call.measurements, *parts))
    assert "least of all hearing sure, 0.20" in str(needs_review(bad, load_rulebook("dinghao-380")))
