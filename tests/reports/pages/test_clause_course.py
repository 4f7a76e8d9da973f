"""Whether clauses get better: halves, what is said of them, and what is shown first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.estimates import Sums, share_difference
from pipeline.reports.pages.cards import NOTHING, Card, Counted
from pipeline.reports.pages.clause_course import ClauseCourses, Turn, clause_courses
from pipeline.reports.pages.clause_rates import clause_rates
from pipeline.reports.pages.course import course
from pipeline.reports.pages.standards import Standard

STANDARD = Standard("mine", "Mine", "")


def card(day: str, **clauses: tuple[int, int]) -> Card:
    """A day with so many decided and failed calls of clauses."""
    counts = {rule_id: Counted(*pair) for rule_id, pair in clauses.items()}
    return replace(NOTHING, date=day, scored=2, score=Sums(2, 150.0, 11_300.0), clauses=counts)


def courses(*days: Card) -> ClauseCourses:
    whole: dict[str, Counted] = {}
    for day in days:
        for rule_id, counted in day.clauses.items():
            before = whole.get(rule_id, Counted(0, 0))
            whole[rule_id] = Counted(before.decided + counted.decided, before.failed + counted.failed)
    return clause_courses(days, course(days), clause_rates(STANDARD, whole, {}))


def test_a_clause_that_fails_less_often_is_better_and_one_that_fails_more_often_worse() -> None:
    found = courses(
        card("2026-10-01", A=(50, 30), B=(50, 5), C=(50, 20), D=(9, 9)),
        card("2026-10-04", A=(50, 10), B=(50, 25), C=(50, 22), D=(50, 0)),
    )
    assert [(one.clause.rule_id, one.turn) for one in found.every] == [
        ("B", Turn.WORSE),
        ("A", Turn.BETTER),
        ("C", Turn.SAME),
        ("D", Turn.FEW),
    ]
    better = found.every[1]
    assert (better.earlier, better.later) == (Counted(50, 30), Counted(50, 10))
    assert better.change == share_difference(10, 50, 30, 50)
    assert found.compared == 3
    assert [one.clause.rule_id for one in found.first(1)] == ["B", "A"]
    assert [one.clause.rule_id for one in found.first(3)] == ["B", "A", "C"]


def test_what_does_not_change_stays_in_the_order_of_what_fails_most() -> None:
    found = courses(card("2026-10-01", A=(50, 5), B=(9, 9)), card("2026-10-04", A=(50, 5), B=(9, 9)))
    assert [(one.clause.rule_id, one.turn) for one in found.every] == [("B", Turn.FEW), ("A", Turn.SAME)]


def test_halves_and_points_lose_no_call_by_day_or_by_week() -> None:
    for length, weekly in ((14, False), (15, True), (40, True)):
        begin = date(2026, 10, 7)
        days = [card((begin + timedelta(days=n)).isoformat(), A=(3, n % 3)) for n in range(length)]
        (one,) = courses(*days).every
        assert courses(*days).weekly is weekly
        assert one.earlier.decided + one.later.decided == 3 * length
        assert sum(point.counted.decided for point in one.points) == 3 * length
        assert [point.at for point in one.points] == sorted(point.at for point in one.points)
        assert 0 <= one.points[0].at < one.middle < one.points[-1].at <= 1
        assert len(one.points) == length or weekly


def test_the_picture_is_as_high_as_its_highest_point() -> None:
    (one,) = courses(card("2026-10-01", A=(100, 3)), card("2026-10-04", A=(100, 8))).every
    assert one.top == pytest.approx(0.1)
    (one,) = courses(card("2026-10-01", A=(10, 10)), card("2026-10-04", A=(10, 0))).every
    assert one.top == 1.0


def test_a_day_that_decides_nothing_is_no_point() -> None:
    (one,) = courses(card("2026-10-01", A=(5, 1)), card("2026-10-02", A=(0, 0)), card("2026-10-03")).every
    assert [point.first for point in one.points] == ["2026-10-01"]
    assert one.turn is Turn.FEW


def test_halves_are_those_of_the_scores_and_stay_in_the_picture() -> None:
    days = [card("2026-10-01", A=(5, 1)), card("2026-10-03", A=(5, 1)), card("2026-10-20")]
    (one,) = courses(*days).every
    assert (one.earlier.decided, one.later.decided, one.middle) == (10, 0, 1.0)


def test_a_single_day_and_unknown_dates_have_no_course() -> None:
    assert courses(card("2026-10-01", A=(50, 5))).every == ()
    assert courses(card("2026-10-01", A=(50, 5)), card("unknown", A=(50, 5))).every == ()
