"""The command that writes a report for people to read: static pages in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, say
from pipeline.cli.options import Json, Stored
from pipeline.cli.periods import FirstDay, LastDay, OwnRulebooks, Standards, read_period
from pipeline.errors import ConfigError
from pipeline.reports.language import Language


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
    first_day: FirstDay = None,
    last_day: LastDay = None,
    standards: Standards = None,
    rulebooks: OwnRulebooks = None,
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
    from pipeline.places import is_object, place
    from pipeline.reports.pages import Clips, Wanted, write_site
    from pipeline.reports.plain import counted, plain_text
    from pipeline.store import StoreReader

    if clips not in {*Clips}:
        raise ConfigError(f"--clips is {clips!r}; expected {', '.join(Clips)}")
    if is_object(place(to)):
        raise ConfigError(f"--to {to}: expected a folder of this machine; copy the report from there")
    first, last = read_period(first_day, last_day)
    wanted = Wanted(
        language=language,
        clips=Clips(clips),
        first_day=first,
        last_day=last,
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
        audited = f"{counted(written.calls, 'call')} of {counted(written.days, 'day')}"
        typer.echo(plain_text(f"{audited}; open {written.first_page} in a browser"))
    for why in written.unreadable:
        say(f"failed: [store] {why}")
    raise typer.Exit(SOME_FAILED if written.unreadable else DONE)
