"""Hearing, judging and adding up with all of the machine: what commands and a night have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from pipeline import executors
from pipeline.audit import (
    HearingSummary,
    JudgingSummary,
    Progress,
    ScoringSummary,
    SourceCalls,
    hear_sources,
    judge_night,
    merge_stored,
    score_night,
)
from pipeline.call import Failure
from pipeline.errors import WeightsError
from pipeline.executors import MERGED_PER_WORKER, SCORED_PER_WORKER, CallLimit, Cluster, Setup, SourceSetups
from pipeline.hearing import HearingOptions
from pipeline.intake import Intake
from pipeline.machine import usable_memory_bytes, usable_processors
from pipeline.profiling import Stage, stage
from pipeline.rulebook import Rulebook
from pipeline.speech.tone_plans import TonePlan
from pipeline.store import Store, StoreReader
from pipeline.transcribers.base import TranscriberOptions
from pipeline.transcribers.weights import size_bytes
from pipeline.wording.desk_words import DeskWords

WORKER_BYTES, BASE_BYTES = 1_300_000_000, 150_000_000
"""Memory for one worker with the base weights, see benchmarks/speed.md, and the size of these. Cores serve
best as a worker each: much of hearing a call is done by one thread."""

BYTES_PER_BYTE = 3
"""Memory for each byte that other weights have more: as read, as multiplied, and what comes of it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls of one source and how they are heard."""

    intake: Intake
    setup: Setup


def shared_cores(
    workers: int, threads: int, *, calls: int | None = None, weights: str = "base"
) -> tuple[int, int]:
    """Share the machine's cores between workers and their threads where one of them is 0.

    Parameters
    ----------
    workers, threads : int
        0 chooses: as many workers as there are cores, memory and calls for, and threads for what cores are
        left.
    calls : int or None
        None where it is not known how many there will be.
    weights : str
        The larger they are, the fewer workers there is memory for.
    """
    cores = usable_processors()
    if not workers:
        memory_bytes = usable_memory_bytes()
        most = cores // (threads or 1)
        if memory_bytes is not None:
            most = min(most, memory_bytes // _worker_bytes(weights))
        workers = max(1, most if calls is None else min(most, calls))
    return workers, threads or max(1, cores // workers)


def _worker_bytes(weights: str) -> int:
    try:
        bytes_ = size_bytes(weights)
    except WeightsError:  # told in full by who loads them
        return WORKER_BYTES
    return WORKER_BYTES + BYTES_PER_BYTE * max(0, bytes_ - BASE_BYTES)


def make_setup(
    engine: str,
    weights: str,
    words: DeskWords,
    tone_plan: TonePlan,
    *,
    threads: int,
    rulebooks: Sequence[str] = (),
    profile: bool = False,
    call_limit_s: float | None = None,
    device: str = "cpu",
    keep_personal_data: bool = False,
) -> Setup:
    """Return how a desk's calls are heard; its words go into the recogniser's prompt."""
    plain = TranscriberOptions()
    return executors.Setup(
        engine=engine,
        weights=weights,
        transcriber=replace(plain, prompt=words.prompt(plain.prompt), threads=threads, device=device),
        hearing=HearingOptions(desk_words=words, tone_plan=tone_plan, keep_personal_data=keep_personal_data),
        rulebooks=tuple(rulebooks),
        profile=profile,
        call_limit=CallLimit(fixed_s=call_limit_s),
    )


def hear(
    batches: Sequence[Batch],
    store: Store,
    *,
    workers: int,
    progress: Progress,
    cluster: Cluster | None = None,
    going_on: Callable[[], bool] | None = None,
    known_failures: Sequence[Failure] = (),
) -> tuple[HearingSummary, ...]:
    """Hear what is not stored yet, of all sources in one pool of processes or on a cluster.

    Parameters
    ----------
    batches : sequence of Batch
    store : Store
        Inside ``store.writing()``.
    cluster : Cluster, optional
        Where to hear, in place of this machine; then all batches have one setup and all calls are heard.
    going_on : callable, optional
        Once it says no, no more calls are begun.
    known_failures : sequence of Failure
        Not tried again where that would only repeat them.

    Returns
    -------
    tuple of HearingSummary
        One per batch.
    """
    setups = [batch.setup for batch in batches]
    setup = setups[0] if len(set(setups)) == 1 else SourceSetups(tuple(setups))
    hear_all = partial(executors.hear_all, setup=setup, workers=workers)
    if going_on is not None:
        hear_all = partial(hear_all, going_on=going_on)
    if cluster is not None:
        hear_all = partial(executors.hear_on_cluster, setup=setups[0], cluster=cluster)
    return hear_sources(
        [
            SourceCalls(b.intake.records, b.intake.failures, b.intake.source, b.setup.hearing_key)
            for b in batches
        ],
        store,
        executor=hear_all,
        progress=progress,
        known_failures=known_failures,
    )


def judge(
    store: Store,
    rulebooks: Sequence[Rulebook],
    *,
    workers: int = 0,
    call_dates: Collection[str] | None = None,
) -> JudgingSummary:
    """Judge what is stored, as `judge_night` does, in as many processes as are worth starting."""
    count = workers or executors.judging_workers(store.count())
    executor = partial(executors.judge_stretches, workers=count)
    with stage(Stage.JUDGING):
        return judge_night(store, rulebooks, executor=executor, call_dates=call_dates)


def score(store: Store) -> ScoringSummary:
    """Add up scorecards, as `score_night` does, in as many processes as are worth starting."""
    count = executors.judging_workers(store.count(), per_worker=SCORED_PER_WORKER)
    with stage(Stage.SCORECARDS):
        return score_night(store, executor=partial(executors.score_days, workers=count))


def stored_scorecards(store: StoreReader, by: Sequence[str]) -> pd.DataFrame:
    """Add up stored scorecards, as `merge_stored` does, in as many processes as are worth starting."""
    count = executors.judging_workers(store.count(), per_worker=MERGED_PER_WORKER)
    return merge_stored(store, by, executor=partial(executors.merge_periods, workers=count))
