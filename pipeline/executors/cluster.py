"""Hearing on a Ray cluster: the same calls, the same outcomes as on this machine.

Which calls a worker hears at once, and whose fault it is when it dies, is decided here. The calls that a
dead worker was hearing are heard again one by one, each by a worker that hears nothing else meanwhile, since
one of them may have killed it; a call that was under way at three deaths has failed. A worker that takes too
long over a call ends itself, and one without memory enough is replaced: both count as its death.

Every machine reads the recordings by the paths that intake found, and has this package installed.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator, Iterator, Sequence

from pipeline.audit import HearingTask, Outcome
from pipeline.executors.crew import Cluster, Crew, Turn, connected
from pipeline.executors.groups import Setup, ended
from pipeline.transcribers.taking_turns import MOST_TOGETHER

MOST_DEATHS = 3
"""So many workers may die while they hear a call, from the second on nothing else, before it has failed."""


def hear_on_cluster(
    tasks: Sequence[HearingTask], setup: Setup, cluster: Cluster
) -> Generator[Outcome, None, None]:
    """Hear every task; outcomes come as they are ready.

    Parameters
    ----------
    tasks : sequence of HearingTask
    setup : Setup
        Each worker takes as many processors as its recogniser may use threads, at least one.
    cluster : Cluster

    Yields
    ------
    Outcome
        One per task, in no particular order, with what a local executor hears, bit for bit.

    Raises
    ------
    ConfigError
        When Ray is not installed, or no cluster is at the address.
    CallauditError
        When no worker can load the recogniser, or none has room.
    """
    if not tasks:
        return
    with connected(cluster.address):
        crew = Crew(setup, cluster)
        try:
            yield from _hear_all(deque(tasks), crew)
        finally:
            crew.dismiss()


def _hear_all(waiting: deque[HearingTask], crew: Crew) -> Iterator[Outcome]:
    suspects: deque[Turn] = deque()
    while waiting or suspects or crew.hears:
        crew.grow(len(waiting) + len(suspects) + crew.hears)
        outcomes: list[Outcome] = []
        for turn, heard in crew.wait():
            if heard is not None:
                outcomes += heard
                waiting.extendleft(reversed(turn.tasks[len(heard) :]))
            elif turn.deaths + 1 < MOST_DEATHS:
                suspects += (Turn((task,), turn.deaths + 1) for task in turn.tasks)
            else:
                outcomes += (ended(task, crew.setup) for task in turn.tasks)
        # The next calls are on their way before the outcomes of these are dealt with.
        while crew.free and (waiting or suspects):
            crew.give(suspects.popleft() if suspects else _together(waiting, crew.size))
        yield from outcomes


def _together(waiting: deque[HearingTask], workers: int) -> Turn:
    """Take the calls that one of so many workers hears next."""
    # Towards the end of the night the shares get smaller, so that all workers end together.
    count = min(MOST_TOGETHER, math.ceil(len(waiting) / (2 * workers)))
    return Turn(tuple(waiting.popleft() for _ in range(count)))
