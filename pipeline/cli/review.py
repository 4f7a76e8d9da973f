"""Commands about review and appeal: import marks, list them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, program, say
from pipeline.cli.options import Json, Out, Stored, Timezone

if TYPE_CHECKING:
    from pipeline.call import Finding
    from pipeline.reviews import Review, Standing

review = typer.Typer(
    name="review",
    help="Bring in what reviewers say of findings.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(review)

Marks = Annotated[
    list[Path],
    typer.Argument(
        help="CSV files that the review page exports, and workbooks of 'callaudit workbook' with marks.",
        show_default=False,
    ),
]
Reviewer = Annotated[
    str,
    typer.Option("--reviewer", help="Who made the marks of rows that name no reviewer.", show_default=False),
]
Standings = Annotated[
    list[str] | None,
    typer.Option(
        "--standing",
        help="Only marks that hold, are superseded, stale or gone; may be repeated.",
        show_default=False,
    ),
]


@review.callback()
def about() -> None:
    """Bring in what reviewers say of findings."""


@review.command(name="import")
def import_files(
    files: Marks,
    out: Out,
    reviewer: Reviewer = "",
    timezone: Timezone = "Asia/Shanghai",
    as_json: Json = False,
) -> None:
    """Take reviewers' marks into the ledger and add up scorecards.

    All rows are taken, or none and every bad row is told. The same files again change nothing.
    """
    from pipeline.intake.clock import read_zone
    from pipeline.nightly import auditing
    from pipeline.reviews.importing import import_marks
    from pipeline.store import Store

    zone = read_zone(timezone)
    store = Store(out)
    store.expect_store()
    with store.writing():
        imported = import_marks(store, files, reviewer=reviewer, zone=zone)
        scored = auditing.score(store)
    if as_json:
        told = {
            "out": str(out),
            "added": len(imported.added),
            "overturned": imported.overturned,
            "known": imported.known,
            "unmarked": imported.unmarked,
            "unreadable": scored.unreadable,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            f"{len(imported.added)} new marks, {imported.overturned} of them overturn a verdict; "
            f"{imported.known} known already, {imported.unmarked} rows without a mark"
        )
        if imported.added:
            of = quote(str(out))
            typer.echo(f"next: {program()} scorecards {of}, or {program()} rules health {of}")
        for reason in scored.unreadable:
            say(f"failed: [store] {reason}")
    raise typer.Exit(SOME_FAILED if scored.unreadable else DONE)


@review.command(name="list")
def list_marks(out: Stored, standing: Standings = None, as_json: Json = False) -> None:
    """List the marks in the ledger and what became of each.

    A mark holds, is superseded by a later one, is stale because the call is judged otherwise now, or its
    finding is gone.
    """
    from rich.console import Console

    from pipeline.errors import ConfigError
    from pipeline.reports.plain import plain_json
    from pipeline.reports.reviews import reviews_table
    from pipeline.reviews import Ledger, Standing, stored_marks
    from pipeline.store import StoreReader

    if unknown := {*(standing or ())} - {*Standing}:
        raise ConfigError(f"--standing {', '.join(sorted(unknown))}: expected {', '.join(Standing)}")
    store = StoreReader(out)
    store.expect_store()
    marks = list(stored_marks(store, Ledger.of(store)))
    shown = [mark for mark in marks if not standing or mark[1] in standing]
    if as_json:
        typer.echo(plain_json(json.dumps([_fields(*mark) for mark in shown], ensure_ascii=False)))
        return
    if shown:
        Console().print(reviews_table(shown))
    counts = Counter(mark[1] for mark in marks)
    told = ", ".join(f"{counts[one]} {_TOLD[one]}" for one in Standing if counts[one])
    typer.echo(
        f"{len(marks)} marks" + (f": {told}" if told else "; 'callaudit review import' brings them in")
    )


_TOLD = {
    "holds": "hold",
    "superseded": "superseded by a later one",
    "stale": "stale: the call is judged otherwise now, review it again",
    "gone": "gone: there is no such finding any more",
}


def _fields(mark: Review, standing: Standing, finding: Finding | None) -> dict[str, Any]:
    from dataclasses import asdict

    fields = asdict(mark) | {"standing": standing, "verdict_now": finding.verdict if finding else None}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in fields.items()
    }
