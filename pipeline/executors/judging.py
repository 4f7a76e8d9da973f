"""Judging on this machine: days in this process, or in others, each with the rulebooks read once."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool

from pipeline.audit import DayJudge, JudgedDay
from pipeline.errors import CallauditError
from pipeline.executors.processes import processes

CALLS_PER_WORKER = 500
"""To start a process takes as long as to judge some hundreds of calls."""

_judges: list[DayJudge] = []


def judging_workers(calls: int) -> int:
    """How many processes judge so many calls soonest on this machine; 0 for none beside this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores, calls // CALLS_PER_WORKER)
    return workers if workers > 1 else 0


def judge_days(judge: DayJudge, days: Sequence[str], *, workers: int = 0) -> Iterator[JudgedDay]:
    """Judge days, and yield what each came to in the order given.

    Parameters
    ----------
    judge : DayJudge
    days : sequence of str
        Call dates.
    workers : int
        0 judges in this process; from 1 on, that many processes are started.

    Raises
    ------
    CallauditError
        When a rulebook has errors, or a process dies.
    """
    if not workers:
        yield from map(judge, days)
        return
    with processes(min(workers, max(1, len(days))), _start, judge) as pool:
        try:
            yield from pool.map(_judge_here, days)
        except BrokenProcessPool as error:
            raise CallauditError(
                "a process that judged calls died; its memory may not be enough: judge with fewer --workers"
            ) from error


def _start(judge: DayJudge) -> None:
    _judges.append(judge)
    # Rulebooks stay as long as the process; to look for garbage among them again and again costs a tenth.
    gc.collect()
    gc.freeze()


def _judge_here(day: str) -> JudgedDay:
    return _judges[0](day)
