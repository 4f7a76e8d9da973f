"""The course of scores over days or weeks, and whether they have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.estimates import Estimate, Sums, mean, mean_difference
from pipeline.reports.pages.cards import Card
from pipeline.reports.pages.standing import Standing, standing

MOST_DAYS = 45
"""Of more days than these, weeks are shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day, or a week by its Monday.

    Attributes
    ----------
    first, last : str
        First and last day with calls in it, YYYY-MM-DD.
    """

    first: str
    last: str
    score: Sums

    @property
    def mean(self) -> Estimate:
        """The mean score with its interval, inside 0..100."""
        return mean(self.score, lowest=0.0, highest=100.0)


@dataclass(frozen=True, slots=True)
class Course:
    """Scores over time.

    Attributes
    ----------
    weekly : bool
        Whether points are weeks.
    points : tuple of Point
        Those with scored calls, in order.
    change : Estimate
        How much higher the mean of the later half of the period is than that of the earlier [points].
    standing : Standing
        What the change says.
    middle : str
        First day of the later half; empty where there are no two halves.
    """

    weekly: bool
    points: tuple[Point, ...]
    change: Estimate
    standing: Standing
    middle: str = ""


def course(cards: Sequence[Card]) -> Course:
    """Put scorecards of days in order; calls of unknown date are in none."""
    dated = {c.date: c.score for c in cards if c.date is not None and c.date != "unknown" and c.scored}
    days = [Point(day, day, dated[day]) for day in sorted(dated)]
    if len(days) < 2:
        return Course(False, tuple(days), Estimate(None, reason="a single day"), Standing.FEW)
    first, last = date.fromisoformat(days[0].first), date.fromisoformat(days[-1].first)
    # Halves of the calendar, not of the days with calls: what lies between is a time, not a count.
    middle = (first + (last - first) / 2 + timedelta(days=1)).isoformat()
    earlier, later = Sums(), Sums()
    for day in days:
        if day.first < middle:
            earlier += day.score
        else:
            later += day.score
    change = mean_difference(later, earlier)
    weekly = (last - first).days >= MOST_DAYS
    points = _weeks(days) if weekly else days
    return Course(weekly, tuple(points), change, standing(change, min(earlier.count, later.count)), middle)


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _weeks(days: Sequence[Point]) -> list[Point]:
    weeks: dict[date, Point] = {}
    for day in days:
        monday = monday_of(date.fromisoformat(day.first))
        before = weeks.get(monday)
        score = before.score + day.score if before else day.score
        weeks[monday] = Point(before.first if before else day.first, day.last, score)
    return [*weeks.values()]
