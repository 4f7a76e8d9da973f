"""Times of day as telephone systems and spreadsheets write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import ConfigError, IntakeError

_TIME = re.compile(
    r"(?P<year>\d{4})"
    r"(?:(?P<dash>[-/.])(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})|(?P<month2>\d{2})(?P<day2>\d{2}))"
    r"[Tt _-]{0,3}"
    r"(?:(?P<hour>\d{1,2})(?P<colon>[:-])(?P<minute>\d{2})(?:(?P=colon)(?P<second>\d{2}))?"
    r"|(?P<hour2>\d{2})(?P<minute2>\d{2})(?P<second2>\d{2})?)"
    r"(?:[.,](?P<fraction>\d{1,9}))?"
    r"\s?(?P<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?"
)
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " "})
# When calls have been recorded; nanoseconds since 1970, which tables count in, end in 2262.
YEARS = range(1970, 2200)
EXPECTED = "2026-10-09T09:12:30+08:00, 2026-10-09 09:12:30 or 2026/10/09 09:12"


def read_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises
    ------
    ConfigError
        When the name is not known.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"timezone {name!r} is not known; expected an IANA name such as Asia/Shanghai"
        ) from error


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def read_time(text: str, *, zone: tzinfo) -> datetime:
    """Read a date with a time of day.

    Parameters
    ----------
    text : str
        ISO 8601 with or without offset, its compact form (``20261009-091230``), the form file names use
        (``2026-10-09T09-12-30``), or a spreadsheet's (``2026/10/9 9:12``, ``2026年10月9日 9:12``).
    zone : tzinfo
        The desk's. Applied where the text gives no offset; times in UTC, as databases export them, are
        converted to it. Any other offset is taken for the desk's own and kept.

    Returns
    -------
    datetime
        Aware.

    Raises
    ------
    IntakeError
        When the text is no such time, has no time of day, or names a day that does not exist
        or is not from 1970 to 2199.
    """
    match = _TIME.fullmatch(" ".join(text.translate(_CHINESE).split()))
    if match is None:
        raise IntakeError(f"{text!r} is not a date with a time; expected for instance {EXPECTED}")

    def number(name: str) -> int:
        return int(match[name] or match.groupdict().get(f"{name}2") or 0)

    try:
        moment = datetime(
            number("year"),
            number("month"),
            number("day"),
            number("hour"),
            number("minute"),
            number("second"),
            int((match["fraction"] or "0").ljust(6, "0")[:6]),
            tzinfo=_offset(match["offset"], zone),
        )
        if moment.year not in YEARS:
            raise ValueError(f"the year is not in {YEARS.start}-{YEARS.stop - 1}")
        return moment.astimezone(zone) if not moment.utcoffset() else moment
    except (ValueError, OverflowError) as error:
        raise IntakeError(f"{text!r} is not a date that exists: {error}") from None
