"""A night's work: hear what has not been heard, judge what is stored, add up scorecards.

Hearing is done once per recording and setting; judging reads only stored facts and may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.call import Call, CallRecord, Failure
from pipeline.errors import CallauditError
from pipeline.intake import content_hash
from pipeline.measures import measure
from pipeline.rulebook import Rulebook, judge, load_rulebook
from pipeline.scorecards import daily
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables.judgements import Judgement


@dataclass(frozen=True, slots=True)
class HearingTask:
    """One call to hear, with its recording's hash."""

    record: CallRecord
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: the heard call, or the failure."""

    task: HearingTask
    result: Call | Failure


@dataclass(frozen=True, slots=True)
class HearingSummary:
    """What a night of hearing did.

    Attributes
    ----------
    heard, known, failed : int
        Calls heard now, calls already stored, inputs that failed.
    audio_s : float
        Seconds of recordings heard now.
    """

    heard: int = 0
    known: int = 0
    failed: int = 0
    audio_s: float = 0.0


# Hears tasks and yields an outcome for each, in any order.
Executor = Callable[[Sequence[HearingTask]], Iterator[Outcome]]
# Told after every finished call.
Progress = Callable[[Outcome], None]


def hear_night(
    records: Sequence[CallRecord],
    failures: Sequence[Failure],
    store: Store,
    *,
    hearing_key: str,
    executor: Executor,
    progress: Progress | None = None,
) -> HearingSummary:
    """Hear every call that is not stored yet under ``hearing_key``.

    Parameters
    ----------
    records : sequence of CallRecord
        Calls to hear, ids unique.
    failures : sequence of Failure
        Inputs that intake refused; they are stored beside those that fail now.
    store : Store
        Inside ``store.writing()``.
    hearing_key : str
        Of the setup the executor hears with.
    executor : callable
    progress : callable, optional
    """
    summary = HearingSummary(failed=len(failures))
    for failure in failures:
        store.write_failure(failure)
    tasks: list[HearingTask] = []
    for record in records:
        task = _task(record)
        if isinstance(task, Failure):
            store.write_failure(task, call_id=record.call_id)
            summary = replace(summary, failed=summary.failed + 1)
        elif _is_known(task, store, hearing_key):
            summary = replace(summary, known=summary.known + 1)
        else:
            tasks.append(task)
    for outcome in executor(tasks):
        summary = _keep(outcome, store, summary)
        if progress is not None:
            progress(outcome)
    return summary


def _task(record: CallRecord) -> HearingTask | Failure:
    try:
        return HearingTask(record, content_hash(record))
    except CallauditError as error:
        return Failure(str(record.path), "intake", str(error))


def _is_known(task: HearingTask, store: Store, hearing_key: str) -> bool:
    """Whether this recording is stored as heard with these settings; its metadata is brought up to date."""
    record = task.record
    known = store.heard(record.call_id, record.call_date)
    if known is None or known.sha256 != task.sha256 or known.hearing_key != hearing_key:
        return False
    stored = store.read_call(record.call_id, call_date=record.call_date)
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
    taken = measure(call)
    names = {m.name for m in taken}
    return replace(call, measurements=(*taken, *(m for m in call.measurements if m.name not in names)))


def _keep(outcome: Outcome, store: Store, summary: HearingSummary) -> HearingSummary:
    record, result = outcome.task.record, outcome.result
    if isinstance(result, Failure):
        store.write_failure(result, call_id=record.call_id)
        return replace(summary, failed=summary.failed + 1)
    store.write_call(result)
    store.clear_failures(record.path)
    return replace(summary, heard=summary.heard + 1, audio_s=summary.audio_s + result.duration_s)


def judge_call(call: Call, rulebook: Rulebook) -> Judgement:
    """Judge one call under one rulebook, from stored facts alone."""
    findings = judge(call, rulebook)
    return Judgement.of(
        call, score=score(findings, rulebook.name), findings=findings, rulebook_hash=rulebook.content_hash
    )


@dataclass(frozen=True, slots=True)
class JudgingSummary:
    """What judging did: judgements made, and calls that name no rulebook while none was given."""

    judgements: int = 0
    without_rulebook: int = 0


def judge_night(store: Store, rulebooks: Sequence[Rulebook]) -> JudgingSummary:
    """Judge every stored call again.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.
    rulebooks : sequence of Rulebook
        Applied to every call; judgements under other rulebooks stay as they are. When empty, each call
        is judged under its own ``standards`` and under nothing else.

    Raises
    ------
    ConfigError
        When a call names a rulebook that does not exist.
    """
    summary = JudgingSummary()
    named: dict[str, Rulebook] = {}
    for call_date in _days(store, "findings"):
        stored = () if rulebooks else store.standards(call_date)
        day: dict[str, list[Judgement]] = {name: [] for name in (*stored, *(b.name for b in rulebooks))}
        for call in store.read_calls(call_dates=[call_date]):
            books = rulebooks or [_named(name, named) for name in call.record.standards]
            for book in books:
                day.setdefault(book.name, []).append(judge_call(call, book))
            summary = JudgingSummary(
                summary.judgements + len(books), summary.without_rulebook + (0 if books else 1)
            )
        for standard, judgements in day.items():
            store.write_findings(call_date, standard, judgements)
    return summary


def _days(store: Store, derived: str) -> list[str]:
    """Days with calls, and days whose calls have moved away but whose derived rows are still there."""
    return sorted({*store.dates(), *store.dates(derived)})


def _named(name: str, loaded: dict[str, Rulebook]) -> Rulebook:
    if name not in loaded:
        loaded[name] = load_rulebook(name)
    return loaded[name]


def score_night(store: Store) -> int:
    """Add up every day's scorecards.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.

    Returns
    -------
    int
        Number of agent × day × standard rows.
    """
    rows = 0
    for call_date in _days(store, "scorecards"):
        tables = [
            store.frame(name, call_dates=[call_date])
            for name in ("calls", "measurements", "findings", "scores")
        ]
        frame = daily(*tables)
        store.write_scorecards(call_date, frame)
        rows += len(frame)
    return rows
