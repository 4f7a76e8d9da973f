"""Processes of this machine that end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from pipeline.executors.memory import keep_memory_steady


class Processes(ProcessPoolExecutor):
    """A pool whose processes end when the one that started it does, and at once when it is left by an error.

    Parameters
    ----------
    count : int
    start : callable or None
        What each process first calls, with ``values``.
    """

    def __init__(self, count: int, start: Callable[..., None] | None, values: tuple[Any, ...]) -> None:
        # The recogniser's threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        # Nothing is ever sent: the processes read the end of it, which comes whatever ends this one.
        self._wanted_here, self._wanted = context.Pipe(duplex=False)
        super().__init__(count, context, initializer=_begin, initargs=(self._wanted_here, start, values))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        if kind is not None:  # nobody waits for what is under way
            self._wanted.close()
        done = super().__exit__(kind, error, trace)
        self._wanted.close()
        self._wanted_here.close()
        return done


def processes(count: int, start: Callable[..., None] | None = None, *values: Any) -> Processes:
    """Return a pool of processes, each of which first calls ``start`` with the values."""
    # Every process has its share of the cores already: libraries must not start threads for all of them. The
    # recogniser is told its number of threads.
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    return Processes(count, start, values)


def _begin(wanted: Connection, start: Callable[..., None] | None, values: tuple[Any, ...]) -> None:
    """End this process as soon as it is no longer wanted: a killed night leaves no orphans."""

    def watch() -> None:
        wanted.poll(None)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    keep_memory_steady()
    if start is not None:
        start(*values)
