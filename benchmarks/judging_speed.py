"""Speed, memory and growth of judging and of scorecards, on synthetic archives of any size.

``python benchmarks/judging_speed.py HEARD... --calls 10000 100000`` makes an archive of each size from heard
calls (benchmarks/archive.py), judges it by every shipped rulebook and adds up its scorecards with the
commands that a user types, and prints what that took by the clock, of processors and of memory, every process
that the command starts included. A small archive is judged first: what that takes is the start of the
processes, which is printed apart and is part of every other line.

``--scorecards`` leaves judging out: the archive then carries judgements that no rulebook has made
(benchmarks/archive_judgements.py), which is how a million calls are added up in an hour's measuring.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from archive import fill
from rich.console import Console
from rich.table import Table

from pipeline.rulebook import load_rulebook, shipped_rulebooks
from pipeline.store import StoreReader

START = 40
"""Calls of the archive that is judged first: few enough to cost nothing beside the start."""

EVERY_S = 0.25


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Attributes
    ----------
    clock_s, processor_s : float
        All its processes.
    peak_mb : float
        The most memory that they had together at any moment, what they share counted once.
    """

    name: str
    calls: int
    clock_s: float
    processor_s: float
    peak_mb: float

    @property
    def per_call_ms(self) -> float:
        """Processor time per call."""
        return 1000 * self.processor_s / self.calls

    def row(self) -> tuple[str, ...]:
        """Return the row of the table."""
        return (
            self.name,
            f"{self.calls:,}",
            f"{self.clock_s:.1f}",
            f"{self.calls / self.clock_s:,.0f}",
            f"{self.per_call_ms:.3f}",
            f"{self.peak_mb:.0f}",
        )


def run(name: str, calls: int, *arguments: str) -> Cost:
    """Run a command of the product and see what it takes."""
    code = "from pipeline.cli import main; main()"
    started, peak_mb = time.perf_counter(), 0.0
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL)
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        peak_mb = max(peak_mb, sum(map(_memory_mb, _family(process.pid))))
        time.sleep(EVERY_S)
    if status:
        raise SystemExit(f"callaudit {' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(name, calls, time.perf_counter() - started, usage.ru_utime + usage.ru_stime, peak_mb)


def _family(pid: int) -> list[int]:
    """Return a process and those it has started, by its children's files under /proc."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:  # it has just ended
                continue
    return found


def _memory_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measured(store: Path, calls: int, options: argparse.Namespace) -> list[Cost]:
    """Judge an archive and add up its scorecards; a second adding up finds that nothing has changed."""
    rulebooks = [f"--rulebook={name}" for name in shipped_rulebooks()]
    judge = ("judge", str(store), *rulebooks, f"--workers={options.workers}")
    costs = [] if options.scorecards else [run("judge", calls, *judge)]
    if calls > START:
        costs += [run("scorecards", calls, "scorecards", str(store))]
        costs += [run("scorecards, nothing changed", calls, "scorecards", str(store))]
    return costs


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("heard", type=Path, nargs="+", help="folders of heard calls")
    parser.add_argument("--calls", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--per-day", type=int, default=4000)
    parser.add_argument("--workers", type=int, default=0, help="processes that judge; 0 for as many as cores")
    parser.add_argument("--scorecards", action="store_true", help="only scorecards; HEARD must be judged")
    parser.add_argument("--archive", type=Path, help="a made archive, in place of --calls")
    parser.add_argument("--folder", type=Path, help="where archives are made; some 5 KB per call")
    return parser.parse_args()


def main() -> None:
    """Print one line per size and command, and by how much the cost of a call grows from first to last."""
    options = _options()
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        sizes = [START] * (not options.scorecards)
        sizes += [StoreReader(options.archive).count()] if options.archive else sorted(options.calls)
        for calls in sizes:
            store = options.archive if options.archive and calls != START else Path(folder) / str(calls)
            if store != options.archive:
                fill(store, options.heard, calls, per_day=options.per_day, judged=options.scorecards)
            costs += measured(store, calls, options)
    rules = sum(len(load_rulebook(name).rules) for name in shipped_rulebooks())
    table = Table(title=f"{rules} rules of {len(shipped_rulebooks())} rulebooks")
    for column in ("", "calls", "s", "calls per s", "processor ms per call", "peak MB"):
        table.add_column(column, justify="right" if column else "left")
    for cost in costs:
        table.add_row(*cost.row())
    console = Console(width=110)
    console.print(table)
    for name in ("judge", "scorecards"):
        of = [cost for cost in costs if cost.name == name and cost.calls > START]
        if len(of) > 1:
            print(
                f"{name}: cost of a call {100 * (of[-1].per_call_ms / of[0].per_call_ms - 1):+.0f} % from "
                f"{of[0].calls:,} to {of[-1].calls:,} calls"
            )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"{os.cpu_count()} cores, load {load}; Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "pandas", "pyarrow"))
    )


if __name__ == "__main__":
    main()
