"""Rules as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.call import Verdict
from pipeline.checks.base import Check

REVIEW_BELOW = 0.4
LEAST_DECIDED = 0.25
"""Hearing quality under which a call is left to a person, unless the rulebook sets its own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small dialogue of which a rule must say what is ``wanted``.

    Attributes
    ----------
    line : int
        Where its text begins in the file ``path``.
    """

    source: str
    line: int
    wanted: Verdict
    path: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause of a standard and how it is checked.

    Attributes
    ----------
    id : str
        Of the clause, as in the standard: ``OPS-25``.
    title, title_zh : str
        What the clause asks for, in English and in Chinese.
    dimension : str
        patience, courtesy, communication or compliance.
    points : float
        What it is worth; 0 for a critical rule, whose failure makes the call's score 0, and for one that
        only finds moments for a person.
    check : Check
        The kind of check with its options.
    how : str
        What evidence a recording gives: ``A`` the recording alone, ``M`` the call's metadata too, ``A/M``
        either, ``A/H`` part of it needs a person, ``H`` all of it does.
    review : bool
        Whether it finds moments for a person and never passes or fails.
    applies_when : tuple of str
        Conditions without which the clause is not owed (names of ``pipeline.checks.conditions``).
    excused_when : tuple of str
        Conditions under which a failure becomes *not applicable*.
    examples : tuple of Example
        Dialogues of which it is known what the rule must say.
    coaching, coaching_zh : str
        What an agent should say or do, in English and in Chinese; empty where nobody wrote it.
    """

    id: str
    title: str
    title_zh: str
    dimension: str
    points: float
    critical: bool
    check: Check
    how: str = "A"
    review: bool = False
    applies_when: tuple[str, ...] = ()
    excused_when: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    coaching: str = ""
    coaching_zh: str = ""

    @property
    def passing(self) -> tuple[Example, ...]:
        """Dialogues on which the rule must pass."""
        return self.wanting(Verdict.PASS)

    @property
    def failing(self) -> tuple[Example, ...]:
        """Dialogues on which the rule must fail."""
        return self.wanting(Verdict.FAIL)

    def wanting(self, verdict: Verdict) -> tuple[Example, ...]:
        """Dialogues of which the rule must say ``verdict``."""
        return tuple(e for e in self.examples if e.wanted is verdict)


@dataclass(frozen=True, slots=True)
class UnobservableClause:
    """A clause of the standard that no recording can show, listed so that nothing is dropped silently.

    Attributes
    ----------
    how : str
        ``X``, or ``—`` for text that asks for nothing.
    why : str
        Why it is not judged.
    """

    id: str
    title: str
    title_zh: str
    how: str
    why: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A standard as rules.

    Attributes
    ----------
    name : str
        As call manifests write it: ``dinghao-380``.
    title, title_zh : str
        In English and in Chinese.
    source : str
        Where the standard comes from.
    path : str
        The file it was read from.
    content_hash : str
        SHA-256, hexadecimal, of that file's bytes and of those it extends; findings made under another
        content are stale.
    extends : str or None
        The file it extends.
    not_observable : tuple of UnobservableClause
        Clauses without a rule, and why.
    review_below : float
        Calls whose hearing quality is lower are left to a person, 0..1.
    least_decided : float
        Share of the points in question that must be decided for a score, 0..1.
    """

    name: str
    title: str
    title_zh: str
    source: str
    path: str
    content_hash: str
    rules: tuple[Rule, ...]
    extends: str | None = None
    not_observable: tuple[UnobservableClause, ...] = ()
    review_below: float = REVIEW_BELOW
    least_decided: float = LEAST_DECIDED

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with that id, or None."""
        return next((r for r in self.rules if r.id == rule_id), None)
