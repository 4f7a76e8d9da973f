"""Marks and what became of them, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.call import Finding
from pipeline.reports.terminal import plain
from pipeline.reviews import Review, Standing

_STYLES = {
    Standing.HOLDS: "green",
    Standing.SUPERSEDED: "dim",
    Standing.STALE: "yellow",
    Standing.GONE: "dim",
}
_SHORT = {"not_applicable": "n/a", "undetermined": "open"}


def reviews_table(marks: Iterable[tuple[Review, Standing, Finding | None]]) -> Table:
    """Return a line for each mark, in 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("day and call", overflow="fold", max_width=18)
    table.add_column("clause", overflow="fold", max_width=9)
    table.add_column("verdict", no_wrap=True)
    table.add_column("standing", no_wrap=True)
    table.add_column("by, when and why", overflow="fold", ratio=1)
    for review, standing, _ in marks:
        said = f"{review.reviewer} {review.reviewed_at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(
            plain(f"{review.call_date} {review.call_id}"),
            plain(review.rule_id, style="bold"),
            Text(_said(review)),
            Text(standing.value, style=_STYLES[standing]),
            plain(f"{said}: {review.reason}" if review.reason else said),
        )
    return table


def _said(review: Review) -> str:
    verdict, right = (_SHORT.get(v, v.value) for v in (review.verdict, review.right_verdict))
    return f"{verdict} → {right}" if review.overturns else f"{verdict} ✓"
