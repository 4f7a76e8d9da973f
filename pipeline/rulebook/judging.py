"""Rules applied to a call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import fsum

from pipeline.call import Call, EventKind, Finding, Verdict
from pipeline.checks.base import Outcome
from pipeline.checks.conditions import CONDITIONS
from pipeline.measures.hearing import HEARING_NAMES
from pipeline.privacy import hide, with_stand_ins
from pipeline.rulebook.languages import in_its_language, unmet_in_its_language
from pipeline.rulebook.rules import Rule, Rulebook
from pipeline.scoring import DECIDED
from pipeline.wording.matching import PhraseMatch
from pipeline.wording.transcripts import attend


def judge(call: Call, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Judge a call by every rule, in the rulebook's order; one heard too badly passes and fails nothing."""
    read = with_stand_ins(call)
    attend(read.utterances)
    findings = (_finding(call, read, rule, rulebook.name) for rule in rulebook.rules)
    review = needs_review(call, rulebook)
    if review is None:
        return tuple(findings)
    return tuple(
        _left_open(finding, review) if finding.verdict in DECIDED else finding for finding in findings
    )


def needs_review(call: Call, rulebook: Rulebook) -> str | None:
    """Say why a person must listen to the call instead of judging it, or None."""
    if not call.events_of(EventKind.SPEECH):
        return "nobody speaks: there is nothing to judge"
    if call.hearing_quality >= rulebook.review_below:
        return None
    parts = [m for name in HEARING_NAMES if (m := call.measure(name)) is not None and m.value is not None]
    worst = min(parts, key=lambda m: m.value or 0.0, default=None)
    why = f"; least of all {worst.name.replace('_', ' ')}, {worst.value:.2f}" if worst else ""
    limit = f"below {rulebook.review_below:g}"
    return f"heard too badly to judge: hearing quality {call.hearing_quality:.2f}, {limit}{why}"


def why_unscored(call: Call, rulebook: Rulebook, findings: Iterable[Finding]) -> str | None:
    """Say why a call gets no score, or None: it was heard too badly, or too little of it could be decided.

    A failed critical clause needs nothing beside it.
    """
    heard_badly = needs_review(call, rulebook)
    if heard_badly is not None:
        return heard_badly
    for_people = {rule.id for rule in rulebook.rules if rule.review}
    asked = [f for f in findings if f.verdict is not Verdict.NOT_APPLICABLE and f.rule_id not in for_people]
    if any(f.critical and f.verdict is Verdict.FAIL for f in asked):
        return None
    in_question = fsum(f.points for f in asked)
    decided = fsum(f.points for f in asked if f.verdict in DECIDED)
    if decided >= rulebook.least_decided * in_question:
        return None
    shares = f"{decided:g} of {in_question:g} points, below {rulebook.least_decided:.0%}"
    return f"too little can be decided for a score: {shares}"


def _left_open(finding: Finding, review: str) -> Finding:
    return replace(
        finding, verdict=Verdict.UNDETERMINED, reason=f"{review} ({finding.reason})", confidence=0.5
    )


def judge_rule(call: Call, rule: Rule, *, standard: str) -> Finding:
    """Judge a call by one rule: its conditions first, then its check."""
    return _finding(call, with_stand_ins(call), rule, standard)


def _finding(call: Call, read: Call, rule: Rule, standard: str) -> Finding:
    """Judge a call as judging reads it; what was hidden in the stored one stays hidden."""
    outcome = _outcome(read, rule)
    span, quote, reason = outcome.span, outcome.quote, outcome.reason
    if read is not call:
        quote, reason = hide(call, quote), hide(call, reason)
    return Finding(
        standard=standard,
        rule_id=rule.id,
        dimension=rule.dimension,
        verdict=outcome.verdict,
        role=outcome.role,
        start_s=span.start_s if span else None,
        end_s=span.end_s if span else None,
        quote=quote,
        reason=reason,
        confidence=outcome.confidence,
        points=rule.points,
        critical=rule.critical,
    )


def _outcome(call: Call, rule: Rule) -> Outcome:
    unmet = _unmet(call, rule)
    if unmet is not None:
        return unmet_in_its_language(call, rule, unmet)
    return in_its_language(call, rule, _excused(call, rule, rule.check.judge(call)))


def doubtful_wording(call: Call, rulebook: Rulebook) -> tuple[PhraseMatch, ...]:
    """Return the passages of a call whose score on the audio would make a verdict surer, each once."""
    attend(call.utterances)
    due = (rule for rule in rulebook.rules if _unmet(call, rule) is None)
    return tuple(dict.fromkeys(match for rule in due for match in rule.check.asks(call)))


def _unmet(call: Call, rule: Rule) -> Outcome | None:
    """Return the outcome when a condition of the rule does not hold or cannot be known."""
    unknown = None
    for name in rule.applies_when:
        occasion = CONDITIONS[name](call)
        if occasion.arises is False:
            return Outcome(Verdict.NOT_APPLICABLE, occasion.reason)
        if occasion.arises is None and unknown is None:
            unknown = Outcome(Verdict.UNDETERMINED, occasion.reason, 0.5)
    return unknown


def _excused(call: Call, rule: Rule, outcome: Outcome) -> Outcome:
    if outcome.verdict is not Verdict.FAIL:
        return outcome
    occasions = [CONDITIONS[name](call) for name in rule.excused_when]
    for occasion in occasions:
        if occasion.arises:
            reason = f"{occasion.reason}, so this was not due"
            return Outcome(Verdict.NOT_APPLICABLE, reason, 0.7, outcome.role, occasion.span, occasion.quote)
    unknown = next((o for o in occasions if o.arises is None), None)
    if unknown is None:
        return outcome
    reason = f"{outcome.reason}, but it may not have been due: {unknown.reason}"
    return replace(outcome, verdict=Verdict.UNDETERMINED, reason=reason, confidence=0.5)
