"""Whether clauses get better: how often each fails in the later half of a period against the earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.estimates import Estimate, share, share_difference
from pipeline.reports.pages.cards import Card, Counted
from pipeline.reports.pages.clause_rates import ClauseRate
from pipeline.reports.pages.course import Course, monday_of
from pipeline.reports.pages.standards import Clause
from pipeline.reports.pages.standing import Standing, standing

MOST_DAYS = 14
"""Of more days than these, weeks are shown: a day has few calls of a clause."""

_TOPS = (0.1, 0.25, 0.5, 1.0)


class Turn(StrEnum):
    """What can be said of a clause: failing less often is better."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    FEW = "few"


_TURNS = {
    Standing.ABOVE: Turn.WORSE,
    Standing.BELOW: Turn.BETTER,
    Standing.SAME: Turn.SAME,
    Standing.FEW: Turn.FEW,
}
# Of what does not clearly change, the order that it comes in is kept.
_ORDER = {Turn.WORSE: 0, Turn.BETTER: 1, Turn.SAME: 2, Turn.FEW: 2}


@dataclass(frozen=True, slots=True)
class ClausePoint:
    """A day or a week of a clause.

    Attributes
    ----------
    first, last : str
        First and last day with decided calls in it, YYYY-MM-DD.
    at : float
        Where in the period it lies, 0..1.
    """

    first: str
    last: str
    at: float
    counted: Counted

    @property
    def rate(self) -> float:
        """Failed of decided calls, 0..1."""
        return self.counted.failed / self.counted.decided


@dataclass(frozen=True, slots=True)
class ClauseCourse:
    """How often a clause fails over time.

    Attributes
    ----------
    earlier, later : Counted
        In the two halves of the period.
    change : Estimate
        How much higher the later half's rate is than the earlier one's, -1..1.
    middle : float
        Where in the picture the later half begins, 0..1.
    points : tuple of ClausePoint
        Days or weeks with decided calls, in order.
    """

    clause: Clause
    earlier: Counted
    later: Counted
    change: Estimate
    turn: Turn
    middle: float
    points: tuple[ClausePoint, ...]

    @property
    def halves(self) -> tuple[Estimate, Estimate]:
        """The rates of both halves with their intervals, 0..1."""
        earlier, later = self.earlier, self.later
        return share(earlier.failed, earlier.decided), share(later.failed, later.decided)

    @property
    def top(self) -> float:
        """The rate at the upper edge of the picture, so that small ones can be told apart."""
        rates = [half.value or 0.0 for half in self.halves] + [point.rate for point in self.points]
        return next(top for top in _TOPS if top >= max(rates))


@dataclass(frozen=True, slots=True)
class ClauseCourses:
    """All clauses of a group of calls over time.

    Attributes
    ----------
    weekly : bool
        Whether points are weeks.
    middle : str
        First day of the later half, YYYY-MM-DD; empty where there are no two halves.
    every : tuple of ClauseCourse
        Those that clearly change first, worse ones before better ones; then those that fail most surely.
    """

    weekly: bool = False
    middle: str = ""
    every: tuple[ClauseCourse, ...] = ()

    def of(self, turn: Turn) -> tuple[ClauseCourse, ...]:
        """Return those of which one thing can be said."""
        return tuple(one for one in self.every if one.turn == turn)

    @property
    def compared(self) -> int:
        """How many have enough calls in both halves."""
        return len(self.every) - len(self.of(Turn.FEW))

    def first(self, limit: int) -> tuple[ClauseCourse, ...]:
        """Return those that clearly change, and of the others as many as there is place for."""
        clear = len(self.of(Turn.WORSE)) + len(self.of(Turn.BETTER))
        return self.every[: max(clear, limit)]


def clause_courses(days: Sequence[Card], course: Course, rates: Sequence[ClauseRate]) -> ClauseCourses:
    """Put the clauses of scorecards of days in order of time.

    Parameters
    ----------
    days : sequence of Card
        A group's, by day.
    course : Course
        The course of their scores, which says where the later half begins.
    rates : sequence of ClauseRate
        The group's clauses, those that fail most surely first.
    """
    dated = sorted(
        (c for c in days if c.date is not None and c.date != "unknown" and c.clauses),
        key=lambda c: c.date or "",
    )
    if not course.middle or len(dated) < 2:
        return ClauseCourses()
    period = _Period.of([card.date or "" for card in dated], course.middle)
    by_clause: dict[str, list[tuple[str, Counted]]] = {}
    for card in dated:
        for rule_id, counted in card.clauses.items():
            if counted.decided:
                by_clause.setdefault(rule_id, []).append((card.date or "", counted))
    every = [_course(rate.clause, by_clause.get(rate.clause.rule_id, []), period) for rate in rates]
    every.sort(key=lambda one: _ORDER[one.turn])
    return ClauseCourses(period.weekly, course.middle, tuple(every))


@dataclass(frozen=True, slots=True)
class _Period:
    first: date
    days: int
    middle: str
    weekly: bool

    @classmethod
    def of(cls, days: Sequence[str], middle: str) -> _Period:
        first = date.fromisoformat(days[0])
        length = (date.fromisoformat(days[-1]) - first).days
        return cls(first, length, middle, length >= MOST_DAYS)

    def at(self, day: date) -> float:
        # Scores may reach further than clauses do, and with them the middle of the period.
        return min(1.0, max(0.0, (day - self.first).days / max(1, self.days)))


def _course(clause: Clause, days: Sequence[tuple[str, Counted]], period: _Period) -> ClauseCourse:
    earlier = _sum(counted for day, counted in days if day < period.middle)
    later = _sum(counted for day, counted in days if day >= period.middle)
    change = share_difference(later.failed, later.decided, earlier.failed, earlier.decided)
    turn = _TURNS[standing(change, min(earlier.decided, later.decided))]
    middle = period.at(date.fromisoformat(period.middle))
    return ClauseCourse(clause, earlier, later, change, turn, middle, tuple(_points(days, period)))


def _points(days: Sequence[tuple[str, Counted]], period: _Period) -> Iterator[ClausePoint]:
    groups: dict[date, list[tuple[str, Counted]]] = {}
    for day, counted in days:
        on = date.fromisoformat(day)
        groups.setdefault(monday_of(on) if period.weekly else on, []).append((day, counted))
    for group in groups.values():
        # In the middle of its days, so that a week that is cut off lies where its calls do.
        ends = [period.at(date.fromisoformat(group[at][0])) for at in (0, -1)]
        yield ClausePoint(group[0][0], group[-1][0], sum(ends) / 2, _sum(c for _, c in group))


def _sum(counts: Iterable[Counted]) -> Counted:
    decided = failed = overturned = 0
    for counted in counts:
        decided, failed = decided + counted.decided, failed + counted.failed
        overturned += counted.overturned
    return Counted(decided, failed, overturned)
