"""A night from start to end; it holds the store's writer lock all the while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import __version__
from pipeline.audit import Outcome
from pipeline.call import Failure
from pipeline.errors import CallauditError, ConfigError, StoreError
from pipeline.executors import Setup
from pipeline.nightly import auditing
from pipeline.nightly.course import Course, end, free_bytes
from pipeline.nightly.gathering import SOURCE, Gathered, Limits, gather
from pipeline.nightly.judged_days import JudgedDays
from pipeline.nightly.logs import Log
from pipeline.nightly.reading import NightConfig
from pipeline.nightly.retention import days_before, last_purge, purge, remove_clips, remove_logs
from pipeline.nightly.summary import Ending, JudgedCounts, NightSummary, PurgedCounts
from pipeline.nightly.verdicts import count_verdicts
from pipeline.profiling import charged_to
from pipeline.store import Store

# Told how many calls there may be to hear; yields what to call after each, with its id.
Watch = Callable[[int], AbstractContextManager[Callable[[str], None]]]


def run_night(
    config: NightConfig, *, log: Log, watch: Watch | None = None, retry_failed: bool = False
) -> NightSummary:
    """Do a night's work, and write its summary and metrics however it ends.

    Parameters
    ----------
    config : NightConfig
    log : Log
        Of `pipeline.nightly.logs`.
    watch : callable, optional
        Shows progress.
    retry_failed : bool
        Also try what has failed before and is as it was.

    Raises
    ------
    WeightsError
        When the recogniser's weights are not found; nothing was done.
    LockedError
        When another writer is at work in the folder; nothing was done.
    StoreError
        When the disk has too little room to hear anything.
    WriteError
        When the tables cannot be written.
    """
    course = Course(config, log)
    setups = make_setups(config)
    course.hearing_keys = {
        s.name: setup.hearing_key for s, setup in zip(config.sources, setups[1], strict=True)
    }
    store = Store(config.out)
    with store.writing():
        log.info("night started", version=__version__, sources=len(config.sources))
        if store.stopped is not None:
            log.warning("the writer before was stopped", since=store.stopped.since)
        if not retry_failed:
            course.known_failures = store.failures()  # before a purge forgets some of them
        with _summed_up(course, store), charged_to(course.account):
            _remove_old(course, store)
            expect_room(config)  # only now: what was too old may have made it
            _hear(course, store, setups, watch or (lambda _: nullcontext(lambda _: None)))
            _judge(course, store)
        if aside := len(store.set_aside()):
            log.warning("damaged parts set aside", parts=aside)
        return end(course, store, course.ending())


def make_setups(config: NightConfig) -> tuple[int, list[Setup]]:
    """Return the number of workers, and how each source is heard."""
    workers, threads = auditing.shared_cores(
        config.keys.workers, config.keys.threads, weights=config.keys.weights
    )
    return workers, [
        auditing.make_setup(
            config.keys.engine,
            config.keys.weights,
            s.words,
            s.tone_plan,
            threads=threads,
            profile=True,
            call_limit_s=config.keys.call_limit_s,
            keep_personal_data=s.keep_personal_data,
        )
        for s in config.sources
    ]


def limits_of(config: NightConfig) -> Limits:
    """Return which recordings a night takes now: nothing that retention, or a purge, has removed."""
    kept = config.keys.retention.tables_days
    limits = (days_before(kept) if kept else None, last_purge(config.out))
    before = max((limit for limit in limits if limit is not None), default=None)
    return Limits(time.time(), 60 * config.keys.settled_min, before)


def expect_room(config: NightConfig) -> None:
    """Make sure that there is the room a night asks for.

    Raises
    ------
    StoreError
        With what there is.
    """
    free_gb, wanted_gb = free_bytes(config.out) / 1e9, config.keys.min_free_gb
    if free_gb < wanted_gb:
        raise StoreError(
            f"{config.out}: {free_gb:.1f} GB of disk are free, fewer than min_free_gb: {wanted_gb:g}; "
            "make room, or keep tables for fewer days"
        )


def stop_at(stop_by: str, started: datetime) -> datetime:
    """Return the next time of that day, ``HH:MM`` by the machine's clock, after the start."""
    hour, minute = map(int, stop_by.split(":"))
    stop = started.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return stop if stop > started else stop + timedelta(days=1)


