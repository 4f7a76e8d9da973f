"""One writer at a time: an advisory lock that the system releases when its process ends.

The lock file says who holds it, and is emptied at the end. One that is not empty though nobody holds it was
left by a writer that was stopped: it is in nobody's way. Readers never lock.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import LockedError, StoreError
from pipeline.store.files import writing

LOCK = ".lock"

# Who only asks whether there is a writer holds the lock for a moment.
_ATTEMPTS, _BETWEEN_S = 10, 0.05
_MOST_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes to a store, or was stopped while writing.

    Attributes
    ----------
    process : str
        Its id on ``host``.
    since : str
        Time of its start there, ISO 8601.
    active : bool
        Whether it still runs.
    """

    process: str
    host: str
    since: str
    active: bool

    def __str__(self) -> str:
        return f"process {self.process} on {self.host}, since {self.since}"


@contextmanager
def writer_lock(path: Path) -> Iterator[Writer | None]:
    """Hold the lock file at ``path``, which says who holds it since when.

    Yields
    ------
    Writer or None
        Who was stopped while writing; None when the last writer came to its end.

    Raises
    ------
    LockedError
        When another writer holds it.
    StoreError
        When the file system has no locks.
    WriteError
        When the file cannot be written.
    """
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(path, descriptor)
        stopped = _read(descriptor, active=False)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        with writing(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()} {now}\n".encode(), 0)
        yield stopped
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def writer_of(path: Path) -> Writer | None:
    """Return who writes to the store of that lock file, or was stopped while writing; None for nobody."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            active = False
        except OSError:
            active = True
        return _read(descriptor, active=active)
    finally:
        os.close(descriptor)


def _lock(path: Path, descriptor: int) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if attempt == _ATTEMPTS:
                holder = _read(descriptor, active=True) or "a process that does not say who it is"
                raise LockedError(
                    f"{path} is locked: {holder}, is writing to this folder. Wait until it has ended, or "
                    "write to another folder; reading is possible meanwhile. The lock ends with its "
                    "process, so there is nothing to remove"
                ) from error
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be locked ({error.strerror}); expected a file system that has locks, so "
                "that only one process writes: keep the tables on a local disk or on NFS 4"
            ) from error
        time.sleep(_BETWEEN_S)


def _read(descriptor: int, *, active: bool) -> Writer | None:
    words = os.pread(descriptor, _MOST_BYTES, 0).decode(errors="replace").split()
    if not words or (len(words) < 3 and not active):  # earlier versions left their process id behind
        return None
    process, host, since = [*words, "unknown", "unknown"][:3]
    return Writer(process, host, since, active)
