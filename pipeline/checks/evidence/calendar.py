"""Times at which a greeting or a wish is due, and times at which it is out of place, in mainland China.

Statutory holidays, the days off around them and the weekends worked in exchange come from the library
``holidays``, which also computes the lunar festivals of years whose arrangement is not yet published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


class Timing(StrEnum):
    """What a greeting is tied to. ``FROM_NOON`` is for those that are due then but never out of place."""

    MORNING = "morning"
    FROM_NOON = "from_noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    NEW_YEAR = "new_year"
    SPRING_FESTIVAL = "spring_festival"
    LABOUR_DAY = "labour_day"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
    NATIONAL_DAY = "national_day"


_FESTIVALS: Mapping[Timing, str] = {
    Timing.NEW_YEAR: "New Year's Day",
    Timing.SPRING_FESTIVAL: "Chinese New Year",
    Timing.LABOUR_DAY: "Labor Day",
    Timing.DRAGON_BOAT: "Dragon Boat Festival",
    Timing.MID_AUTUMN: "Mid-Autumn Festival",
    Timing.NATIONAL_DAY: "National Day",
}
# Kept by people, not by law: women's, youth, children's, army and teachers' day, Christmas.
_CUSTOMARY = frozenset({(2, 14), (3, 8), (5, 4), (6, 1), (8, 1), (9, 10), (12, 24), (12, 25)})
# Days before and after a festival in which its wish is in place; twice as far it is arguable.
_SEASON: Mapping[Timing, tuple[int, int]] = {
    Timing.NEW_YEAR: (14, 10),
    Timing.SPRING_FESTIVAL: (14, 15),
    Timing.LABOUR_DAY: (7, 4),
    Timing.DRAGON_BOAT: (7, 2),
    Timing.MID_AUTUMN: (10, 2),
    Timing.NATIONAL_DAY: (7, 5),
    Timing.HOLIDAY: (7, 3),
}
NOON_H, EVENING_H = 12, 18
_THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 3, 4, 5, 6


def is_due(timing: Timing, at: datetime) -> bool:
    """Whether it is exactly that time of day or that day; of a festival, only its own days by law."""
    day, hour = at.date(), at.hour
    if timing is Timing.MORNING:
        return hour < NOON_H
    if timing is Timing.FROM_NOON:
        return hour >= NOON_H
    if timing is Timing.AFTERNOON:
        return NOON_H <= hour < EVENING_H
    if timing is Timing.EVENING:
        return hour >= EVENING_H
    if timing is Timing.WEEKEND:
        return day.weekday() >= _SATURDAY and not is_working_day(day)
    return day in _days(timing, day.year)


def fits(timing: Timing, at: datetime) -> bool | None:
    """Whether a greeting tied to that time is in place; None when people would argue about it."""
    hour = at.hour
    if timing is Timing.FROM_NOON:
        return True
    if timing is Timing.MORNING:
        return hour < NOON_H
    if timing is Timing.AFTERNOON:
        return _between(hour, (12, 19), (11, 20))
    if timing is Timing.EVENING:
        return _between((hour - 4) % 24, (13, 24), (12, 24))
    if timing is Timing.WEEKEND:
        return _weekend_fits(at.date())
    before, after = _SEASON[timing]
    if _in_season(timing, at.date(), before, after):
        return True
    return None if _in_season(timing, at.date(), 2 * before, 2 * after) else False


def holidays_on(day: date) -> tuple[Timing, ...]:
    """Festivals whose statutory holiday that day is, in the order of :class:`Timing`."""
    return tuple(timing for timing in _FESTIVALS if day in _days(timing, day.year))


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether offices work that day: a weekday that is no day off, or a weekend day worked in exchange."""
    return bool(_china().is_working_day(day))


def _between(hour: int, sure: tuple[int, int], arguable: tuple[int, int]) -> bool | None:
    if sure[0] <= hour < sure[1]:
        return True
    return None if arguable[0] <= hour < arguable[1] else False


def _weekend_fits(day: date) -> bool | None:
    """From Friday to Sunday; on a Thursday, before a day off or in a worked weekend it is arguable."""
    weekday = day.weekday()
    if weekday >= _FRIDAY:
        saturday = day + timedelta(days=_SATURDAY - weekday)
        ahead = [d for d in (saturday, saturday + timedelta(days=1)) if d >= day]
        return True if any(not is_working_day(d) for d in ahead) else None
    off_ahead = not is_working_day(day) or not is_working_day(day + timedelta(days=1))
    return None if weekday == _THURSDAY or off_ahead else False


@lru_cache(maxsize=4096)
def _in_season(timing: Timing, day: date, before: int, after: int) -> bool:
    around = (day + timedelta(days=n) for n in range(-after, before + 1))
    return any(d in _days(timing, d.year) for d in around)


@cache
def _days(timing: Timing, year: int) -> frozenset[date]:
    """Days of a festival by law in that year; for ``HOLIDAY`` those of all, with the customary ones."""
    if timing is Timing.HOLIDAY:
        customary = {date(year, month, day) for month, day in _CUSTOMARY}
        # The Lantern Festival ends the Spring Festival on its fifteenth day; the first listed day is its eve.
        lantern = min(_days(Timing.SPRING_FESTIVAL, year)) + timedelta(days=15)
        return frozenset(customary | {lantern}).union(*(_days(t, year) for t in _FESTIVALS))
    china = _china()
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    named = ((day, str(china.get(day) or "")) for day in days)
    wanted = _FESTIVALS.get(timing)
    return frozenset(
        day
        for day, names in named
        if wanted and any(name.startswith(wanted) and "observed" not in name for name in names.split("; "))
    )


@cache
def _china() -> HolidayBase:
    # Slow to import, and needed by few rules.
    from holidays import country_holidays

    return country_holidays("CN", language="en_US")
