from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.estimates import Sums
from pipeline.reports.pages.cards import NOTHING, Card
from pipeline.reports.pages.course import course
from pipeline.reports.pages.standing import FEWEST_CALLS, Standing, compare, hour_mix


def sums(values: list[float]) -> Sums:
    return Sums(len(values), sum(values), sum(v * v for v in values))


def card(values: list[float], **changes: object) -> Card:
    return replace(NOTHING, calls=len(values), scored=len(values), score=sums(values), **changes)  # type: ignore[arg-type]


OTHERS = [70.0, 80.0, 90.0, 80.0] * 10


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([50.0, 52.0, 48.0] * 4, Standing.BELOW),
        ([97.0, 98.0, 99.0] * 4, Standing.ABOVE),
        ([70.0, 80.0, 91.0] * 4, Standing.SAME),
        ([10.0, 12.0, 11.0] * 3, Standing.FEW),
    ],
)
def test_only_what_the_interval_supports_is_said(own: list[float], expected: Standing) -> None:
    assert (len(own) < FEWEST_CALLS) == (expected is Standing.FEW)
    assert compare(sums(own), sums([*own, *OTHERS])).standing is expected


def test_an_agent_is_compared_with_the_others_not_with_the_whole() -> None:
    own = [60.0, 62.0] * 10
    assert compare(sums(own), sums([*own, *OTHERS])).difference.value == pytest.approx(61.0 - 80.0)


def test_with_too_few_others_nothing_is_said() -> None:
    own = [50.0, 52.0] * 10
    assert compare(sums(own), sums([*own, 90.0, 91.0])).standing is Standing.FEW


def test_the_mix_of_hours_is_what_all_others_score_at_those_hours() -> None:
    whole = [card([90.0] * 10, hour=0), card([50.0] * 10 + [10.0] * 4, hour=8)]
    late = hour_mix([card([10.0] * 4, hour=8)], whole)
    assert (late.expected, late.effect) == (50.0, -20.0)
    even = hour_mix([card([90.0] * 4, hour=0), card([10.0] * 4, hour=8)], whole)
    assert even.effect == pytest.approx(70.0 - (6 * 90.0 + 10 * 50.0) / 16)


def test_who_works_alone_at_some_hours_is_not_excused_by_the_own_scores() -> None:
    whole = [card([90.0] * 20, hour=0), card([60.0] * 20, hour=8)]
    assert hour_mix([card([60.0] * 20, hour=8)], whole).effect is None


def test_without_hours_there_is_no_mix() -> None:
    assert hour_mix([card([50.0])], [card([50.0])]).effect is None


def test_a_course_halves_the_time_not_the_calls() -> None:
    days = [card([50.0, 60.0] * 20, date="2026-10-01"), card([90.0, 95.0] * 6, date="2026-10-31")]
    found = course(days)
    assert found.standing is Standing.ABOVE
    assert found.change.value == pytest.approx(37.5)
    assert "2026-10-01" < found.middle < "2026-10-31"


def test_days_of_unknown_date_are_in_no_course() -> None:
    found = course([card([50.0], date="unknown"), card([60.0], date="2026-10-01")])
    assert [p.first for p in found.points] == ["2026-10-01"]
    assert found.standing is Standing.FEW


def test_many_days_become_weeks_and_lose_no_call() -> None:
    days = [card([50.0, 60.0], date=f"2026-{m:02}-{d:02}") for m in (9, 10, 11) for d in range(1, 29)]
    found = course(days)
    assert found.weekly
    assert sum(p.score.count for p in found.points) == 2 * len(days)
    assert [p.first for p in found.points] == sorted(p.first for p in found.points)
