"""What tells that an input is as it was when it was refused, without opening it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from pipeline.places import fingerprint, is_object, reaching

ABSENT = "absent"
_NO_PATH = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR)


def state_of(*paths: Path | None) -> str | None:
    """Return text that stays the same while nobody changes the files of an input.

    Returns
    -------
    str or None
        Sizes and times of the files; None when the machine may be why they were refused: a share that is not
        mounted, a disk that fails, rights that are missing.
    """
    states = [_state(path) for path in paths if path is not None]
    return None if None in states else ";".join(map(str, states))


def state_of_name(path: Path) -> str:
    """Return the same of what is refused for its name or as a link, whatever it holds or leads to."""
    if is_object(path):
        return state_of(path) or ABSENT
    try:
        return _written(path.lstat())
    except (OSError, ValueError):
        return ABSENT


def _state(path: Path) -> str | None:
    try:
        if is_object(path):
            with reaching():
                return " ".join(map(str, fingerprint(path)))
        state = path.stat()
        return _written(state) if os.access(path, os.R_OK) else None
    except FileNotFoundError:
        return ABSENT if is_object(path) or _has_neighbours(path) else None
    except ValueError:
        return ABSENT
    except OSError as error:
        return ABSENT if error.errno in _NO_PATH else None


def _written(state: os.stat_result) -> str:
    # A folder's time is that of its newest file.
    return "folder" if stat.S_ISDIR(state.st_mode) else f"{state.st_size} {state.st_mtime_ns}"


def _has_neighbours(path: Path) -> bool:
    """Whether anything is in the folder that a file, or what a link leads to, should be in.

    What a share is mounted on is empty without it.
    """
    try:
        with os.scandir(os.path.dirname(os.path.realpath(path))) as entries:  # noqa: PTH120  no loops resolved
            return any(entries)
    except OSError:
        return False