def _remove_old(course: Course, store: Store) -> None:
    kept, config = course.config.keys.retention, course.config
    if kept.tables_days:
        done = purge(store, days_before(kept.tables_days), scorecards=not kept.scorecards, clips=config.clips)
        course.purged = PurgedCounts(
            len(done.days), done.calls, done.failures, done.clips, problems=len(done.problems)
        )
    try:
        clips = remove_clips(config.clips, days_before(kept.clips_days)) if kept.clips_days else 0
        logs = remove_logs(config.logs, store.out, days_before(kept.logs_days)) if kept.logs_days else 0
        course.purged = replace(course.purged, clips=course.purged.clips + clips, logs=logs)
    except StoreError:
        course.purged = replace(course.purged, problems=course.purged.problems + 1)
    if course.purged.problems:
        course.log.error("old things cannot be removed", problems=course.purged.problems)
    course.log.info(
        "old things removed", calls=course.purged.calls, days=course.purged.days, clips=course.purged.clips
    )


def _hear(course: Course, store: Store, setups: tuple[int, list[Setup]], watch: Watch) -> None:
    course.gathered = gather(course.config, limits_of(course.config))
    for found in course.gathered:
        _note_source(course, store, found)
    workers, of_source = setups
    batches = [auditing.Batch(g.intake, s) for g, s in zip(course.gathered, of_source, strict=True)]
    stop_by = course.config.keys.stop_by
    stop = stop_at(stop_by, course.started).timestamp() if stop_by else None
    begun_s = time.monotonic()
    with watch(sum(len(g.intake.records) for g in course.gathered)) as advance:

        def finished(outcome: Outcome) -> None:
            course.note(outcome)
            advance(outcome.task.record.call_id)

        course.heard = auditing.hear(
            batches,
            store,
            workers=workers,
            progress=finished,
            going_on=None if stop is None else lambda: time.time() < stop,
            known_failures=course.known_failures,
        )
    for source in course.counts():
        if source.known_failed:
            course.log.info("failed before, not tried again", source=source.name, inputs=source.known_failed)
    course.hearing_s = time.monotonic() - begun_s


def _note_source(course: Course, store: Store, found: Gathered) -> None:
    """Keep a source that could not be read as a failure until it can."""
    if found.problem is not None:
        store.write_failure(Failure(found.source.recordings, SOURCE, found.problem))
        course.log.error("source unreadable", source=found.source.name)
        return
    store.clear_failures(found.source.recordings)
    course.log.info(
        "source read",
        source=found.source.name,
        calls=len(found.intake.records),
        refused=len(found.intake.failures),
        unsettled=found.unsettled,
        too_old=found.too_old,
    )


def _judge(course: Course, store: Store) -> None:
    days = JudgedDays(store, course.config.rulebooks)
    changed = days.changed()
    judged = auditing.judge(store, (), call_dates=changed)
    scored = auditing.score(store)
    judged = judged.with_unreadable(scored.unreadable)
    # What could not be read may come back as it was: such a day is judged again by every night until then.
    days.note({*changed} - {*judged.damaged_days, *scored.damaged_days})
    verdicts = count_verdicts(store, changed)
    course.judged = JudgedCounts(
        days=len(changed),
        judgements=judged.judgements,
        calls_to_review=judged.to_review,
        without_rulebook=judged.without_rulebook + judged.calls_of_unknown_standards,
        unreadable=len(judged.unreadable),
        undetermined_share=verdicts.undetermined_share,
        worst_clauses=verdicts.worst,
    )
    course.log.info("judged", days=len(changed), judgements=judged.judgements, to_review=judged.to_review)


@contextmanager
def _summed_up(course: Course, store: Store) -> Iterator[None]:
    """Leave a summary also of a night that an error ends."""
    try:
        yield
    except Exception as error:
        with suppress(OSError, CallauditError):  # the disk may be what ended it
            end(course, store, ending_of(error), error=type(error).__name__)
        raise


def ending_of(error: Exception) -> Ending:
    """Return how a night ends with an error."""
    if isinstance(error, ConfigError):
        return Ending.CONFIGURATION
    return Ending.STOPPED if isinstance(error, CallauditError | OSError) else Ending.DEFECT
