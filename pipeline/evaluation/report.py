"""An evaluation as terminal tables."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from pipeline.evaluation.result import Disagreement, Evaluation, MeasureRow

NOTHING = "—"


def measures_table(evaluation: Evaluation) -> Table:
    """Return one line per measure: value, target, and whether it is reached."""
    table = Table(title="Measured against ground truth")
    table.add_column("measure", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("target", justify="right", no_wrap=True)
    table.add_column("reached", justify="center", no_wrap=True)
    for row in evaluation.rows:
        target = str(row.target) if row.target else ""
        table.add_row(Text(row.name), show_value(row), target, _mark(row))
    caption = [
        f"{what}: {', '.join(calls)}"
        for what, calls in (
            ("no ground truth for", evaluation.without_truth),
            ("no stored tables for", evaluation.without_tables),
        )
        if calls
    ]
    table.caption = Text("\n".join(caption)) if caption else None
    return table


def details_table(evaluation: Evaluation) -> Table:
    """Return what each measure rests on, one line per measure."""
    table = Table(title="What the measures rest on")
    table.add_column("measure", no_wrap=True)
    table.add_column("detail", overflow="fold", ratio=1)
    for row in evaluation.rows:
        table.add_row(Text(row.name), Text(row.detail))
    return table


def clauses_table(evaluation: Evaluation) -> Table:
    """Return one line per clause: fails by the grader and by the audit, precision, recall."""
    table = Table(title="Verdicts per clause")
    table.add_column("clause", no_wrap=True)
    for name in (
        "labels",
        "fails",
        "predicted",
        "right",
        "precision",
        "recall",
        "pass precision",
        "undetermined",
    ):
        table.add_column(name, justify="right")
    for clause in evaluation.clauses:
        table.add_row(
            Text(clause.clause),
            str(clause.labelled),
            str(clause.truth_fails),
            str(clause.predicted_fails),
            str(clause.right_fails),
            *map(
                _show_share,
                (
                    clause.fail_precision,
                    clause.fail_recall,
                    clause.pass_precision,
                    clause.undetermined_share,
                ),
            ),
        )
    return table


def disagreements_table(disagreements: Iterable[Disagreement]) -> Table:
    """Return one line per disagreement between the stored tables and the truth."""
    table = Table(title="Disagreements")
    for name in ("measure", "call", "subject", "truth", "predicted"):
        table.add_column(name, overflow="fold")
    table.add_column("reason", overflow="fold", ratio=1)
    for found in disagreements:
        cells = (found.measure, found.call_id, found.subject, found.truth, found.predicted, found.reason)
        table.add_row(*map(Text, cells))
    return table


def show_value(row: MeasureRow) -> str:
    """Write a measure's value with its unit: ``0.953``, ``0.02 s``, ``3``."""
    if row.value is None:
        return NOTHING
    if row.unit == "count":
        return f"{row.value:.0f}"
    if row.unit == "share":
        return f"{row.value:.3f}"
    return f"{row.value:.3f} {row.unit}" if row.unit == "s" else f"{row.value:.2f} {row.unit}"


def _show_share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _mark(row: MeasureRow) -> Text:
    if row.reached is None:
        return Text("")
    return Text("yes", style="green") if row.reached else Text("no", style="bold red")
