"""The ``workbook`` command: an Excel file for people who live in it."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, program, say
from pipeline.cli.options import Json, Stored
from pipeline.cli.periods import FirstDay, LastDay, OwnRulebooks, Standards, read_period
from pipeline.reports.language import Language


@app.command()
def workbook(
    out: Stored,
    to: Annotated[Path, typer.Option("--to", help="File to write, .xlsx.", show_default=False)],
    language: Annotated[Language, typer.Option("--language", help="Language of the sheets.")] = Language.ZH,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    standards: Standards = None,
    rulebooks: OwnRulebooks = None,
    as_json: Json = False,
) -> None:
    """Write an Excel workbook.

    Scorecards with charts, clauses, findings to review, calls and a glossary. Marks made in its sheet of
    findings come back with 'callaudit review import'.
    """
    from pipeline.audit import current_cards
    from pipeline.errors import ConfigError
    from pipeline.reports.plain import counted, plain_text
    from pipeline.reports.workbook import Wanted, write_workbook
    from pipeline.store import StoreReader

    if to.suffix.lower() != ".xlsx":
        raise ConfigError(f"--to {to}: expected a file that ends in .xlsx")
    if to.is_dir() or not to.parent.is_dir():
        raise ConfigError(f"--to {to}: expected a file in a folder that is there")
    first, last = read_period(first_day, last_day)
    wanted = Wanted(language, first, last, tuple(standards or ()), tuple(rulebooks or ()))
    store = StoreReader(out)
    written = write_workbook(store, to, wanted, cards_of=lambda day: current_cards(store, day))
    if as_json:
        told = {
            "to": str(to),
            "days": written.days,
            "calls": written.calls,
            "findings": written.findings,
            "unreadable": written.unreadable,
        }
        typer.echo(json.dumps(told))
    else:
        typer.echo(
            plain_text(
                f"{to}: {counted(written.calls, 'call')} of {counted(written.days, 'day')}, "
                f"{counted(written.findings, 'finding')} to review"
            )
        )
        marked = f"{program()} review import {quote(str(to))} --out {quote(str(out))}"
        typer.echo(plain_text(f"next: mark findings in it, then {marked}"))
    for why in written.unreadable:
        say(f"failed: [store] {why}")
    raise typer.Exit(SOME_FAILED if written.unreadable else DONE)
