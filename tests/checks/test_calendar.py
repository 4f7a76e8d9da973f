from __future__ import annotations

from datetime import date, datetime

import pytest

from pipeline.checks.evidence.calendar import Timing, fits, holidays_on, is_due, is_working_day


@pytest.mark.parametrize(
    ("timing", "day"),
    [
        (Timing.NEW_YEAR, "2027-01-01"),
        (Timing.SPRING_FESTIVAL, "2026-02-17"),
        (Timing.SPRING_FESTIVAL, "2027-02-06"),
        (Timing.SPRING_FESTIVAL, "2028-01-26"),
        (Timing.LABOUR_DAY, "2027-05-01"),
        (Timing.DRAGON_BOAT, "2027-06-09"),
        (Timing.MID_AUTUMN, "2026-09-25"),
        (Timing.MID_AUTUMN, "2027-09-15"),
        (Timing.NATIONAL_DAY, "2026-10-03"),
    ],
)
def test_festivals_are_due_on_their_own_days(timing: Timing, day: str) -> None:
    assert is_due(timing, datetime.fromisoformat(f"{day}T10:00"))
    assert holidays_on(date.fromisoformat(day)) == (timing,)


def test_a_day_off_around_a_festival_is_not_the_festival() -> None:
    assert not is_due(Timing.NATIONAL_DAY, datetime(2026, 10, 6, 10))
    assert fits(Timing.NATIONAL_DAY, datetime(2026, 10, 6, 10))


@pytest.mark.parametrize(
    ("timing", "time", "wanted"),
    [
        (Timing.MORNING, "2026-11-18T11:59", True),
        (Timing.MORNING, "2026-11-18T12:00", False),
        (Timing.AFTERNOON, "2026-11-18T15:00", True),
        (Timing.AFTERNOON, "2026-11-18T11:30", None),
        (Timing.AFTERNOON, "2026-11-18T09:00", False),
        (Timing.EVENING, "2026-11-18T20:00", True),
        (Timing.EVENING, "2026-11-18T02:00", True),
        (Timing.EVENING, "2026-11-18T16:30", None),
        (Timing.EVENING, "2026-11-18T10:00", False),
        (Timing.WEEKEND, "2026-11-20T10:00", True),
        (Timing.WEEKEND, "2026-11-19T10:00", None),
        (Timing.WEEKEND, "2026-11-23T10:00", False),
        (Timing.WEEKEND, "2026-09-30T10:00", None),
        (Timing.HOLIDAY, "2026-09-10T10:00", True),
        (Timing.HOLIDAY, "2026-11-18T10:00", False),
        (Timing.NEW_YEAR, "2026-12-30T10:00", True),
        (Timing.FROM_NOON, "2026-11-18T08:00", True),
    ],
)
def test_fits(timing: Timing, time: str, wanted: bool | None) -> None:
    assert fits(timing, datetime.fromisoformat(time)) is wanted


def test_weekend_days_worked_in_exchange_are_working_days() -> None:
    assert is_working_day(date(2026, 10, 10))
    assert not is_working_day(date(2026, 10, 7))
