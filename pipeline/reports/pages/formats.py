"""Numbers as pages show them; what is missing is a dash, never a 0."""

from __future__ import annotations

from datetime import date

ABSENT = "–"


def is_absent(value: object) -> bool:
    """Return whether there is no value: None, NaN and pandas' own kind of nothing."""
    return value is None or type(value).__name__ == "NAType" or value != value


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with so many decimals."""
    return ABSENT if value is None or is_absent(value) else f"{value:,.{digits}f}"


def points(value: float) -> str:
    """Return points with as many decimals as they have, two at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def signed(value: float | None, digits: int = 1) -> str:
    """Return a difference with its sign; the minus is one."""
    if value is None or is_absent(value):
        return ABSENT
    shown = f"{abs(value):,.{digits}f}"
    if float(shown.replace(",", "")) == 0:
        return f"±{shown}"
    return f"{'+' if value > 0 else '−'}{shown}"


def count(value: int | float | None) -> str:
    """Return a whole number with separators of thousands."""
    return ABSENT if value is None or is_absent(value) else f"{round(value):,}"


def percent(value: float | None, digits: int = 0) -> str:
    """Return a share 0..1 in percent; one that is not 0 is not shown as 0."""
    if value is None or is_absent(value):
        return ABSENT
    least = 10.0**-digits
    if 0 < 100 * value < least:
        return f"<{least:.{digits}f}%"
    return f"{100 * value:.{digits}f}%"


def span(low: float | None, high: float | None, digits: int = 1) -> str:
    """Return an interval, its ends joined by a dash."""
    if is_absent(low) or is_absent(high):
        return ABSENT
    return f"{number(low, digits)}–{number(high, digits)}"


def percent_span(low: float | None, high: float | None, digits: int = 0) -> str:
    """Return an interval of shares in percent."""
    if low is None or high is None or is_absent(low) or is_absent(high):
        return ABSENT
    return f"{100 * low:.{digits}f}–{100 * high:.{digits}f}%"


def clock(seconds: float) -> str:
    """Return a time in a recording as ``m:ss``, or ``h:mm:ss`` from one hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def weekday(day: str) -> int | None:
    """Return the day of the week, Monday 0; None for a day that is not known."""
    try:
        return date.fromisoformat(day).weekday()
    except ValueError:
        return None
