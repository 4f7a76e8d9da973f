"""Rules as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.checks.base import Check


@dataclass(frozen=True, slots=True)
class Example:
    """A small dialogue that a rule must pass or fail. ``line`` is where its text begins in the rulebook."""

    source: str
    line: int


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
        What it is worth; 0 for a critical rule, whose failure makes the call's score 0.
    check : Check
        The kind of check with its options.
    applies_when : tuple of str
        Conditions without which the clause is not owed (names of ``pipeline.checks.conditions``).
    excused_when : tuple of str
        Conditions under which a failure becomes *not applicable*.
    passing, failing : tuple of Example
        Dialogues on which the rule must pass and fail.
    """

    id: str
    title: str
    title_zh: str
    dimension: str
    points: float
    critical: bool
    check: Check
    applies_when: tuple[str, ...] = ()
    excused_when: tuple[str, ...] = ()
    passing: tuple[Example, ...] = ()
    failing: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A standard as rules.

    Attributes
    ----------
    name : str
        As call manifests write it: ``dinghao-380``.
    source : str
        Where the standard comes from.
    path : str
        The file it was read from.
    content_hash : str
        SHA-256 of that file's bytes, hexadecimal; findings made under another content are stale.
    """

    name: str
    title: str
    source: str
    path: str
    content_hash: str
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with that id, or None."""
        return next((r for r in self.rules if r.id == rule_id), None)
