"""Verdicts that rest on wording, on calls in a language the wording is not in."""

from __future__ import annotations

from pipeline.call import Call, Role, Utterance, Verdict, once_per_call
from pipeline.checks.base import Outcome
from pipeline.checks.conditions import WORDLESS_CONDITIONS
from pipeline.rulebook.rules import Rule
from pipeline.wording.languages import MANDARIN, language_name

# Below this share of what a role says in the languages of the wording, its absence says nothing.
LEAST_SHARE = 0.5


def in_its_language(call: Call, rule: Rule, outcome: Outcome) -> Outcome:
    """Leave open what a check decides without words in a language its wording is in.

    A verdict stands that shows such words, that rests on no wording, or that the call's facts alone decide.
    """
    check = rule.check
    if rule.review or not check.needs_words:
        return outcome
    return _unless_foreign(call, outcome, check.languages, (check.speaker,))


def unmet_in_its_language(call: Call, rule: Rule, unmet: Outcome) -> Outcome:
    """Leave open a condition that does not hold where a party speaks a language its wording is not in."""
    if rule.review or not _rests_on_words(rule):
        return unmet
    worded = rule.check.languages if rule.check.needs_words else frozenset((MANDARIN,))
    return _unless_foreign(call, unmet, worded, (Role.AGENT, Role.CUSTOMER))


def _unless_foreign(call: Call, outcome: Outcome, worded: frozenset[str], roles: tuple[Role, ...]) -> Outcome:
    if outcome.verdict is Verdict.UNDETERMINED or _languages(call) <= worded:
        return outcome
    spoken = ((role, language) for role in roles if (language := _foreign_language(call, role, worded)))
    role, foreign = next(spoken, (None, None))
    if foreign is None or _shows_words(call, outcome, worded):
        return outcome
    names = " and ".join(language_name(code) for code in sorted(worded, reverse=True))
    reason = f"spoken in {language_name(foreign)}: the rule's wording is in {names}"
    return Outcome(Verdict.UNDETERMINED, reason, 0.5, outcome.role or role, outcome.span)


def _rests_on_words(rule: Rule) -> bool:
    """Whether the conditions of a rule are told by what is said."""
    return not set(rule.applies_when) <= WORDLESS_CONDITIONS


@once_per_call
def _languages(call: Call) -> frozenset[str]:
    return frozenset(u.language for u in call.utterances)


@once_per_call
def _foreign_language(call: Call, role: Role, worded: frozenset[str]) -> str | None:
    """Return the language a role mostly speaks when the wording is not in it, else None."""
    spoken: dict[str, float] = {}
    for utterance in _said(call, role):
        spoken[utterance.language] = spoken.get(utterance.language, 0.0) + utterance.speech_s
    known_s, all_s = sum(s for code, s in spoken.items() if code in worded), sum(spoken.values())
    if not all_s or known_s >= LEAST_SHARE * all_s:
        return None
    return max((code for code in spoken if code not in worded), key=spoken.__getitem__)


def _said(call: Call, role: Role) -> tuple[Utterance, ...]:
    """What a role says, or everybody when nobody is known to be it."""
    return call.by_role(role) or call.by_role(Role.UNKNOWN)


def _shows_words(call: Call, outcome: Outcome, worded: frozenset[str]) -> bool:
    """Whether the outcome quotes something said in a language of the wording."""
    if not outcome.quote or outcome.span is None:
        return False
    return any(u.language in worded and outcome.quote in u.text for u in call.between(outcome.span))
