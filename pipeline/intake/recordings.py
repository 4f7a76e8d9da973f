"""Which files are recordings, and whether one can be opened at all."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.containers import MAX_BYTES, too_large
from pipeline.errors import IntakeError
from pipeline.places import is_object, reaching

SUPPORTED = (".amr", ".flac", ".gsm", ".m4a", ".mp3", ".mp4", ".ogg", ".opus", ".wav", ".wma")
"""File-name extensions taken for recordings, in any case."""

# Files that lie beside recordings on purpose: to call each one a failed call would bury the real failures.
COMPANIONS = frozenset(
    {
        *(".csv", ".tsv", ".parquet", ".pq", ".xls", ".xlsx", ".db", ".sqlite"),
        *(".json", ".jsonl", ".xml", ".yaml", ".yml", ".ini", ".log", ".md5", ".sha256"),
        *(".txt", ".md", ".html", ".pdf", ".doc", ".docx", ".srt", ".vtt", ".lrc", ".py", ".sh"),
    }
)


def supported_extensions() -> str:
    """List the supported extensions for a message."""
    return ", ".join(extension.removeprefix(".") for extension in SUPPORTED)


def decodable_text(path: Path) -> str:
    """Return the path as text that can be written to any table, whatever bytes the disk holds.

    Telephone systems on Chinese Windows shares write GB18030 names, which Linux hands over as bytes.
    """
    if is_object(path):
        return str(path)
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def check_name(path: Path) -> None:
    """Make sure a file is a recording by its name.

    Raises
    ------
    IntakeError
        With the reason, without the path.
    """
    if decodable_text(path) != str(path):
        raise IntakeError(
            "its name is not valid UTF-8; rename it, for instance with convmv -f gb18030 -t utf-8"
        )
    if path.suffix.lower() not in SUPPORTED:
        seen = f"extension {path.suffix!r}" if path.suffix else "no extension"
        raise IntakeError(f"not a recording by its name: {seen}; supported are {supported_extensions()}")


def check_recording(path: Path) -> None:
    """Make sure ``path`` is a non-empty, readable file with a supported name; nothing is decoded.

    Raises
    ------
    IntakeError
        With the reason, without the path.
    """
    check_name(path)
    if is_object(path):
        _check_object(path)
        return
    try:
        if path.is_dir():
            raise IntakeError("is a folder; expected a recording")
        size = path.stat().st_size
    except FileNotFoundError:
        link = " (a link to a file that does not exist)" if path.is_symlink() else ""
        raise IntakeError(f"no such file{link}") from None
    except (OSError, ValueError) as error:
        raise IntakeError(f"cannot be opened: {error}") from error
    if not path.is_file():
        raise IntakeError("is not a regular file; expected a recording")
    if size == 0:
        raise IntakeError("the file is empty (0 bytes)")
    if size > MAX_BYTES:
        raise IntakeError(too_large(size))
    if not os.access(path, os.R_OK):
        raise IntakeError("cannot be opened: no permission to read it")


def _check_object(path: Path) -> None:
    """Make sure that there is something in an object, with one question: every one crosses the network."""
    try:
        with reaching():
            size = path.stat().st_size
    except FileNotFoundError:
        raise IntakeError("no such object") from None
    except OSError as error:
        raise IntakeError(f"cannot be opened: {error}") from error
    if size == 0:
        raise IntakeError("the object is empty (0 bytes)")
    if size > MAX_BYTES:
        raise IntakeError(too_large(size))
