"""How a group of calls stands beside all others: only what its 95 % interval supports is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.estimates import Estimate, Sums, mean_difference
from pipeline.reports.pages.cards import Card

FEWEST_CALLS = 10
"""With fewer scored calls, on either side, nothing is said of a difference."""


class Standing(StrEnum):
    """What can be said of a group beside all others."""

    BELOW = "below"
    ABOVE = "above"
    SAME = "same"
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Compared:
    """A group beside all others.

    Attributes
    ----------
    difference : Estimate
        How much higher its mean score is than that of all other calls [points].
    """

    standing: Standing
    difference: Estimate


def compare(own: Sums, whole: Sums) -> Compared:
    """Compare the scores of a group with all the others of the whole that it is part of."""
    others = whole - own
    difference = mean_difference(own, others)
    return Compared(standing(difference, min(own.count, others.count)), difference)


def standing(difference: Estimate, calls: int) -> Standing:
    """Return what a difference with its interval says; ``calls`` are those of the smaller side."""
    if calls < FEWEST_CALLS:
        return Standing.FEW
    if difference.below:
        return Standing.BELOW
    return Standing.ABOVE if difference.above else Standing.SAME


@dataclass(frozen=True, slots=True)
class HourMix:
    """How a group's calls are spread over the hours of the shift, and what that alone does to its score.

    Attributes
    ----------
    expected : float or None
        The mean score that all other calls have at the hours the group worked; None where hours are not
        known, or nobody else worked then.
    effect : float or None
        How much that is above the mean of all other calls [points].
    """

    expected: float | None
    effect: float | None


def hour_mix(own: Sequence[Card], whole: Sequence[Card]) -> HourMix:
    """Return what the mix of hours does to a group's mean score.

    The others' scores tell that: with its own among them, a group that is alone at some hours would be
    excused by what it scored itself.

    Parameters
    ----------
    own, whole : sequence of Card
        By hour of the shift: the group's, and those of all calls, the group's among them.
    """
    scored = {card.hour: card.score for card in own if card.scored and card.hour is not None}
    others = {c.hour: c.score - scored.get(c.hour, Sums()) for c in whole if c.hour is not None}
    weighed = [
        (sums.count, others[hour].value)
        for hour, sums in scored.items()
        if hour in others and others[hour].count > 0
    ]
    total = sum(calls for calls, _ in weighed)
    everyone = sum(others.values(), Sums())
    if not total or everyone.value is None:
        return HourMix(None, None)
    expected = sum(calls * (value or 0.0) for calls, value in weighed) / total
    return HourMix(expected, expected - everyone.value)
