"""The command that writes a report for people to read: static pages in a folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, say
from pipeline.cli.options import Json, Stored
from pipeline.errors import ConfigError
from pipeline.reports.language import Language

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@app.command()
def report(
    out: Stored,
    to: Annotated[
        Path,
        typer.Option(
            "--to", help="Folder of the report: new, empty, or with an earlier one.", show_default=False
        ),
    ],
    language: Annotated[Language, typer.Option("--language", help="Language of the pages.")] = Language.ZH,
    first_day: Annotated[
        str | None, typer.Option("--from", help="First day, YYYY-MM-DD.", show_default=False)
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--until", help="Last day, YYYY-MM-DD.", show_default=False)
    ] = None,
    standards: Annotated[
        list[str] | None,
        typer.Option(
            "--standard",
            help="Only findings under this rulebook; may be repeated. Without it all of them.",
            show_default=False,
        ),
    ] = None,
    rulebooks: Annotated[
        list[str] | None,
        typer.Option(
            "--rulebook",
            help="Rulebook file of your own, for the titles of its clauses; may be repeated.",
            show_default=False,
        ),
    ] = None,
    clips: Annotated[
        str,
        typer.Option(
            "--clips",
            help="Calls whose evidence can be heard: all, listed (those that other pages link to) or none.",
        ),
    ] = "all",
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes that write pages; 0 chooses by the machine.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Write a report as pages for a browser.

    The team, every agent and every call, with the evidence; it needs no server and no network.
    """
    import json

    from pipeline import __version__
    from pipeline.audit import current_cards
    from pipeline.executors import read_days, site_workers, write_call_pages
    from pipeline.reports.pages import Clips, Wanted, write_site
    from pipeline.store import StoreReader

    if clips not in {*Clips}:
        raise ConfigError(f"--clips is {clips!r}; expected {', '.join(Clips)}")
    wanted = Wanted(
        language=language,
        clips=Clips(clips),
        first_day=_day(first_day, "--from"),
        last_day=_day(last_day, "--until"),
        standards=tuple(standards or ()),
        rulebooks=tuple(rulebooks or ()),
    )
    store = StoreReader(out)
    count = workers or site_workers(store.count())
    written = write_site(
        store.out,
        to,
        wanted,
        version=__version__,
        cards_of=lambda day: current_cards(store, day),
        read_days=lambda reader, days: read_days(reader, days, workers=count),
        write_calls=lambda writer, stretches: write_call_pages(writer, stretches, workers=count),
    )
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "calls": written.calls,
                    "days": written.days,
                    "first_page": str(written.first_page),
                    "unreadable": list(written.unreadable),
                }
            )
        )
    else:
        typer.echo(f"{written.calls} calls of {written.days} days; open {written.first_page} in a browser")
    for why in written.unreadable:
        say(why)
    raise typer.Exit(SOME_FAILED if written.unreadable else DONE)


def _day(text: str | None, option: str) -> str | None:
    if text is not None and not _DAY.fullmatch(text):
        raise ConfigError(f"{option} is {text!r}; expected a day as YYYY-MM-DD")
    return text
