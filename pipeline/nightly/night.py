"""A night from start to end; it holds the store's writer lock all the while."""

from __future__ import annotations

import platform
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__
from pipeline.audit import HearingSummary, Outcome
from pipeline.call import Call, Failure
from pipeline.errors import CallauditError, ConfigError, StoreError
from pipeline.executors import Setup
from pipeline.nightly import auditing
from pipeline.nightly.gathering import SOURCE, Gathered, Limits, gather
from pipeline.nightly.judged_days import JudgedDays
from pipeline.nightly.logs import Log
from pipeline.nightly.metrics import write_metrics
from pipeline.nightly.reading import NightConfig
from pipeline.nightly.retention import days_before, last_purge, purge, remove_clips, remove_logs
from pipeline.nightly.summary import (
    Ending,
    JudgedCounts,
    NightSummary,
    PurgedCounts,
    SourceCounts,
    past_nights,
    write_summary,
)
from pipeline.nightly.verdicts import count_verdicts
from pipeline.profiling import Account, charged_to
from pipeline.store import Store
from pipeline.store.files import hashed

PACKAGES = ("faster-whisper", "ctranslate2", "openai-whisper", "pyarrow")
# Told how many calls there may be to hear; yields what to call after each, with its id.
Watch = Callable[[int], AbstractContextManager[Callable[[str], None]]]


@dataclass
class _Course:
    """What is known of a night while it goes on, so that a summary can be made whenever it ends."""

    config: NightConfig
    log: Log
    started: datetime = field(default_factory=lambda: datetime.now().astimezone())
    clock_s: float = field(default_factory=time.monotonic)
    account: Account = field(default_factory=Account)
    gathered: tuple[Gathered, ...] = ()
    heard: tuple[HearingSummary, ...] = ()
    hearing_s: float = 0.0
    heard_bytes: int = 0
    judged: JudgedCounts = field(default_factory=JudgedCounts)
    purged: PurgedCounts = field(default_factory=PurgedCounts)
    hearing_keys: dict[str, str] = field(default_factory=dict)


def run_night(config: NightConfig, *, log: Log, watch: Watch | None = None) -> NightSummary:
    """Do a night's work, and write its summary and metrics however it ends.

    Parameters
    ----------
    config : NightConfig
    log : Log
        Of `pipeline.nightly.logs`.
    watch : callable, optional
        Shows progress.

    Raises
    ------
    WeightsError
        When the recogniser's weights are not found; nothing was done.
    LockedError
        When another writer is at work in the folder; nothing was done.
    StoreError
        When the disk has too little room to start, or the tables cannot be written.
    """
    course = _Course(config, log)
    setups = make_setups(config)
    course.hearing_keys = {
        s.name: setup.hearing_key for s, setup in zip(config.sources, setups[1], strict=True)
    }
    expect_room(config)
    store = Store(config.out)
    with store.writing():
        log.info("night started", version=__version__, sources=len(config.sources))
        with _summed_up(course, store), charged_to(course.account):
            _remove_old(course, store)
            _hear(course, store, setups, watch or (lambda _: nullcontext(lambda _: None)))
            _judge(course, store)
        return _end(course, store, _ending(course))


def make_setups(config: NightConfig) -> tuple[int, list[Setup]]:
    """Return the number of workers, and how each source is heard."""
    workers, threads = auditing.shared_cores(config.keys.workers, config.keys.threads)
    return workers, [
        auditing.make_setup(
            config.keys.engine,
            config.keys.weights,
            s.words,
            s.tone_plan,
            threads=threads,
            profile=True,
            call_limit_s=config.keys.call_limit_s,
        )
        for s in config.sources
    ]


def limits_of(config: NightConfig) -> Limits:
    """Return which recordings a night takes now: nothing that retention, or a purge, has removed."""
    kept = config.keys.retention.tables_days
    limits = (days_before(kept) if kept else None, last_purge(config.out))
    before = max((limit for limit in limits if limit is not None), default=None)
    return Limits(time.time(), 60 * config.keys.settled_min, before)


def free_bytes(out: Path) -> int:
    """Return the free disk where a folder is, or will be."""
    return shutil.disk_usage(next(p for p in (out, *out.parents) if p.exists())).free


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


def _remove_old(course: _Course, store: Store) -> None:
    kept, config = course.config.keys.retention, course.config
    if kept.tables_days:
        done = purge(store, days_before(kept.tables_days), scorecards=not kept.scorecards, clips=config.clips)
        course.purged = PurgedCounts(len(done.days), done.calls, done.failures, done.clips)
    clips = remove_clips(config.clips, days_before(kept.clips_days)) if kept.clips_days else 0
    logs = remove_logs(config.logs, store.out, days_before(kept.logs_days)) if kept.logs_days else 0
    course.purged = replace(course.purged, clips=course.purged.clips + clips, logs=logs)
    course.log.info(
        "old things removed", calls=course.purged.calls, days=course.purged.days, clips=course.purged.clips
    )


