"""Means, shares and their differences, each with a 95 % interval, from sums that add up.

Sources: Student (1908) for means; Welch (1947) for the difference of two; Wilson (1927) for shares; Newcombe
(1998, Statistics in Medicine 17:873, method 10) for the difference of two, from their Wilson intervals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtri, stdtrit

CONFIDENCE = 0.95
_TAIL = (1 + CONFIDENCE) / 2
_Z = float(ndtri(_TAIL))
# Sums of squares cancel to this and less when every value is the same.
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval, or the reason why there is none.

    Attributes
    ----------
    value, low, high : float or None
        The estimate and its interval; of a share 0..1, of kappa and AC1 -1..1.
    reason : str or None
        Why there is no value, or no interval.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    def less(self, amount: float) -> Estimate:
        """Return it lowered by an amount that is known exactly."""
        ends = (self.value, self.low, self.high)
        value, low, high = (None if end is None else end - amount for end in ends)
        return Estimate(value, low, high, self.reason)

    @property
    def above(self) -> bool:
        """Whether all of its interval is above 0."""
        return self.low is not None and self.low > 0

    @property
    def below(self) -> bool:
        """Whether all of its interval is below 0."""
        return self.high is not None and self.high < 0


@dataclass(frozen=True, slots=True)
class Sums:
    """What a mean and its interval follow from: how many numbers, their sum, and that of their squares."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        """Return the sums of both."""
        return Sums(self.count + other.count, self.total + other.total, self.squares + other.squares)

    def __sub__(self, other: Sums) -> Sums:
        """Return the sums of what is left without the other's numbers."""
        return Sums(self.count - other.count, self.total - other.total, self.squares - other.squares)

    @property
    def value(self) -> float | None:
        """The mean; None of nothing."""
        return self.total / self.count if self.count > 0 else None

    @property
    def variance(self) -> float | None:
        """The numbers' variance; None of fewer than two, or when all are the same."""
        if self.count < 2:
            return None
        variance = (self.squares - self.total**2 / self.count) / (self.count - 1)
        return variance if variance > _SAME else None


def mean(sums: Sums, *, lowest: float = -math.inf, highest: float = math.inf) -> Estimate:
    """Return the mean with Student's interval, cut at the lowest and highest number there can be.

    There is no interval of fewer than two numbers, or when all are the same: a spread that was not seen is
    not zero.
    """
    value, variance = sums.value, sums.variance
    if value is None:
        return Estimate(None, reason="nothing to take the mean of")
    if variance is None:
        return Estimate(value, reason="too few different numbers for an interval")
    reach = float(stdtrit(sums.count - 1, _TAIL)) * math.sqrt(variance / sums.count)
    return Estimate(value, max(lowest, value - reach), min(highest, value + reach))


def mean_difference(one: Sums, other: Sums) -> Estimate:
    """Return how much higher the mean of ``one`` is than that of ``other``, with Welch's interval.

    Where all numbers of one side are the same, the spread of the other is taken for both: a spread that was
    not seen is not zero, and somebody who scores 0 in every one of many calls does differ.
    """
    if one.value is None or other.value is None:
        return Estimate(None, reason="nothing to take the mean of")
    difference = one.value - other.value
    spread, other_spread = one.variance or other.variance, other.variance or one.variance
    if spread is None or other_spread is None or min(one.count, other.count) < 2:
        return Estimate(difference, reason="too few different numbers for an interval")
    parts = (spread / one.count, other_spread / other.count)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (one.count - 1) + parts[1] ** 2 / (other.count - 1))
    reach = float(stdtrit(freedom, _TAIL)) * math.sqrt(sum(parts))
    return Estimate(difference, difference - reach, difference + reach)


def share(part: int, whole: int) -> Estimate:
    """Return ``part / whole`` with Wilson's score interval; no value when ``whole`` is 0."""
    if not whole:
        return Estimate(None, reason="nothing to divide by")
    return _wilson(part / whole, whole)


def weighted_share(having: Sequence[bool], weights: Sequence[float]) -> Estimate:
    """Return the share of weight of those that have something, with Wilson's interval.

    The interval is that of as many equal ones as say as much: (Σw)² / Σw² (Kish 1965, Survey Sampling).
    """
    whole = math.fsum(weights)
    if not whole:
        return Estimate(None, reason="nothing to divide by")
    part = math.fsum(weight for has, weight in zip(having, weights, strict=True) if has)
    return _wilson(min(1.0, part / whole), whole**2 / math.fsum(weight**2 for weight in weights))


def _wilson(rate: float, whole: float) -> Estimate:
    below = 1 + _Z**2 / whole
    centre = rate + _Z**2 / (2 * whole)
    reach = _Z * math.sqrt(rate * (1 - rate) / whole + _Z**2 / (4 * whole**2))
    # Rounding must not leave the ends that are exact.
    low = 0.0 if rate == 0 else max(0.0, (centre - reach) / below)
    high = 1.0 if rate == 1 else min(1.0, (centre + reach) / below)
    return Estimate(rate, low, high)


def share_difference(part: int, whole: int, other_part: int, other_whole: int) -> Estimate:
    """Return how much higher one share is than another, with Newcombe's interval."""
    one, other = share(part, whole), share(other_part, other_whole)
    if one.value is None or one.low is None or one.high is None:
        return Estimate(None, reason=one.reason)
    if other.value is None or other.low is None or other.high is None:
        return Estimate(None, reason=other.reason)
    difference = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return Estimate(difference, difference - down, difference + up)
