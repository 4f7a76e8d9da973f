"""The folder where joined and converted weights are kept, and how files in it are written and checked.

It is ``$CALLAUDIT_CACHE``, else ``$XDG_CACHE_HOME/callaudit``, else ``~/.cache/callaudit``.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import WeightsError


def cache_folder() -> Path:
    """Return the folder for joined and converted weights; it need not exist."""
    if chosen := os.environ.get("CALLAUDIT_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "callaudit"


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader sees all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


@contextmanager
def filled_by_one(folder: Path) -> Iterator[None]:
    """Be the only process to fill a folder; nobody waits once it is full, or where it cannot be written."""
    full = folder / "full"
    if full.exists():
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError:
        yield
        return
    with lock:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        if full.exists():  # another process filled it meanwhile
            fcntl.flock(lock, fcntl.LOCK_UN)
        yield
        with suppress(OSError):
            full.touch()


def mismatch(what: Path | str, *, expected: str, seen: str) -> WeightsError:
    """Return the error for a file whose checksum is wrong."""
    return WeightsError(f"{what}: damaged; expected SHA-256 {expected}, saw {seen}")
