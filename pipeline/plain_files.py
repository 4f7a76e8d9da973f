"""Opening files that nobody vouches for: plain files only."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path


def open_file(path: Path) -> BufferedReader:
    """Open a plain file for reading; a pipe, socket or device neither blocks nor is read.

    Raises
    ------
    OSError
        When it cannot be opened or is not a plain file.
    ValueError
        When no file can have that name.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise
