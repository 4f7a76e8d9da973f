"""Judging on this machine: in this process, or in others, each with the rulebooks read once."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from pipeline.audit import JudgedStretch, StretchJudge
from pipeline.errors import CallauditError
from pipeline.executors.processes import processes
from pipeline.store import Stretch

CALLS_PER_WORKER = 500
"""To start a process takes as long as to judge some hundreds of calls."""

# Stretches that a fast process may have done before a slow one, beyond those under way: they wait in memory.
_AHEAD = 2

_judges: list[StretchJudge] = []


def judging_workers(calls: int) -> int:
    """How many processes judge so many calls soonest on this machine; 0 for none beside this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores, calls // CALLS_PER_WORKER)
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
    if not workers:
        yield from map(judge, stretches)
        return
    workers = min(workers, max(1, len(stretches)))
    running: deque[Future[JudgedStretch]] = deque()
    with processes(workers, _start, judge) as pool:
        try:
            for stretch in stretches:
                running.append(pool.submit(_judge_here, stretch))
                if len(running) >= workers + _AHEAD:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except BrokenProcessPool as error:
            raise CallauditError(
                "a process that judged calls died; its memory may not be enough: judge with fewer --workers"
            ) from error
        finally:
            for future in running:
                future.cancel()


def _start(judge: StretchJudge) -> None:
    _judges.append(judge)
    # Rulebooks stay as long as the process; to look for garbage among them again and again costs a tenth.
    gc.collect()
    gc.freeze()


def _judge_here(stretch: Stretch) -> JudgedStretch:
    return _judges[0](stretch)
