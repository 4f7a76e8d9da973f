"""Speed and memory of judging stored calls by every shipped rulebook: in one process, and on all cores.

The calls of a store are written again under other ids, agents and days until there are as many as asked for;
then all of them are read back, judged, and their findings and scores written as ``callaudit judge`` does it.
A first, small round loads everything that is loaded once, so that the time in one process is that of judging;
the time on all cores includes the start of the processes.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.audit import judge_night, score_night
from pipeline.call import Call
from pipeline.executors import judge_days
from pipeline.rulebook import Rulebook, load_rulebook, shipped_rulebooks
from pipeline.store import Store

JUDGED = ("findings", "scores")
WARM_UP = 12


@dataclass(frozen=True)
class Speed:
    """What a round of work took: by the clock, and of processors, children included."""

    name: str
    calls: int
    clock_s: float
    processor_s: float

    def row(self) -> tuple[str, ...]:
        """Return the row of the table."""
        per_s = self.calls / self.clock_s
        cost_ms = 1000 * self.processor_s / self.calls
        return self.name, f"{self.clock_s:.1f}", f"{per_s:.1f}", f"{cost_ms:.1f}"


def replicated(calls: list[Call], count: int, *, per_day: int) -> Iterator[Call]:
    """Yield ``count`` calls: the given ones again and again, each with an id and an agent of its own."""
    first = min(call.record.started_at.date() for call in calls if call.record.started_at)
    for number, call in enumerate(islice(cycle(calls), count)):
        record = call.record
        moved = timedelta(days=number // per_day)
        if record.started_at:  # all on one day before they are spread
            moved += first - record.started_at.date()
        yield replace(
            call,
            record=replace(
                record,
                call_id=f"{record.call_id}-{number:06d}",
                path=Path(f"{number:06d}-{record.path.name}"),
                agent_id=f"{record.agent_id}-{number % 50:02d}",
                started_at=record.started_at and record.started_at + moved,
                shift_started_at=record.shift_started_at and record.shift_started_at + moved,
            ),
            sha256=f"{number:064x}",
        )


def fill(store: Store, calls: list[Call], count: int, *, per_day: int) -> None:
    """Write the calls to the store."""
    with store.writing():
        for call in replicated(calls, count, per_day=per_day):
            store.write_call(call)


def judged(name: str, store: Store, books: Sequence[Rulebook], calls: int, *, workers: int) -> Speed:
    """Judge a store of so many calls anew."""
    for table in JUDGED:
        shutil.rmtree(store.out / table, ignore_errors=True)
    started, processor = time.perf_counter(), _processor_s()
    with store.writing():
        judge_night(store, books, executor=partial(judge_days, workers=workers))
    return Speed(name, calls, time.perf_counter() - started, _processor_s() - processor)


def scored(store: Store, calls: int) -> Speed:
    """Add up the scorecards of a judged store."""
    started, processor = time.perf_counter(), _processor_s()
    with store.writing():
        score_night(store)
    return Speed("scorecards", calls, time.perf_counter() - started, _processor_s() - processor)


def _processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, help="folder of heard calls")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--per-day", type=int, default=500)
    return parser.parse_args()


def main() -> None:
    """Fill a store, judge it in one process and on all cores, print the table."""
    options = _options()
    heard = list(Store(options.store).read_calls())
    books = [load_rulebook(name) for name in shipped_rulebooks()]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        first, store = Store(Path(folder) / "first"), Store(Path(folder) / "all")
        fill(first, heard, min(WARM_UP, len(heard)), per_day=WARM_UP)
        fill(store, heard, options.calls, per_day=options.per_day)
        with first.writing():
            judge_night(first, books)
        speeds = [judged("judging, one process", store, books, options.calls, workers=0)]
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        speeds.append(judged(f"judging, {cores} processes", store, books, options.calls, workers=cores))
        speeds.append(scored(store, options.calls))
    rules = sum(len(book.rules) for book in books)
    table = Table(title=f"{options.calls} calls, {rules} rules of {len(books)} rulebooks")
    for column in ("", "s", "calls per s", "processor ms per call"):
        table.add_column(column, justify="right" if column else "left")
    for speed in speeds:
        table.add_row(*speed.row())
    Console().print(table)
    print(f"peak memory of one process: {peak_mb:.0f} MB; {cores} cores; Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "pyarrow")))


if __name__ == "__main__":
    main()
