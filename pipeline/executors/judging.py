"""Judging and adding up on this machine: in this process, or in others that start with what they need."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.audit import JudgedStretch, StretchJudge
from pipeline.errors import CallauditError
from pipeline.executors.processes import processes
from pipeline.machine import usable_processors
from pipeline.store import ScoredDay, Stretch

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.audit import DayScorer, PeriodMerger

CALLS_PER_WORKER = 500
"""To start a process takes as long as to judge some hundreds of calls."""

SCORED_PER_WORKER = 50_000
"""And as long as to add up some ten thousands."""

MERGED_PER_WORKER = 200_000
"""And as long as to add up the stored scorecards of some hundred thousands."""

# What a fast process may have done before a slow one, beyond what is under way: it waits in memory.
_AHEAD = 2

_ADDING_DIED = "a process that added up scorecards died; its memory may not be enough"

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_work: list[Callable[[Any], Any]] = []


def judging_workers(calls: int, *, per_worker: int = CALLS_PER_WORKER) -> int:
    """How many processes judge so many calls soonest on this machine; 0 for none beside this one."""
    workers = min(usable_processors(), calls // per_worker)
    return workers if workers > 1 else 0


def judge_stretches(
    judge: StretchJudge, stretches: Sequence[Stretch], *, workers: int = 0
) -> Iterator[JudgedStretch]:
    """Judge stretches of days, and yield what each came to in the order given.

    Parameters
    ----------
    judge : StretchJudge
    stretches : sequence of Stretch
    workers : int
        0 judges in this process; from 1 on, that many processes are started.

    Raises
    ------
    CallauditError
        When a rulebook has errors, or a process dies.
    """
    died = "a process that judged calls died; its memory may not be enough: judge with fewer --workers"
    return in_order(judge, stretches, workers=workers, died=died)


def score_days(scorer: DayScorer, days: Sequence[str], *, workers: int = 0) -> Iterator[ScoredDay]:
    """Add up the scorecards of days, and yield what each came to in the order given.

    Parameters
    ----------
    scorer : DayScorer
    days : sequence of str
        Call dates.
    workers : int
        As for `judge_stretches`.

    Raises
    ------
    CallauditError
        When a process dies.
    """
    return in_order(scorer, days, workers=workers, died=_ADDING_DIED)


def merge_periods(
    merger: PeriodMerger, periods: Sequence[Sequence[str]], *, workers: int = 0
) -> Iterator[pd.DataFrame]:
    """Add up the stored scorecards of stretches of days, and yield what each came to in the order given.

    Parameters
    ----------
    merger : PeriodMerger
    periods : sequence of sequence of str
        Call dates.
    workers : int
        As for `judge_stretches`.

    Raises
    ------
    CallauditError
        When a process dies.
    """
    return in_order(merger, periods, workers=workers, died=_ADDING_DIED)


def in_order(
    work: Callable[[_Item], _Result], items: Sequence[_Item], *, workers: int, died: str
) -> Iterator[_Result]:
    """Do a piece of work on every item, and yield the results in their order.

    Parameters
    ----------
    work : callable
        Sent to every process once.
    workers : int
        0 works in this process; from 1 on, that many processes are started.
    died : str
        What to say when one of them dies.

    Raises
    ------
    CallauditError
        When a process dies.
    """
    if not workers:
        yield from map(work, items)
        return
    workers = min(workers, max(1, len(items)))
    running: deque[Future[_Result]] = deque()
    with processes(workers, _start, work) as pool:
        try:
            for item in items:
                running.append(pool.submit(_work_here, item))
                if len(running) >= workers + _AHEAD:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except BrokenProcessPool as error:
            raise CallauditError(died) from error
        finally:
            for future in running:
                future.cancel()


def _start(work: Callable[[Any], Any]) -> None:
    _work.append(work)
    # Rulebooks stay as long as the process; to look for garbage among them again and again costs a tenth.
    gc.collect()
    gc.freeze()
    # And calls are thousands of values without cycles: to look for some among them costs a fifth of reading.
    gc.set_threshold(50_000, 20, 100)


def _work_here(item: Any) -> Any:
    return _work[0](item)
