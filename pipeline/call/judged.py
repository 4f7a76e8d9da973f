"""What judging says of a call: a verdict for each clause with its evidence, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.call.facts import Role
from pipeline.showing import Shown


class Verdict(StrEnum):
    """What a check may say about a clause on a call."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Finding(Shown):
    """A clause's verdict on a call, with the evidence to listen to.

    Attributes
    ----------
    start_s, end_s : float or None
        Evidence interval; for an absence, the window that was searched.
    quote : str
        What was said there, or the nearest candidate for an absence.
    reason : str
        One sentence a manager understands.
    confidence : float
        0..1; how sure the check is of the verdict.
    points : float
        What the clause is worth.
    critical : bool
        A critical clause's failure makes the call's score 0.
    """

    standard: str
    rule_id: str
    dimension: str
    verdict: Verdict
    role: Role | None
    start_s: float | None
    end_s: float | None
    quote: str
    reason: str
    confidence: float
    points: float
    critical: bool


@dataclass(frozen=True, slots=True)
class Score(Shown):
    """Points earned of points possible on one call under one standard.

    Attributes
    ----------
    score : float or None
        0..100; 0 after a critical failure; None when no clause was decided.
    score_before_critical : float or None
        The same without regard to critical failures.
    dimensions : tuple of (str, float or None)
        Score per dimension, 0..100, in the order patience, courtesy, communication, compliance.
    status : str
        ``judged``, or ``review`` for a call without a score: heard too badly, or too little decided.
    status_reason : str or None
        Why it goes to review.
    """

    standard: str
    score: float | None
    score_before_critical: float | None
    earned: float
    possible: float
    critical_failures: int
    dimensions: tuple[tuple[str, float | None], ...]
    status: str = "judged"
    status_reason: str | None = None
