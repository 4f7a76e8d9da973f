"""Commands that write: run, hear, judge, scorecards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app
from pipeline.cli.comparison import Compare, show_comparison
from pipeline.cli.options import (
    Engine,
    EngineOption,
    Json,
    Judges,
    KeepPersonalData,
    Lexicon,
    Out,
    Pattern,
    Profile,
    Quiet,
    Recordings,
    Rulebooks,
    Stored,
    Threads,
    Timezone,
    TonePlan,
    Weights,
    Workers,
)
from pipeline.cli.profile import Profiling
from pipeline.cli.recordings import choose_setup, find_intake, hear_recordings
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
from pipeline.profiling import Stage, stage

if TYPE_CHECKING:
    from pipeline.audit import JudgingSummary
    from pipeline.rulebook import Rulebook
    from pipeline.store import Store


@app.command()
def run(
    recordings: Recordings,
    out: Out,
    rulebook: Rulebooks = None,
    engine: EngineOption = Engine.FASTER_WHISPER,
    weights: Weights = "base",
    lexicon: Lexicon = None,
    tone_plan: TonePlan = "cn",
    workers: Workers = 0,
    threads: Threads = 0,
    file_names: Pattern = None,
    timezone: Timezone = "Asia/Shanghai",
    keep_personal_data: KeepPersonalData = False,
    profile: Profile = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Audit recordings.

    Hear what is new, judge every stored call, make scorecards.
    """
    from pipeline.store import Store

    profiling = Profiling(wanted=profile)
    with profiling.charged():
        books = _load(rulebook)
        with stage(Stage.INTAKE):
            intake = find_intake(recordings, file_names, timezone, books, quiet=quiet or as_json)
        workers, setup = choose_setup(
            engine, weights, lexicon, tone_plan, workers, threads, keep_personal_data=keep_personal_data
        )
        setup = replace(setup, rulebooks=tuple(rulebook or ()), profile=profile)
        store = Store(out)
        with store.writing():
            heard = hear_recordings(
                intake, store, setup, workers, quiet=quiet or as_json, note=profiling.note
            )
            judged = _judge(store, books)
            _score(store)
    if as_json:
        told = {"out": str(out), **heard_fields(heard), **asdict(judged), **profiling.fields()}
        typer.echo(json.dumps(told))
    else:
        print_night(store, heard, judged)
        profiling.show()
    raise typer.Exit(SOME_FAILED if heard.failures or judged.unreadable else DONE)


@app.command()
def hear(
    recordings: Recordings,
    out: Out,
    engine: EngineOption = Engine.FASTER_WHISPER,
    weights: Weights = "base",
    lexicon: Lexicon = None,
    tone_plan: TonePlan = "cn",
    workers: Workers = 0,
    threads: Threads = 0,
    file_names: Pattern = None,
    timezone: Timezone = "Asia/Shanghai",
    keep_personal_data: KeepPersonalData = False,
    profile: Profile = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Hear recordings that are not stored yet.

    Stores calls, utterances, events and measurements.
    """
    from pipeline.store import Store

    profiling = Profiling(wanted=profile)
    with profiling.charged():
        with stage(Stage.INTAKE):
            intake = find_intake(recordings, file_names, timezone, None, quiet=quiet or as_json)
        workers, setup = choose_setup(
            engine, weights, lexicon, tone_plan, workers, threads, keep_personal_data=keep_personal_data
        )
        setup = replace(setup, profile=profile)
        store = Store(out)
        with store.writing():
            heard = hear_recordings(
                intake, store, setup, workers, quiet=quiet or as_json, note=profiling.note
            )
    if as_json:
        typer.echo(json.dumps({"out": str(out), **heard_fields(heard), **profiling.fields()}))
    else:
        typer.echo(heard_line(heard))
        print_failures(heard.failures)
        profiling.show()
    raise typer.Exit(SOME_FAILED if heard.failures else DONE)


@app.command()
def judge(
    out: Stored,
    rulebook: Rulebooks = None,
    workers: Judges = 0,
    compare: Compare = None,
    as_json: Json = False,
) -> None:
    """Judge every stored call, without audio.

    Stores findings and scores.
    """
    from pipeline.store import Store

    books = _load(rulebook)
    store = Store(out)
    _expect_calls(store)
    if compare is not None:
        raise typer.Exit(show_comparison(store, books, compare, as_json=as_json))
    with store.writing():
        judged = _judge(store, books, workers)
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
        list[str] | None, typer.Option("--by", help="agent_id, team, date or shift_hour; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add up scorecards from the stored tables and show them."""
    from pipeline.errors import ConfigError
    from pipeline.scorecards import merge
    from pipeline.store import Store

    groups = by or ["agent_id"]
    unknown = set(groups) - {"agent_id", "team", "date", "shift_hour"}
    if unknown:
        raise ConfigError(f"--by {', '.join(sorted(unknown))}: expected agent_id, team, date or shift_hour")
    store = Store(out)
    _expect_calls(store)
    with store.writing():
        _score(store)
    if as_json:
        merged = merge(store.tables("scorecards"), by=groups)
        typer.echo(merged.to_json(orient="records", force_ascii=False, date_format="iso"))
    else:
        print_scorecards(store, groups)


def _judge(store: Store, books: Sequence[Rulebook], workers: int = 0) -> JudgingSummary:
    from pipeline.audit import judge_night
    from pipeline.executors import judge_stretches, judging_workers

    count = workers or judging_workers(store.count())
    with stage(Stage.JUDGING):
        return judge_night(store, books, executor=partial(judge_stretches, workers=count))


def _score(store: Store) -> int:
    from pipeline.audit import score_night
    from pipeline.executors import SCORED_PER_WORKER, judging_workers, score_days

    count = judging_workers(store.count(), per_worker=SCORED_PER_WORKER)
    with stage(Stage.SCORECARDS):
        return score_night(store, executor=partial(score_days, workers=count))


def _expect_calls(store: Store) -> None:
    from pipeline.errors import StoreError

    if not store.dates():
        raise StoreError(f"{store.out}: no stored calls; 'callaudit hear' or 'callaudit run' makes them")


def _load(names: Sequence[str] | None) -> list[Rulebook]:
    from pipeline.rulebook import load_rulebook

    return [load_rulebook(name) for name in names or ()]
