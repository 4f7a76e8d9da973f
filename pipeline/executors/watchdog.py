"""Ending a process that does not get on with a call.

The standard library's watchdog is a thread of its own in native code: it ends the process even while other
native code neither returns nor lets Python run.
"""

from __future__ import annotations

import faulthandler
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CallLimit:
    """How long hearing one call may take before its process is ended.

    Attributes
    ----------
    fixed_s : float or None
        For every call, however long; None allows what follows.
    start_s : float
        For a call of no length.
    times_length : float
        And so many seconds for each of its recording. A slow machine with large weights takes three.
    """

    fixed_s: float | None = None
    start_s: float = 300.0
    times_length: float = 6.0

    def before_reading(self) -> float:
        """Return the seconds allowed to a call whose length is not known yet."""
        return self.start_s if self.fixed_s is None else self.fixed_s

    def for_length(self, duration_s: float) -> float:
        """Return the seconds allowed besides, once the length is known."""
        return self.times_length * duration_s if self.fixed_s is None else 0.0

    def __str__(self) -> str:
        if self.fixed_s is not None:
            return f"{self.fixed_s:g} s"
        return f"{self.start_s / 60:g} min and {self.times_length:g} times its length"


@contextmanager
def watched(note: Path) -> Iterator[Callable[[float], None]]:
    """End this process when it is not done within the seconds that were allowed.

    Parameters
    ----------
    note : Path
        Gets a few lines on where the process stood (names of functions, nothing of a call), if it is ended.

    Yields
    ------
    callable
        Allows more seconds; without any, none are counted.
    """
    ends_at = time.monotonic()

    with note.open("w", encoding="utf-8") as file:

        def allow(seconds: float) -> None:
            nonlocal ends_at
            ends_at += seconds
            left_s = max(ends_at - time.monotonic(), 0.001)
            faulthandler.dump_traceback_later(left_s, exit=True, file=file)

        try:
            yield allow
        finally:
            faulthandler.cancel_dump_traceback_later()
