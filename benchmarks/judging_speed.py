"""Speed and memory of judging stored calls by every shipped rulebook, in one process.

The calls of a store are written again under other ids, agents and days until there are as many as asked for;
then all of them are read back, judged and scored as ``callaudit judge`` does it. A first, small round loads
everything that is loaded once, so that the time is that of judging.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.audit.judging import judge_night, score_night
from pipeline.call import Call
from pipeline.rulebook import load_rulebook, shipped_rulebooks
from pipeline.store import Store


def replicated(calls: list[Call], count: int, *, per_day: int) -> Iterator[Call]:
    """Yield ``count`` calls: the given ones again and again, each under an id and an agent of its own."""
    first = min(call.record.started_at.date() for call in calls if call.record.started_at)
    for number, call in enumerate(islice(cycle(calls), count)):
        record = call.record
        moved = timedelta(days=number // per_day)
        if record.started_at is not None:
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


def main() -> None:
    """Fill a store, judge it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, help="folder of heard calls")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--per-day", type=int, default=500)
    options = parser.parse_args()
    heard = list(Store(options.store).read_calls())
    books = [load_rulebook(name) for name in shipped_rulebooks()]
    with tempfile.TemporaryDirectory() as folder:
        first, store = Store(Path(folder) / "first"), Store(Path(folder) / "all")
        fill(first, heard, len(heard), per_day=len(heard))
        fill(store, heard, options.calls, per_day=options.per_day)
        with first.writing():
            judge_night(first, books)
        started, cpu = time.perf_counter(), time.process_time()
        with store.writing():
            summary = judge_night(store, books)
        judged_s, judged_cpu_s = time.perf_counter() - started, time.process_time() - cpu
        with store.writing():
            score_night(store)
        scored_s = time.perf_counter() - started - judged_s
    rules = sum(len(book.rules) for book in books)
    table = Table(title=f"{options.calls} calls by {rules} rules of {len(books)} rulebooks, one process")
    for column in ("", "s", "processor s", "calls per s"):
        table.add_column(column, justify="left" if not column else "right")
    table.add_row("judging", f"{judged_s:.1f}", f"{judged_cpu_s:.1f}", f"{options.calls / judged_s:.1f}")
    table.add_row("scorecards", f"{scored_s:.1f}", "", f"{options.calls / scored_s:.1f}")
    Console().print(table)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"judgements: {summary.judgements}; peak memory of this process: {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
