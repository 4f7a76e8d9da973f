"""Files for people that only their owner may read: whole or not at all, and never through a link."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from pipeline.errors import WriteError

TEMPORARY = ".callaudit-"
"""What the names of unfinished files begin with."""


def write_private(to: Path, data: str | bytes) -> None:
    """Write a file, and the folders it lies in where they are missing, open to the owner only.

    Whoever has the older file open reads it to its end; a link in its place is replaced and what it leads to
    stays as it is.

    Parameters
    ----------
    data : str or bytes
        A text is written as UTF-8.

    Raises
    ------
    WriteError
        When the disk refuses; the older file is as it was then.
    """
    data = data.encode() if isinstance(data, str) else data
    try:
        make_private_folder(to.parent)
        descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, dir=to.parent)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            temporary.replace(to)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise WriteError(f"{to}: cannot be written: {error.strerror or error}") from error


def make_private_folder(folder: Path) -> None:
    """Make a folder and its missing parents, each open to the owner only."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
