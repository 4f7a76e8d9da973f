"""Hearing on this machine: in this process, or in others, each with the model loaded once.

A call that fails becomes an outcome with a reason; it never stops the others. When a process dies, by the
system's hand for its memory or by a defect in native code, all that is known is which calls were being
heard: each of them is heard again in a process of its own, and only one that kills that as well has failed.
"""

from __future__ import annotations

import functools
import math
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field

from pipeline.audit import HearingTask, Outcome, listen_again
from pipeline.call import Call, Failure
from pipeline.errors import CallauditError
from pipeline.executors.processes import processes
from pipeline.hearing import Hearing, HearingOptions, hearing_key
from pipeline.profiling import Account, charged_to
from pipeline.transcribers import load_transcriber
from pipeline.transcribers.base import TranscriberOptions
from pipeline.transcribers.taking_turns import MOST_TOGETHER


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything a process needs to start hearing.

    Attributes
    ----------
    engine, weights : str
        As :func:`pipeline.transcribers.load_transcriber` takes them.
    rulebooks : tuple of str
        Whose wording is listened for again where it was nearly said; empty: each call's own standards'.
    profile : bool
        Measure what the stages of each call take.
    """

    engine: str = "faster-whisper"
    weights: str = "base"
    transcriber: TranscriberOptions = field(default_factory=TranscriberOptions)
    hearing: HearingOptions = field(default_factory=HearingOptions)
    rulebooks: tuple[str, ...] = ()
    profile: bool = False

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
        are started. No process has more than 12 calls, or one more than ten minutes of speech, under way or
        kept at any moment.

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
        yield from _hear_in_turn(setup.load(), tasks, setup)
        return
    waiting = deque(tasks)
    while waiting:
        suspects = deque((yield from _hear_until_a_death(waiting, setup, workers)))
        while suspects:
            # One at a time, a call that kills its process is one of few.
            for suspect in (yield from _hear_until_a_death(suspects, setup, workers, together=1)):
                yield _hear_alone(suspect, setup)


def _hear_in_turn(hearing: Hearing, tasks: Sequence[HearingTask], setup: Setup) -> Iterator[Outcome]:
    while tasks:
        outcomes = _hear(hearing, tasks, setup)
        yield from outcomes
        tasks = tasks[len(outcomes) :]


def _hear_until_a_death(
    waiting: deque[HearingTask], setup: Setup, workers: int, *, together: int = MOST_TOGETHER
) -> Generator[Outcome, None, list[HearingTask]]:
    """Hear what is waiting in one set of processes; return the calls that were under way when one died."""
    running: dict[Future[list[Outcome]], list[HearingTask]] = {}
    suspects: list[HearingTask] = []
    with processes(min(workers, len(waiting))) as pool:
        alive = _fill(running, waiting, pool, setup, workers, together)
        while running:
            outcomes: list[Outcome] = []
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                tasks = running.pop(done)
                try:
                    heard = done.result()
                except BrokenProcessPool:
                    alive = False
                    suspects += tasks
                else:
                    outcomes += heard
                    waiting.extendleft(reversed(tasks[len(heard) :]))
            # The next calls are on their way before the outcomes of these are dealt with.
            alive = alive and _fill(running, waiting, pool, setup, workers, together)
            yield from outcomes
    return suspects


def _fill(
    running: dict[Future[list[Outcome]], list[HearingTask]],
    waiting: deque[HearingTask],
    pool: ProcessPoolExecutor,
    setup: Setup,
    workers: int,
    together: int,
) -> bool:
    """Give every worker calls to hear; False when the processes have died."""
    while waiting and len(running) < workers:
        # Towards the end of the night the shares get smaller, so that all workers end together.
        count = min(together, math.ceil(len(waiting) / (2 * workers)))
        tasks = [waiting[i] for i in range(count)]
        try:
            running[pool.submit(_hear_here, setup, tasks)] = tasks
        except BrokenProcessPool:
            return False
        for _ in tasks:
            waiting.popleft()
    return True


def _hear_alone(task: HearingTask, setup: Setup) -> Outcome:
    with processes(1) as pool:
        try:
            return pool.submit(_hear_here, setup, [task]).result()[0]
        except BrokenProcessPool:
            reason = (
                f"{task.record.path}: the process that heard this call died, and again when it heard nothing "
                "else; its memory may not be enough, or the recording has hit a defect in native code"
            )
            return Outcome(task, Failure(str(task.record.path), "hear", reason))


def _hear(hearing: Hearing, tasks: Sequence[HearingTask], setup: Setup) -> list[Outcome]:
    """Hear the first of the tasks, as many as are heard together."""
    accounts = [Account() if setup.profile else None for _ in tasks]
    heard = hearing.hear_together(((task.record, task.sha256) for task in tasks), accounts)
    outcomes = []
    for task, account, result in zip(tasks, accounts, heard, strict=False):
        with charged_to(account):
            settled = _settled(hearing, task, result, setup)
        outcomes.append(Outcome(task, settled, account.times if account is not None else None))
    return outcomes


def _settled(hearing: Hearing, task: HearingTask, heard: Call | Exception, setup: Setup) -> Call | Failure:
    try:
        if isinstance(heard, Exception):
            raise heard
        return _settle(hearing, heard, setup)
    except CallauditError as error:
        return Failure(str(task.record.path), "hear", str(error))
    except Exception as error:  # one call's defect must not cost the night; the reason is kept
        reason = f"{task.record.path}: unexpected {type(error).__name__}: {error}"
        return Failure(str(task.record.path), "hear", reason)


def _settle(hearing: Hearing, call: Call, setup: Setup) -> Call:
    """Add readings, which need every word, and take personal data out.

    A call is heard without readings too; judging names a rulebook that has errors.
    """
    with suppress(CallauditError):
        call = listen_again(hearing, call, setup.rulebooks)
    return hearing.settle(call)


@functools.cache
def _loaded(setup: Setup) -> Hearing:
    """Load the recogniser once per process."""
    return setup.load()


def _hear_here(setup: Setup, tasks: Sequence[HearingTask]) -> list[Outcome]:
    return _hear(_loaded(setup), tasks, setup)
