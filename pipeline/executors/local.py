"""Hearing on this machine: in this process, or in several, each with the model loaded once.

A call that fails becomes an outcome with a reason; it never stops the others. A worker process that dies
takes only the calls it held with it, and says so.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from pipeline.audit import HearingTask, Outcome
from pipeline.call import Call, Failure
from pipeline.errors import CallauditError
from pipeline.hearing import Hearing, HearingOptions, hearing_key
from pipeline.transcribers import load_transcriber
from pipeline.transcribers.base import TranscriberOptions


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything a process needs to start hearing.

    Attributes
    ----------
    engine, weights : str
        As :func:`pipeline.transcribers.load_transcriber` takes them.
    """

    engine: str = "faster-whisper"
    weights: str = "base"
    transcriber: TranscriberOptions = field(default_factory=TranscriberOptions)
    hearing: HearingOptions = field(default_factory=HearingOptions)

    @property
    def hearing_key(self) -> str:
        """The key of every call heard with this setup, known without loading the model."""
        return hearing_key(self.engine, self.weights, self.transcriber, self.hearing)

    def load(self) -> Hearing:
        """Load the recogniser."""
        return Hearing(
            load_transcriber(self.engine, weights=self.weights, options=self.transcriber), self.hearing
        )


def hear_all(tasks: Sequence[HearingTask], setup: Setup, *, workers: int = 1) -> Iterator[Outcome]:
    """Hear every task; outcomes come as they are ready.

    Parameters
    ----------
    tasks : sequence of HearingTask
    setup : Setup
        With the threads each worker may use.
    workers : int
        1 hears in this process; more start that many processes.

    Yields
    ------
    Outcome
        One per task, in no particular order.
    """
    if not tasks:
        return
    if workers <= 1 or len(tasks) == 1:
        hearing = setup.load()
        for task in tasks:
            yield Outcome(task, _hear(hearing, task))
        return
    yield from _hear_in_processes(tasks, setup, min(workers, len(tasks)))


def _hear_in_processes(tasks: Sequence[HearingTask], setup: Setup, workers: int) -> Iterator[Outcome]:
    # The recogniser's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_start, initargs=(setup,)) as pool:
        waiting: dict[Future[Call | Failure], HearingTask] = {
            pool.submit(_hear_here, task): task for task in tasks
        }
        for done in as_completed(waiting):
            task = waiting[done]
            try:
                yield Outcome(task, done.result())
            except BrokenProcessPool:
                reason = "the process hearing this call, or one beside it, died; run again"
                yield Outcome(task, Failure(str(task.record.path), "hear", reason))


def _hear(hearing: Hearing, task: HearingTask) -> Call | Failure:
    try:
        return hearing.hear(task.record, sha256=task.sha256)
    except CallauditError as error:
        return Failure(str(task.record.path), "hear", str(error))
    except Exception as error:  # one call's defect must not cost the night; the reason is kept
        reason = f"unexpected {type(error).__name__}: {error}"
        return Failure(str(task.record.path), "hear", reason)


_hearing: Hearing | None = None


def _start(setup: Setup) -> None:
    global _hearing
    _hearing = setup.load()


def _hear_here(task: HearingTask) -> Call | Failure:
    if _hearing is None:
        raise RuntimeError("this worker was not started")
    return _hear(_hearing, task)
