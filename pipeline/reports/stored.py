"""What is stored, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table

from pipeline.reports.terminal import plain


def days_table(days: Iterable[tuple[str, int, str, str]]) -> Table:
    """Return a line for each day.

    Parameters
    ----------
    days : iterable of (date, calls, rulebooks, scorecards)
    """
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("day", "calls", "judged under", "scorecards"):
        table.add_column(name, justify="right" if name == "calls" else "left")
    for call_date, calls, judged, cards in days:
        table.add_row(plain(call_date), str(calls), plain(judged), cards)
    return table
