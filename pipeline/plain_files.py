"""Opening files that nobody vouches for: plain files only, and objects on S3 as files of this machine."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from io import BufferedReader
from pathlib import Path

from pipeline.places import is_object, reaching


def open_file(path: Path) -> BufferedReader:
    """Open a plain file for reading; a pipe, socket or device neither blocks nor is read.

    Raises
    ------
    OSError
        When it cannot be opened or is not a plain file.
    ValueError
        When no file can have that name.
    """
    if is_object(path):
        return _fetched(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def _fetched(path: Path) -> BufferedReader:
    """Copy an object into a file without a name, which is gone when it is closed."""
    with reaching(), path.open("rb") as source, tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.seek(0)
        return os.fdopen(os.dup(copy.fileno()), "rb")
