from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError, IntakeError
from pipeline.intake.clock import read_time, read_zone

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 10, 9, 9, 12, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-09T09:12:30+08:00",
        "2026-10-09T09:12:30+0800",
        "2026-10-09T09:12:30+08",
        "2026-10-09T01:12:30Z",
        "2026-10-09T01:12:30+00:00",
        "2026-10-09 09:12:30",
        "2026-10-09 09:12:30.000000000",
        "2026/10/9 9:12:30",
        "2026.10.09 09:12:30",
        "2026-10-09T09-12-30",
        "20261009-091230",
        "20261009091230",
        "20261009 091230",
        "2026年10月9日 9:12:30",
        "2026年10月9日9:12:30",
        "  2026-10-09   09:12:30 ",
    ],
)
def test_every_usual_spelling_is_the_same_moment_at_the_desk(text: str) -> None:
    read = read_time(text, zone=SHANGHAI)
    assert read == MORNING
    assert read.utcoffset() == timedelta(hours=8)


def test_seconds_may_be_left_out() -> None:
    assert read_time("2026/10/09 09:12", zone=SHANGHAI) == MORNING.replace(second=0)


def test_an_offset_other_than_utc_is_the_desks_own() -> None:
    read = read_time("2026-10-09T09:12:30-05:30", zone=SHANGHAI)
    assert read.utcoffset() == timedelta(hours=-5, minutes=-30)
    assert read.hour == 9


def test_utc_is_converted_so_that_the_date_is_the_desks() -> None:
    assert read_time("2026-10-09T17:30:00Z", zone=SHANGHAI).date().isoformat() == "2026-10-10"


def test_the_zone_option_decides_where_there_is_no_offset() -> None:
    read = read_time("2026-07-01 12:00:00", zone=read_zone("Europe/Berlin"))
    assert read.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-10-09",
        "09/10/2026 09:12",
        "46304.38",
        "2026-10/09 09:12",
        "2026-10-09 09",
        "",
        "٢٠٢٦",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(IntakeError, match=r"expected for instance 2026-10-09T09:12:30\+08:00"):
        read_time(text, zone=SHANGHAI)


@pytest.mark.parametrize(
    "text", ["2026-02-30 09:12", "2026-13-01 09:12", "2026-10-09 25:00", "0001-01-01T00:00:00Z"]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    zone = SHANGHAI if not text.startswith("0001") else ZoneInfo("America/New_York")
    with pytest.raises(IntakeError, match="not a date that exists"):
        read_time(text, zone=zone)


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
    st.sampled_from([timezone(timedelta(minutes=m)) for m in (-570, -300, 60, 330, 480, 720)]),
)
def test_iso_times_round_trip(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=zone)
    assert read_time(aware.isoformat(), zone=UTC) == aware


def test_an_unknown_zone_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"Asia/Shangha.*expected an IANA name"):
        read_zone("Asia/Shangha")
    with pytest.raises(ConfigError, match="expected an IANA name"):
        read_zone("../etc/passwd")
