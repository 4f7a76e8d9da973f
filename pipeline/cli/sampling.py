"""The ``sample`` command: findings for graders."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from pipeline.cli.app import DONE, app, program
from pipeline.cli.options import Json, Stored
from pipeline.cli.periods import FirstDay, LastDay, OwnRulebooks, Standards, read_period
from pipeline.reports.language import Language

_SIZES = (25, 25, 50)


@app.command()
def sample(
    out: Stored,
    to: Annotated[Path, typer.Option("--to", help="CSV file to write for graders.", show_default=False)],
    risky: Annotated[
        int | None,
        typer.Option("--risky", min=0, help="Failures that are critical or sure.", show_default=False),
    ] = None,
    borderline: Annotated[
        int | None,
        typer.Option(
            "--borderline", min=0, help="Undetermined, doubtful and near misses.", show_default=False
        ),
    ] = None,
    random: Annotated[
        int | None,
        typer.Option(
            "--random",
            min=0,
            help="Of all others; alone, of all. Without any size 25 risky, 25 borderline, 50 random.",
            show_default=False,
        ),
    ] = None,
    per_agent: Annotated[
        bool, typer.Option("--per-agent", help="So many of each agent, rather than in all.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, help="Draws the same again; told when not given.", show_default=False),
    ] = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    standards: Standards = None,
    rulebooks: OwnRulebooks = None,
    language: Annotated[Language, typer.Option("--language", help="Language of titles.")] = Language.ZH,
    as_json: Json = False,
) -> None:
    """Draw findings for graders.

    Stores what was drawn with its probability and writes a CSV file that 'callaudit calibrate' reads once
    graders have filled in their verdicts.
    """
    from pipeline.errors import ConfigError, StoreError
    from pipeline.places import is_object, place
    from pipeline.private_files import write_private
    from pipeline.reports.pages.standards import shown_standards
    from pipeline.reports.plain import plain_text
    from pipeline.sampling import STRATA, Plan, add_draw, draw, grading_csv, population
    from pipeline.store import Store

    given = (risky, borderline, random)
    sizes = _SIZES if given == (None, None, None) else (risky or 0, borderline or 0, random or 0)
    first, last = read_period(first_day, last_day)
    number = secrets.randbits(32) if seed is None else seed
    plan = Plan(
        *sizes,
        per_agent=per_agent,
        seed=number,
        standards=tuple(standards or ()),
        first_day=first,
        last_day=last,
    )
    if to.exists():
        raise ConfigError(f"{to}: is there already, perhaps with grades; expected the name of a new file")
    if is_object(place(to)) or not to.parent.is_dir():
        raise ConfigError(f"{to}: expected a file in a folder of this machine that is there")
    store = Store(out)
    store.expect_store()
    drawn = draw(population(store, plan), plan)
    if not len(drawn):
        raise StoreError(f"{out}: no findings to draw from in that period; 'callaudit judge' makes them")
    known = shown_standards(drawn["standard"].unique(), rulebooks or ())
    text = grading_csv(drawn, lambda standard, rule: known[standard].clause(rule).title_in(language))
    with store.writing():
        add_draw(store, plan, drawn)
    # With this mark at its beginning, spreadsheets read the file as UTF-8.
    write_private(to, f"\ufeff{text}")
    counts = {name: int((drawn["stratum"] == name).sum()) for name in STRATA}
    if as_json:
        typer.echo(json.dumps({"to": str(to), "seed": number, "drawn": len(drawn), **counts}))
    else:
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        typer.echo(plain_text(f"{to}: {len(drawn)} findings of {drawn['call_id'].nunique()} calls: {told}"))
        typer.echo(f"drawn with --seed {number}, which draws the same from the same store")
        graded = f"{program()} calibrate {quote(str(to))} --out {quote(str(out))}"
        typer.echo(plain_text(f"next: fill in verdict and grader, then {graded}"))
    raise typer.Exit(DONE)