def _hear(course: _Course, store: Store, setups: tuple[int, list[Setup]], watch: Watch) -> None:
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
            _note_call(course, outcome)
            advance(outcome.task.record.call_id)

        course.heard = auditing.hear(
            batches,
            store,
            workers=workers,
            progress=finished,
            going_on=None if stop is None else lambda: time.time() < stop,
        )
    course.hearing_s = time.monotonic() - begun_s


def _note_source(course: _Course, store: Store, found: Gathered) -> None:
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


def _note_call(course: _Course, outcome: Outcome) -> None:
    record, result = outcome.task.record, outcome.result
    fields = {
        "call": hashed(record.call_id),
        "call_date": record.call_date,
        "source": course.config.sources[outcome.task.source].name,
        "seconds": round(sum(t.clock_s for t in outcome.times or ()), 3),
    }
    course.account.charge(outcome.times or ())
    if isinstance(result, Call):
        course.heard_bytes += _size(record.path) + _size(record.customer_path)
        course.log.info("call", outcome="heard", audio_s=round(result.duration_s, 3), **fields)
    else:
        course.log.warning("call", outcome="failed", stage=result.stage, **fields)


def _size(path: Path | None) -> int:
    try:
        return path.stat().st_size if path is not None else 0
    except OSError:
        return 0


def _judge(course: _Course, store: Store) -> None:
    days = JudgedDays(store, course.config.rulebooks)
    changed = days.changed()
    judged = auditing.judge(store, (), call_dates=changed)
    judged = judged.with_unreadable(auditing.score(store).unreadable)
    if not judged.unreadable:
        days.note(changed)
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
def _summed_up(course: _Course, store: Store) -> Iterator[None]:
    """Leave a summary also of a night that an error ends."""
    try:
        yield
    except Exception as error:
        with suppress(OSError):  # the disk may be what ended it
            _end(course, store, ending_of(error), error=type(error).__name__)
        raise


def ending_of(error: Exception) -> Ending:
    """Return how a night ends with an error."""
    if isinstance(error, ConfigError):
        return Ending.CONFIGURATION
    return Ending.STOPPED if isinstance(error, CallauditError | OSError) else Ending.DEFECT


def _ending(course: _Course) -> Ending:
    counts = _counts(course)
    if any(source.left for source in counts):
        return Ending.CUT
    failed = any(source.failed or source.problem for source in counts)
    return Ending.SOME_FAILED if failed or course.judged.unreadable else Ending.DONE


def _end(course: _Course, store: Store, ending: Ending, *, error: str | None = None) -> NightSummary:
    ended = datetime.now().astimezone()
    failures = Counter(f.stage for heard in course.heard for f in heard.failures)
    failures.update(SOURCE for found in course.gathered if found.problem)
    summary = NightSummary(
        ending=ending,
        started_at=course.started.isoformat(timespec="seconds"),
        ended_at=ended.isoformat(timespec="seconds"),
        night_s=round(time.monotonic() - course.clock_s, 3),
        hearing_s=round(course.hearing_s, 3),
        heard_bytes=course.heard_bytes,
        sources=_counts(course),
        failures=dict(sorted(failures.items())),
        judged=course.judged,
        purged=course.purged,
        stages=course.account.times,
        free_disk_bytes=free_bytes(store.out),
        versions=_versions(course),
        error=error,
    )
    if course.config.metrics is not None:
        write_metrics(course.config.metrics, summary, last_success_s=_last_success_s(store.out, summary))
    write_summary(store.out, summary)
    course.log.info("night ended", ending=str(ending), exit_code=summary.exit_code, error=error)
    return summary


def _counts(course: _Course) -> tuple[SourceCounts, ...]:
    heard: Sequence[HearingSummary] = course.heard or [HearingSummary() for _ in course.gathered]
    return tuple(
        SourceCounts(
            name=found.source.name,
            heard=of_source.heard,
            known=of_source.known,
            failed=len(of_source.failures),
            left=of_source.left,
            unsettled=found.unsettled,
            too_old=found.too_old,
            audio_s=round(of_source.audio_s, 3),
            problem=found.problem,
        )
        for found, of_source in zip(course.gathered, heard, strict=True)
    )


def _versions(course: _Course) -> dict[str, str]:
    return {
        "callaudit": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        **{f"hearing of {name}": key[:16] for name, key in course.hearing_keys.items()},
        **{f"rulebook {book.name}": book.content_hash[:16] for book in course.config.rulebooks},
    }


def _last_success_s(out: Path, summary: NightSummary) -> float | None:
    """Return when the latest night that ended well did so, this one included."""
    if summary.ending is Ending.DONE:
        return datetime.fromisoformat(summary.ended_at).timestamp()
    ended = next((n["ended_at"] for n in past_nights(out) if n.get("exit_code") == 0), None)
    return datetime.fromisoformat(ended).timestamp() if ended else None
