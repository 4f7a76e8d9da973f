"""Hearing on this machine: in this process, or in others, each with the model loaded once.

A call that fails becomes an outcome with a reason; it never stops the others. When a process dies, by the
system's hand for its memory or by a defect in native code, all that is known is which calls were being
heard: each of them is heard again in a process of its own, and only one that kills that as well has failed.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from pipeline.audit import HearingTask, Outcome, listen_again
from pipeline.call import Call, Failure
from pipeline.errors import CallauditError
from pipeline.executors.processes import processes
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
    rulebooks : tuple of str
        Whose wording is listened for again where it was nearly said; empty: each call's own standards'.
    """

    engine: str = "faster-whisper"
    weights: str = "base"
    transcriber: TranscriberOptions = field(default_factory=TranscriberOptions)
    hearing: HearingOptions = field(default_factory=HearingOptions)
    rulebooks: tuple[str, ...] = ()

    @property
    def hearing_key(self) -> str:
        """The key of every call heard with this setup, known without loading the model."""
        return hearing_key(self.engine, self.weights, self.transcriber, self.hearing)

    def load(self) -> Hearing:
        """Load the recogniser."""
        return Hearing(
            load_transcriber(self.engine, weights=self.weights, options=self.transcriber), self.hearing
        )


def hear_all(tasks: Sequence[HearingTask], setup: Setup, *, workers: int = 0) -> Iterator[Outcome]:
    """Hear every task; outcomes come as they are ready.

    Parameters
    ----------
    tasks : sequence of HearingTask
    setup : Setup
        With the threads each worker may use.
    workers : int
        0 hears in this process, which then dies with a call that kills it; from 1 on, that many processes
        are started, and no more calls than that are under way or kept at any moment.

    Yields
    ------
    Outcome
        One per task, in no particular order.

    Raises
    ------
    CallauditError
        When the recogniser cannot be loaded.
    """
    if not tasks:
        return
    if workers <= 0:
        hearing = setup.load()
        for task in tasks:
            yield Outcome(task, _hear(hearing, task, setup))
        return
    waiting = deque(tasks)
    while waiting:
        suspects = yield from _hear_until_a_death(waiting, setup, workers)
        for suspect in suspects:
            yield Outcome(suspect, _hear_alone(suspect, setup))


def _hear_until_a_death(
    waiting: deque[HearingTask], setup: Setup, workers: int
) -> Generator[Outcome, None, list[HearingTask]]:
    """Hear what is waiting in one set of processes; return the calls that were under way when one died."""
    running: dict[Future[Call | Failure], HearingTask] = {}
    suspects: list[HearingTask] = []
    with processes(min(workers, len(waiting))) as pool:
        alive = _fill(running, waiting, pool, setup, workers)
        while running:
            finished = [(done, running.pop(done)) for done in wait(running, return_when=FIRST_COMPLETED).done]
            # The next call is on its way before this one's outcome is dealt with.
            alive = alive and _fill(running, waiting, pool, setup, workers)
            for done, task in finished:
                try:
                    result = done.result()
                except BrokenProcessPool:
                    alive = False
                    suspects.append(task)
                else:
                    yield Outcome(task, result)
    return suspects


def _fill(
    running: dict[Future[Call | Failure], HearingTask],
    waiting: deque[HearingTask],
    pool: ProcessPoolExecutor,
    setup: Setup,
    workers: int,
) -> bool:
    """Start calls until every worker has one; False when the processes have died."""
    while waiting and len(running) < workers:
        try:
            running[pool.submit(_hear_here, setup, waiting[0])] = waiting[0]
        except BrokenProcessPool:
            return False
        waiting.popleft()
    return True


def _hear_alone(task: HearingTask, setup: Setup) -> Call | Failure:
    with processes(1) as pool:
        try:
            return pool.submit(_hear_here, setup, task).result()
        except BrokenProcessPool:
            reason = (
                f"{task.record.path}: the process that heard this call died, and again when it heard nothing "
                "else; its memory may not be enough, or the recording has hit a defect in native code"
            )
            return Failure(str(task.record.path), "hear", reason)


def _hear(hearing: Hearing, task: HearingTask, setup: Setup) -> Call | Failure:
    try:
        call = hearing.hear(task.record, sha256=task.sha256)
        return _settle(hearing, call, setup)
    except CallauditError as error:
        return Failure(str(task.record.path), "hear", str(error))
    except Exception as error:  # one call's defect must not cost the night; the reason is kept
        reason = f"{task.record.path}: unexpected {type(error).__name__}: {error}"
        return Failure(str(task.record.path), "hear", reason)


def _settle(hearing: Hearing, call: Call, setup: Setup) -> Call:
    """Add readings. A call is heard without them too; judging names a rulebook that has errors."""
    try:
        return listen_again(hearing, call, setup.rulebooks)
    except CallauditError:
        return call


@functools.cache
def _loaded(setup: Setup) -> Hearing:
    """Load the recogniser once per process."""
    return setup.load()


def _hear_here(setup: Setup, task: HearingTask) -> Call | Failure:
    return _hear(_loaded(setup), task, setup)
