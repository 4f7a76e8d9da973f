"""Processes of this machine that end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any


def processes(count: int, start: Callable[..., None] | None = None, *values: Any) -> ProcessPoolExecutor:
    """Return a pool of processes, each of which first calls ``start`` with the values."""
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
    if start is not None:
        start(*values)
