"""The folder for joined and converted weights and compiled code, and how files in it are written and checked.

It is ``$CALLAUDIT_CACHE``, else ``$XDG_CACHE_HOME/callaudit``, else ``~/.cache/callaudit``.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from pipeline.errors import WeightsError


def cache_folder() -> Path:
    """Return the folder for joined and converted weights; it need not exist."""
    if chosen := os.environ.get("CALLAUDIT_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "callaudit"


def compiled_folder(given: str) -> Path:
    """Return the folder for code that numba compiles, which is that given to numba, if any."""
    return Path(given) if given else cache_folder() / "compiled"


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


def mismatch(what: Path | str, *, expected: str, seen: str) -> WeightsError:
    """Return the error for a file whose checksum is wrong."""
    return WeightsError(f"{what}: damaged; expected SHA-256 {expected}, saw {seen}")
