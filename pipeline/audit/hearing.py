"""Hearing every call once: what is stored already is left alone, what fails is noted and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.audit.known_failures import KnownFailures
from pipeline.call import Call, CallRecord, Failure
from pipeline.errors import CallauditError, StoreError
from pipeline.intake import content_hash
from pipeline.measures import measure
from pipeline.places import place
from pipeline.privacy import redact_record, with_stand_ins
from pipeline.profiling import Stage, StageTime, stage, staged
from pipeline.store import Refused, Store


@dataclass(frozen=True, slots=True)
class HearingTask:
    """One call to hear, with its recording's hash.

    ``source`` is the place of its source among those of the night.
    """

    record: CallRecord
    sha256: str
    source: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: the heard call, or the failure; and what that took, where it was measured."""

    task: HearingTask
    result: Call | Failure
    times: tuple[StageTime, ...] | None = None


@dataclass(frozen=True, slots=True)
class HearingSummary:
    """What a night of hearing did.

    Attributes
    ----------
    heard, known : int
        Calls heard now, and calls already stored.
    audio_s : float
        Seconds of recordings heard now.
    failures : tuple of Failure
        Inputs that failed, at intake or later.
    left : int
        Calls that were not begun, because the night was to end.
    known_failed : int
        Inputs that failed before, were not tried again and are no part of ``failures``.
    """

    heard: int = 0
    known: int = 0
    audio_s: float = 0.0
    failures: tuple[Failure, ...] = ()
    left: int = 0
    known_failed: int = 0

    def with_failure(self, failure: Failure) -> HearingSummary:
        """Add an input that failed."""
        return replace(self, failures=(*self.failures, failure))


# Hears tasks and yields an outcome for each, in any order; closed, it hears no more.
Executor = Callable[[Sequence[HearingTask]], Generator[Outcome, None, None]]
# Told after every finished call.
Progress = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class SourceCalls:
    """What a source gave, and how it is heard.

    Attributes
    ----------
    records : sequence of CallRecord
        Calls to hear; no two of a night have the same id and day.
    failures : sequence of Failure
        Inputs that intake refused; they are stored beside those that fail now, in place of those that were
        refused from the same source before.
    source : str
        Where records and failures come from.
    hearing_key : str
        Of the setup the executor hears them with.
    """

    records: Sequence[CallRecord]
    failures: Sequence[Failure]
    source: str
    hearing_key: str


def hear_night(
    records: Sequence[CallRecord],
    failures: Sequence[Failure],
    store: Store,
    *,
    source: str,
    hearing_key: str,
    executor: Executor,
    progress: Progress | None = None,
) -> HearingSummary:
    """Hear every call of one source that is not stored yet under ``hearing_key``; as `hear_sources`."""
    given = SourceCalls(records, failures, source, hearing_key)
    (summary,) = hear_sources([given], store, executor=executor, progress=progress)
    return summary


def hear_sources(
    sources: Sequence[SourceCalls],
    store: Store,
    *,
    executor: Executor,
    progress: Progress | None = None,
    known_failures: Iterable[Failure] = (),
) -> tuple[HearingSummary, ...]:
    """Hear every call that is not stored yet under its source's key, those of the oldest days first.

    The calls of those days are put together last, where they are many or some of them were before, so that
    other readers of the tables do not find the rows of an older hearing beside the new ones.

    Parameters
    ----------
    sources : sequence of SourceCalls
    store : Store
        Inside ``store.writing()``.
    executor : callable
        May leave tasks out, which are then left for another night.
    progress : callable, optional
    known_failures : iterable of Failure
        Stored before; what another try would only repeat is kept as it is, and not tried.

    Returns
    -------
    tuple of HearingSummary
        One per source, in order.

    Raises
    ------
    WriteError
        When the store cannot be written: the night stops at once, and what was heard before stays.
    """
    known = KnownFailures(known_failures)
    looked_at = [_look_at(given, store, place, known) for place, given in enumerate(sources)]
    summaries = [replace(summary, left=len(tasks)) for tasks, summary in looked_at]
    tasks = sorted((t for found, _ in looked_at for t in found), key=lambda t: t.record.call_date)
    # Left by an error, the executor ends what is under way.
    with closing(executor(tasks)) as outcomes:
        for outcome in staged(Stage.STARTING, outcomes):
            with stage(Stage.TABLES):
                summary = _keep(outcome, store, summaries[outcome.task.source])
            summaries[outcome.task.source] = replace(summary, left=summary.left - 1)
            if progress is not None:
                progress(outcome)
    with stage(Stage.TABLES):
        for call_date in sorted({record.call_date for given in sources for record in given.records}):
            store.bundle(call_date)
    return tuple(summaries)


