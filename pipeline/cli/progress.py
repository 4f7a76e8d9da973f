"""Progress of a night: calls done, rate, time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@contextmanager
def night_progress(calls: int, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show a bar on standard error while calls are heard; yields what to call after each."""
    columns = (
        TextColumn("hearing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[call]}", style="dim", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task("hearing", total=calls, rate="", call="")

        def advance(call: str) -> None:
            progress.advance(task)
            state = progress.tasks[task]
            done, elapsed_s = state.completed, state.elapsed or 0.0
            rate = f"{60 * done / elapsed_s:.1f} calls/min" if elapsed_s > 0 else ""
            progress.update(task, rate=rate, call=call)

        yield advance
