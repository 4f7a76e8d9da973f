"""Commands that write: run, hear, judge, scorecards."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, say
from pipeline.cli.options import (
    Engine,
    EngineOption,
    Json,
    Out,
    Pattern,
    Quiet,
    Recordings,
    Rulebooks,
    Stored,
    Threads,
    Timezone,
    Weights,
    Workers,
)
from pipeline.cli.summary import (
    heard_fields,
    heard_line,
    judged_line,
    no_rulebook,
    print_failures,
    print_night,
    print_scorecards,
    print_unjudged,
)

if TYPE_CHECKING:
    from pipeline.audit import HearingSummary
    from pipeline.executors import Setup
    from pipeline.intake import Intake
    from pipeline.rulebook import Rulebook
    from pipeline.store import Store

# More threads than this add little to one recogniser; further cores become further workers.
THREADS_PER_WORKER = 4


@app.command()
def run(
    recordings: Recordings,
    out: Out,
    rulebook: Rulebooks = None,
    engine: EngineOption = Engine.FASTER_WHISPER,
    weights: Weights = "base",
    workers: Workers = 0,
    threads: Threads = 0,
    file_names: Pattern = None,
    timezone: Timezone = "Asia/Shanghai",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Audit recordings: hear what is new, judge every stored call, make scorecards."""
    from pipeline.audit import judge_night, score_night
    from pipeline.store import Store

    books = _load(rulebook)
    intake = _intake(recordings, file_names, timezone, books, quiet=quiet or as_json)
    workers, setup = _setup(engine, weights, workers, threads)
    store = Store(out)
    with store.writing():
        heard = _hear(intake, store, setup, workers, quiet=quiet or as_json)
        judged = judge_night(store, books)
        score_night(store)
    if as_json:
        typer.echo(json.dumps({"out": str(out), **heard_fields(heard), **asdict(judged)}))
    else:
        print_night(store, heard, judged)
    raise typer.Exit(SOME_FAILED if heard.failures or judged.unreadable else DONE)


@app.command()
def hear(
    recordings: Recordings,
    out: Out,
    engine: EngineOption = Engine.FASTER_WHISPER,
    weights: Weights = "base",
    workers: Workers = 0,
    threads: Threads = 0,
    file_names: Pattern = None,
    timezone: Timezone = "Asia/Shanghai",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Hear recordings that are not stored yet: calls, utterances, events, measurements."""
    from pipeline.store import Store

    intake = _intake(recordings, file_names, timezone, None, quiet=quiet or as_json)
    workers, setup = _setup(engine, weights, workers, threads)
    store = Store(out)
    with store.writing():
        heard = _hear(intake, store, setup, workers, quiet=quiet or as_json)
    if as_json:
        typer.echo(json.dumps({"out": str(out), **heard_fields(heard)}))
    else:
        typer.echo(heard_line(heard))
        print_failures(heard.failures)
    raise typer.Exit(SOME_FAILED if heard.failures else DONE)


@app.command()
def judge(out: Stored, rulebook: Rulebooks = None, as_json: Json = False) -> None:
    """Judge every stored call, without audio: findings and scores."""
    from pipeline.audit import judge_night
    from pipeline.store import Store

    books = _load(rulebook)
    store = Store(out)
    _expect_calls(store)
    with store.writing():
        judged = judge_night(store, books)
    if judged.unknown_standards and not judged.judgements:
        raise no_rulebook(judged.unknown_standards)
    if as_json:
        typer.echo(json.dumps({"out": str(out), **asdict(judged)}))
    else:
        typer.echo(judged_line(judged))
        print_unjudged(judged)
    raise typer.Exit(SOME_FAILED if judged.unreadable else DONE)


@app.command()
def scorecards(
    out: Stored,
    by: Annotated[
        list[str] | None, typer.Option("--by", help="agent_id, team or date; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add up scorecards from the stored tables and show them."""
    from pipeline.audit import score_night
    from pipeline.errors import ConfigError
    from pipeline.scorecards import merge
    from pipeline.store import Store

    groups = by or ["agent_id"]
    unknown = set(groups) - {"agent_id", "team", "date"}
    if unknown:
        raise ConfigError(f"--by {', '.join(sorted(unknown))}: expected agent_id, team or date")
    store = Store(out)
    _expect_calls(store)
    with store.writing():
        score_night(store)
    merged = merge([store.frame("scorecards")], by=groups)
    if as_json:
        typer.echo(merged.to_json(orient="records", force_ascii=False, date_format="iso"))
    else:
        print_scorecards(store, groups)


def _expect_calls(store: Store) -> None:
    from pipeline.errors import StoreError

    if not store.dates():
        raise StoreError(f"{store.out}: no stored calls; 'callaudit hear' or 'callaudit run' makes them")


def _load(names: Sequence[str] | None) -> list[Rulebook]:
    from pipeline.rulebook import load_rulebook

    return [load_rulebook(name) for name in names or ()]


def _intake(
    recordings: str, file_names: str | None, timezone: str, books: Sequence[Rulebook] | None, *, quiet: bool
) -> Intake:
    """Find the calls; with an empty list of rulebooks, check those that the calls name before hearing.

    Raises
    ------
    ConfigError
        When calls name rulebooks and none of them exists, or one that exists has errors.
    """
    from pipeline.intake import choose_pattern, find_calls

    pattern = choose_pattern(file_names) if file_names else None
    intake = find_calls(recordings, pattern=pattern, timezone=timezone)
    if books is not None and not books:
        from pipeline.audit import known_standards

        named = sorted({name for record in intake.records for name in record.standards})
        if named and not known_standards(named):
            raise no_rulebook(named)
    for note in () if quiet else intake.notes:
        say(f"note: {note}")
    return intake


def _setup(engine: Engine, weights: str, workers: int, threads: int) -> tuple[int, Setup]:
    """Share the machine's cores between workers and their threads where the user left it open."""
    from pipeline.executors import Setup

    setup = Setup(engine=engine.value, weights=weights)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = workers or max(1, cores // (threads or THREADS_PER_WORKER))
    threads = threads or max(1, cores // workers)
    return workers, replace(setup, transcriber=replace(setup.transcriber, threads=threads))


def _hear(intake: Intake, store: Store, setup: Setup, workers: int, *, quiet: bool) -> HearingSummary:
    from pipeline.audit import Outcome, hear_night
    from pipeline.cli.progress import night_progress
    from pipeline.executors import hear_all
    from pipeline.reports.plain import plain_text

    with night_progress(len(intake.records), quiet=quiet) as advance:

        def finished(outcome: Outcome) -> None:
            advance(plain_text(outcome.task.record.call_id))

        return hear_night(
            intake.records,
            intake.failures,
            store,
            source=intake.source,
            hearing_key=setup.hearing_key,
            executor=lambda tasks: hear_all(tasks, setup, workers=workers),
            progress=finished,
        )
