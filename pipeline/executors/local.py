"""Hearing on this machine: in this process, or in others, each with the model loaded once.

When a process dies, by the system's hand for its memory or by a defect in native code, all that is known is
which calls were being heard: each of them is heard again in a process of its own, and only one that kills
that as well has failed. A process that does not get on with its calls ends itself; then those calls alone
are heard again, one at a time, and one that takes too long again has failed.
"""

from __future__ import annotations

import functools
import itertools
import math
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.audit import HearingTask, Outcome
from pipeline.errors import CallauditError
from pipeline.executors.groups import (
    Setup,
    SourceSetups,
    died,
    first_of,
    hear_group,
    hear_here,
    hung,
    load,
    no_memory_to_load,
)
from pipeline.executors.processes import processes
from pipeline.transcribers.taking_turns import MOST_TOGETHER


def _always() -> bool:
    return True


def hear_all(
    tasks: Sequence[HearingTask],
    setup: Setup | SourceSetups,
    *,
    workers: int = 0,
    going_on: Callable[[], bool] = _always,
) -> Generator[Outcome, None, None]:
    """Hear every task; outcomes come as they are ready.

    Parameters
    ----------
    tasks : sequence of HearingTask
    setup : Setup or SourceSetups
        With the threads each worker may use.
    workers : int
        0 hears in this process, which then dies with a call that kills it, and waits for one that hangs; from
        1 on, that many processes are started. No process has more than 12 calls, or one more than ten minutes
        of speech, under way or kept at any moment.
    going_on : callable
        Asked before calls are begun; once it says no, those under way are finished and no others begun.

    Yields
    ------
    Outcome
        One per task that was begun, in no particular order.

    Raises
    ------
    CallauditError
        When the recogniser cannot be loaded.
    """
    if not tasks:
        return
    if workers <= 0:
        yield from _hear_in_turn(tasks, setup, going_on)
        return
    with tempfile.TemporaryDirectory(prefix="callaudit-") as notes:
        yield from _Workers(setup, workers, Path(notes), going_on).hear(tasks)


def _hear_in_turn(
    tasks: Sequence[HearingTask], setup: Setup | SourceSetups, going_on: Callable[[], bool]
) -> Iterator[Outcome]:
    loaded = functools.cache(load)
    together = len(tasks)
    while tasks and going_on():
        own, first = first_of(setup, tasks[:together])
        hearing = loaded(own)
        try:
            outcomes = hear_group(hearing, first, own)
            together = len(tasks)
        except MemoryError:
            # The one after the other, until one is too large by itself.
            outcomes = [died(tasks[0])] if together == 1 else []
            together = 1
        yield from outcomes
        tasks = tasks[len(outcomes) :]


@dataclass(frozen=True, slots=True)
class _Group:
    """Calls that a process was given together, and where it leaves a note."""

    tasks: list[HearingTask]
    note: Path

    @property
    def begun(self) -> bool:
        """Whether its process got as far as hearing."""
        return self.note.exists()

    @property
    def hung(self) -> bool:
        """Whether its process ended itself as it took too long."""
        return self.begun and self.note.stat().st_size > 0


@dataclass(slots=True)
class _Lost:
    """Calls to hear again: under way when a process died or had no memory, or those that took too long."""

    died: list[HearingTask] = field(default_factory=list)
    hung: list[HearingTask] = field(default_factory=list)


class _Workers:
    """Hears in other processes."""

    def __init__(
        self, setup: Setup | SourceSetups, workers: int, notes: Path, going_on: Callable[[], bool]
    ) -> None:
        self._setup = setup
        self._workers = workers
        self._going_on = going_on
        self._notes = (notes / str(number) for number in itertools.count())

    def hear(self, tasks: Sequence[HearingTask]) -> Iterator[Outcome]:
        waiting = deque(tasks)
        while waiting and self._going_on():
            lost = yield from self._until_a_death(waiting, going_on=self._going_on)
            suspects = deque([*lost.hung, *lost.died])
            while suspects:
                # One at a time, a call that ends its process is one of few.
                again = yield from self._until_a_death(suspects, together=1)
                for task in again.hung:
                    yield hung(task, self._setup.of(task)) if task in lost.hung else self._alone(task)
                for task in again.died:
                    yield self._alone(task)

    def _until_a_death(
        self,
        waiting: deque[HearingTask],
        *,
        together: int = MOST_TOGETHER,
        going_on: Callable[[], bool] = _always,
    ) -> Generator[Outcome, None, _Lost]:
        """Hear what is waiting in one set of processes; return the calls that were lost when one ended."""
        running: dict[Future[list[Outcome]], _Group] = {}
        lost, broken = _Lost(), list[_Group]()
        with processes(min(self._workers, len(waiting))) as pool:
            alive = self._fill(running, waiting, pool, together)
            while running:
                outcomes: list[Outcome] = []
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    group = running.pop(done)
                    try:
                        heard = done.result()
                    except MemoryError:
                        lost.died += group.tasks
                    except BrokenProcessPool:
                        alive = False
                        broken.append(group)
                    else:
                        outcomes += heard
                        waiting.extendleft(reversed(group.tasks[len(heard) :]))
                # The next calls are on their way before the outcomes of these are dealt with.
                alive = alive and going_on() and self._fill(running, waiting, pool, together)
                yield from outcomes
        lost.hung = [task for group in broken if group.hung for task in group.tasks]
        others = [task for group in broken if not group.hung for task in group.tasks]
        if lost.hung:
            waiting.extendleft(reversed(others))
        else:
            lost.died += others
        return lost

    def _fill(
        self,
        running: dict[Future[list[Outcome]], _Group],
        waiting: deque[HearingTask],
        pool: ProcessPoolExecutor,
        together: int,
    ) -> bool:
        """Give every worker calls to hear; False when the processes have died."""
        while waiting and len(running) < self._workers:
            # Towards the end of the night the shares get smaller, so that all workers end together.
            count = min(together, math.ceil(len(waiting) / (2 * self._workers)))
            group = _Group([waiting[i] for i in range(count)], next(self._notes))
            try:
                running[pool.submit(hear_here, self._setup, group.tasks, group.note)] = group
            except BrokenProcessPool:
                return False
            for _ in group.tasks:
                waiting.popleft()
        return True

    def _alone(self, task: HearingTask) -> Outcome:
        group = _Group([task], next(self._notes))
        with processes(1) as pool:
            try:
                return pool.submit(hear_here, self._setup, group.tasks, group.note).result()[0]
            except (BrokenProcessPool, MemoryError) as error:
                if not group.begun:
                    raise CallauditError(no_memory_to_load()) from error
                return hung(task, self._setup.of(task)) if group.hung else died(task)
