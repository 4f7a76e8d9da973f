"""Rules applied to a call."""

from __future__ import annotations

from dataclasses import replace

from pipeline.call import Call, Finding, Verdict
from pipeline.checks.base import Outcome
from pipeline.checks.conditions import CONDITIONS
from pipeline.rulebook.rules import Rule, Rulebook
from pipeline.wording.matching import PhraseMatch


def judge(call: Call, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Judge a call by every rule, in the rulebook's order."""
    return tuple(judge_rule(call, rule, standard=rulebook.name) for rule in rulebook.rules)


def judge_rule(call: Call, rule: Rule, *, standard: str) -> Finding:
    """Judge a call by one rule: its conditions first, then its check."""
    outcome = _unmet(call, rule) or _excused(call, rule, rule.check.judge(call))
    span = outcome.span
    return Finding(
        standard=standard,
        rule_id=rule.id,
        dimension=rule.dimension,
        verdict=outcome.verdict,
        role=outcome.role,
        start_s=span.start_s if span else None,
        end_s=span.end_s if span else None,
        quote=outcome.quote,
        reason=outcome.reason,
        confidence=outcome.confidence,
        points=rule.points,
        critical=rule.critical,
    )


def doubtful_wording(call: Call, rulebook: Rulebook) -> tuple[PhraseMatch, ...]:
    """Return the passages of a call whose score on the audio would make a verdict surer, each once."""
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
