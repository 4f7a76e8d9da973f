"""How a group of calls stands beside all others: only what its 95 % interval supports is said."""

from __future__ import annotations

from collections.abc import Iterable
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
        The mean score that all calls together have at the hours the group worked; None where hours are not
        known.
    effect : float or None
        How much that is above the mean of all calls [points].
    """

    expected: float | None
    effect: float | None


def hour_mix(own: Iterable[Card], whole: Iterable[Card]) -> HourMix:
    """Return what the mix of hours does to a group's mean score.

    Parameters
    ----------
    own, whole : iterable of Card
        By hour of the shift: the group's, and those of all calls.
    """
    means = {card.hour: card.score.value for card in whole}
    known = [(c.scored, means.get(c.hour)) for c in own if c.scored and c.hour is not None]
    weighed = [(calls, value) for calls, value in known if value is not None]
    total = sum(calls for calls, _ in weighed)
    everything = Sums()
    for card in whole:
        if card.hour is not None:
            everything += card.score
    if not total or everything.value is None:
        return HourMix(None, None)
    expected = sum(calls * value for calls, value in weighed) / total
    return HourMix(expected, expected - everything.value)
