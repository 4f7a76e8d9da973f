"""Commands that write: run, hear, judge, scorecards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, say
from pipeline.cli.comparison import Compare, show_comparison
from pipeline.cli.options import (
    Address,
    CallLimitS,
    Engine,
    EngineOption,
    ExecutorOption,
    FollowLinks,
    GpusPerWorker,
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
    Where,
    Workers,
)
from pipeline.cli.profile import Profiling
from pipeline.cli.recordings import choose_cluster, choose_setup, find_intake, hear_recordings
from pipeline.cli.summary import (
    heard_fields,
    heard_line,
    judged_line,
    no_rulebook,
    print_failures,
    print_mended,
    print_night,
    print_scorecards,
    print_unjudged,
)
from pipeline.profiling import Stage, stage
from pipeline.reports.plain import plain_json

if TYPE_CHECKING:
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
    executor: ExecutorOption = Where.LOCAL,
    address: Address = None,
    gpus_per_worker: GpusPerWorker = 0.0,
    call_limit_s: CallLimitS = None,
    file_names: Pattern = None,
    timezone: Timezone = "Asia/Shanghai",
    follow_links: FollowLinks = False,
    keep_personal_data: KeepPersonalData = False,
    profile: Profile = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Audit recordings.

    Hear what is new, judge every stored call, make scorecards.
    """
    from pipeline.nightly import auditing
    from pipeline.nightly.auditing import Batch
    from pipeline.store import Store

    profiling = Profiling(wanted=profile)
    with profiling.charged():
        books = _load(rulebook)
        with stage(Stage.INTAKE):
            intake = find_intake(
                recordings, file_names, timezone, books, quiet=quiet or as_json, follow_links=follow_links
            )
        cluster = choose_cluster(executor, address, workers, gpus_per_worker)
        workers, setup = choose_setup(
            engine,
            weights,
            lexicon,
            tone_plan,
            workers,
            threads,
            calls=len(intake.records),
            rulebooks=rulebook or (),
            profile=profile,
            call_limit_s=call_limit_s,
            keep_personal_data=keep_personal_data,
            cluster=cluster,
        )
        store = Store(out)
        with store.writing():
            (heard,) = hear_recordings(
                [Batch(intake, setup)], store, workers, cluster, quiet=quiet or as_json, note=profiling.note
            )
            judged = auditing.judge(store, books)
            judged = judged.with_unreadable(auditing.score(store).unreadable)
            print_mended(store)
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
    executor: ExecutorOption = Where.LOCAL,
    address: Address = None,
    gpus_per_worker: GpusPerWorker = 0.0,
    call_limit_s: CallLimitS = None,
    file_names: Pattern = None,
    timezone: Timezone = "Asia/Shanghai",
    follow_links: FollowLinks = False,
    keep_personal_data: KeepPersonalData = False,
    profile: Profile = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Hear recordings that are not stored yet.

    Stores calls, utterances, events and measurements.
    """
    from pipeline.nightly.auditing import Batch
    from pipeline.store import Store

    profiling = Profiling(wanted=profile)
    with profiling.charged():
        with stage(Stage.INTAKE):
            intake = find_intake(
                recordings, file_names, timezone, None, quiet=quiet or as_json, follow_links=follow_links
            )
        cluster = choose_cluster(executor, address, workers, gpus_per_worker)
        workers, setup = choose_setup(
            engine,
            weights,
            lexicon,
            tone_plan,
            workers,
            threads,
            calls=len(intake.records),
            profile=profile,
            call_limit_s=call_limit_s,
            keep_personal_data=keep_personal_data,
            cluster=cluster,
        )
        store = Store(out)
        with store.writing():
            (heard,) = hear_recordings(
                [Batch(intake, setup)], store, workers, cluster, quiet=quiet or as_json, note=profiling.note
            )
            print_mended(store)
    if as_json:
        typer.echo(json.dumps({"out": str(out), **heard_fields(heard), **profiling.fields()}))
    else:
        typer.echo(heard_line(heard))
        print_failures(heard.failures, store)
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
    from pipeline.nightly import auditing
    from pipeline.store import Store

    books = _load(rulebook)
    store = Store(out)
    _expect_calls(store)
    if compare is not None:
        raise typer.Exit(show_comparison(store, books, compare, as_json=as_json))
    with store.writing():
        judged = auditing.judge(store, books, workers=workers)
        print_mended(store)
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
    from pipeline.nightly import auditing
    from pipeline.store import Store

    groups = by or ["agent_id"]
    unknown = set(groups) - {"agent_id", "team", "date", "shift_hour"}
    if unknown:
        raise ConfigError(f"--by {', '.join(sorted(unknown))}: expected agent_id, team, date or shift_hour")
    store = Store(out)
    _expect_calls(store)
    with store.writing():
        scored = auditing.score(store)
        print_mended(store)
    if as_json:
        merged = auditing.stored_scorecards(store, groups)
        typer.echo(plain_json(merged.to_json(orient="records", force_ascii=False, date_format="iso")))
    else:
        print_scorecards(store, groups)
        for reason in scored.unreadable:
            say(f"failed: [store] {reason}")
    raise typer.Exit(SOME_FAILED if scored.unreadable else DONE)


def _expect_calls(store: Store) -> None:
    from pipeline.errors import StoreError

    if not store.dates():
        raise StoreError(f"{store.out}: no stored calls; 'callaudit hear' or 'callaudit run' makes them")


def _load(names: Sequence[str] | None) -> list[Rulebook]:
    from pipeline.rulebook import load_rulebook

    return [load_rulebook(name) for name in names or ()]