def _look_at(
    given: SourceCalls, store: Store, place: int, known_failures: KnownFailures
) -> tuple[list[HearingTask], HearingSummary]:
    """Return what is to be heard of a source, and what is known or refused of it, which is stored."""
    summary = HearingSummary()
    refused = [Refused(failure) for failure in given.failures]
    tasks: list[HearingTask] = []
    for record in given.records:
        with stage(Stage.INTAKE):
            task = _task(record, store)
        if isinstance(task, Failure):
            refused.append(Refused(task, record.call_id))
            continue
        try:
            with stage(Stage.INTAKE):
                known = _is_known(task, store, given.hearing_key)
        except StoreError as error:
            summary = summary.with_failure(_note(store, record, "store", error))
            continue
        failed = known_failures.hearing(record, task.sha256, given.hearing_key)
        if known:
            summary = replace(summary, known=summary.known + 1)
        elif failed is not None:
            store.write_failure(failed, call_id=record.call_id)  # a purge may have forgotten it
            summary = replace(summary, known_failed=summary.known_failed + 1)
        else:
            tasks.append(replace(task, source=place))
    looked_at = {*(str(record.path) for record in given.records), *(f.path for f in given.failures)}
    store.write_refused(refused, source=given.source, inputs=looked_at)
    new = [r.failure for r in refused if r.failure not in known_failures]
    return tasks, replace(
        summary,
        failures=(*new, *summary.failures),
        known_failed=summary.known_failed + len(refused) - len(new),
    )


def _task(record: CallRecord, store: Store) -> HearingTask | Failure:
    try:
        task = HearingTask(record, content_hash(record))
    except CallauditError as error:
        return Failure(str(record.path), "intake", str(error))
    stored = store.committed(record.call_id, record.call_date)
    if stored is None or stored.sha256 == task.sha256 or _same_place(place(stored.path), record.path):
        return task
    reason = (
        f"{record.path}: call {record.call_id!r} of {record.call_date} is already stored from another "
        f"recording, {stored.path}; give one of them another call_id or start, or keep their tables apart"
    )
    return Failure(str(record.path), "intake", reason, task.sha256)


def _same_place(one: Path, other: Path) -> bool:
    return one == other or one.resolve() == other.resolve()


def _note(store: Store, record: CallRecord, stage: str, error: CallauditError) -> Failure:
    failure = Failure(str(record.path), stage, f"{record.path}: {error}")
    store.write_failure(failure, call_id=record.call_id)
    return failure


def _is_known(task: HearingTask, store: Store, hearing_key: str) -> bool:
    """Whether this recording is stored as heard with these settings; its metadata is brought up to date.

    Raises
    ------
    StoreError
        When the new metadata cannot be stored.
    """
    record = task.record
    known = store.heard(record.call_id, record.call_date)
    if known is None or known.sha256 != task.sha256 or known.hearing_key != hearing_key:
        return False
    try:
        stored = store.read_call(record.call_id, call_date=record.call_date)
    except StoreError:  # a damaged part: hearing the call again mends it
        return False
    if stored.redacted:
        record = redact_record(record)
        if record.customer_name and not stored.record.customer_name:
            return False  # only the full text says where a name that was not known then is said
    if record.agent_channel is None:
        record = replace(record, agent_channel=stored.record.agent_channel)
    elif record.agent_channel != stored.record.agent_channel:
        return False
    if record != stored.record:
        store.write_call(with_metadata(stored, record))
    store.clear_failures(record.path)
    return True


def with_metadata(call: Call, record: CallRecord) -> Call:
    """Return a heard call with newer metadata, its measurements taken again where they follow from it."""
    call = replace(call, record=record)
    # A number that was taken out is as many words as it was.
    taken = measure(with_stand_ins(call))
    names = {m.name for m in taken}
    return replace(call, measurements=(*taken, *(m for m in call.measurements if m.name not in names)))


def _keep(outcome: Outcome, store: Store, summary: HearingSummary) -> HearingSummary:
    record, result = outcome.task.record, outcome.result
    if isinstance(result, Failure):
        store.write_failure(result, call_id=record.call_id)
        return summary.with_failure(result)
    try:
        store.write_call(result)
    except StoreError as error:
        return summary.with_failure(_note(store, record, "store", error))
    store.clear_failures(record.path)
    return replace(summary, heard=summary.heard + 1, audio_s=summary.audio_s + result.duration_s)
