"""Processes of this machine that end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from pipeline.executors.memory import keep_memory_steady


def processes(count: int, start: Callable[..., None] | None = None, *values: Any) -> ProcessPoolExecutor:
    """Return a pool of processes, each of which first calls ``start`` with the values."""
    # Every process has its share of the cores already: libraries must not start threads for all of them. The
    # recogniser is told its number of threads.
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    # The recogniser's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, context, initializer=_begin, initargs=(start, values))


def _begin(start: Callable[..., None] | None, values: tuple[Any, ...]) -> None:
    """End this process as soon as the one that started it is gone: a killed night leaves no orphans."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    keep_memory_steady()
    if start is not None:
        start(*values)
