"""Commands that look at what is stored: status, verify."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app
from pipeline.cli.options import Json, Stored
from pipeline.cli.summary import failure_lines
from pipeline.reports.plain import counted

if TYPE_CHECKING:
    from pipeline.verification import JudgedStatus, Status


@app.command()
def status(out: Stored, as_json: Json = False) -> None:
    """Say what is stored.

    Days, calls, failures, rulebooks, scorecards, whether a run is at work, and damage that is easily seen.
    """
    from rich.console import Console

    from pipeline.reports.plain import plain_text
    from pipeline.reports.stored import days_table
    from pipeline.store import StoreReader
    from pipeline.verification import status_of

    found = status_of(StoreReader(out))
    if as_json:
        typer.echo(json.dumps({"out": str(out), "calls": found.calls, **asdict(found)}))
        return
    rows = [(day.call_date, day.calls, _judged(day.judged), day.scorecards) for day in found.days]
    Console().print(days_table(rows))
    for line in _lines(found):
        typer.echo(plain_text(line))


def _judged(judged: Sequence[JudgedStatus]) -> str:
    return ", ".join(f"{one.standard} {'?' if one.calls is None else one.calls}" for one in judged) or "none"


def _lines(found: Status) -> Iterator[str]:
    held = [day for day in found.days if day.calls]
    others = counted(len(found.days) - len(held), "day")
    without = f"; {others} without calls" if len(held) < len(found.days) else ""
    yield f"{counted(found.calls, 'call')} on {counted(len(held), 'day')}{without}"
    failed = ", ".join(f"{count} at {stage}" for stage, count in found.failures)
    yield f"failures: {failed or 'none'}"
    yield from failure_lines(found.failed, "each with its reason in what --json prints")
    if found.writer is None:
        yield "writer: none; the last one came to its end"
    elif found.writer.active:
        yield f"writer: {found.writer}"
    else:
        yield f"writer: stopped ({found.writer}); give the same command again, it goes on from there"
    for part in (*found.unreadable_failures, *(part for day in found.days for part in day.unreadable)):
        yield f"damaged: {part}; run again, callaudit verify says more"
    for why in found.unreadable_ledgers:
        yield f"damaged: {why}"
    for part in found.damaged:
        yield f"set aside: {part}; what it held was made anew, it may be removed"


@app.command()
def verify(
    out: Stored,
    recordings: Annotated[
        bool,
        typer.Option(
            "--recordings", help="Also read every recording and compare its hash; otherwise it must exist."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check that what is stored fits together.

    Compares every table with every other and with the recordings. Exit code 1 when something is wrong.
    """
    from pipeline.reports.plain import plain_text
    from pipeline.store import StoreReader
    from pipeline.verification import verify as verified
    from pipeline.verification.recordings import told

    found = verified(StoreReader(out), hashes=recordings)
    if as_json:
        problems = [{"file": str(p.file), "seen": p.seen, "mending": p.mending} for p in found.problems]
        typer.echo(json.dumps({**asdict(found), "out": str(out), "problems": problems}))
    else:
        for line in told(found.problems):
            typer.echo(plain_text(line))
        wrong = counted(len(found.problems), "problem") if found.problems else "all fits together"
        stored = f"{counted(found.calls, 'call')} of {counted(found.days, 'day')}"
        typer.echo(f"{stored}, {counted(found.judgements, 'judgement')}: {wrong}")
    raise typer.Exit(SOME_FAILED if found.problems else DONE)
