"""Part files: their names, and how they are written so that a reader never sees half of one.

A part is written whole under a temporary name in its own folder, flushed to the disk and renamed; then its
folder is flushed, and so is whatever holds a folder that was made for it. Temporary names start with
``.tmp-``; nothing that reads tables looks at them.

Whatever the disk refuses is a `WriteError`, which ends the night: the next call would fare no better.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.call import Failure
from pipeline.errors import StoreError, WriteError
from pipeline.tables import PARTITION, SCHEMAS

INTAKE = "intake"
"""Stage of failures that belong to the source they were found in rather than to their input alone."""

_TEMPORARY = ".tmp-"
SMALL_ROWS = 2000
"""To compress and describe as few rows takes readers longer than it saves them."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|unknown")
_REFUSED = re.compile(rf"part-(?P<path>\w+)-{INTAKE}-(?P<source>\w+)-\w+\.parquet")
_STANDARD = re.compile(r"\w[\w.-]{0,99}")


def hashed(text: str) -> str:
    """Return 16 hexadecimal digits that stand for ``text`` in a file name."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def call_part(call_id: str) -> str:
    """Return the name of a call's part files; the id itself never becomes a path."""
    return f"part-{hashed(call_id)}.parquet"


def standard_part(standard: str) -> str:
    """Return the name of a rulebook's part files.

    Raises
    ------
    StoreError
        When the rulebook's name is not letters, digits, dots, underscores and hyphens.
    """
    if not _STANDARD.fullmatch(standard):
        raise StoreError(
            f"the rulebook name {standard!r} cannot name a file; expected letters, digits, '.', '_', '-'"
        )
    return f"part-{standard}.parquet"


def failure_part(failure: Failure, *, source: str) -> str:
    """Return the name of a failure's part file.

    Whatever is refused at intake has a part of its own, named also after the source it was refused from,
    so that two bad rows of a manifest are two failures. Of what fails later there is one per input and stage.
    """
    path = hashed(failure.path)
    if failure.stage != INTAKE:
        return f"part-{path}-{hashed(failure.stage)}.parquet"
    return f"part-{path}-{INTAKE}-{hashed(source)}-{hashed(failure.reason)}.parquet"


def refused_by(part: Path) -> tuple[str, str] | None:
    """Return the hashed input and hashed source of a failure part of intake; None for any other."""
    match = _REFUSED.fullmatch(part.name)
    return (match["path"], match["source"]) if match else None


def is_day(text: str) -> bool:
    """Return whether a text is a call date: ``YYYY-MM-DD`` or ``unknown``."""
    return _DATE.fullmatch(text) is not None


def partition(table: Path, call_date: str) -> Path:
    """Return the folder of one day.

    Raises
    ------
    StoreError
        When ``call_date`` is neither ``YYYY-MM-DD`` nor ``unknown``.
    """
    if not is_day(call_date):
        raise StoreError(f"the call date is {call_date!r}; expected YYYY-MM-DD or unknown")
    return table / f"{PARTITION}={call_date}"


def parts_in(folder: Path, pattern: str = "part-*.parquet") -> list[Path]:
    """Return the part files in ``folder``, by name; none when there is no such folder."""
    return sorted(folder.glob(pattern))


def encode(table: pa.Table) -> bytes:
    """Return ``table`` as the bytes of a Parquet file; equal tables give equal bytes."""
    sink = pa.BufferOutputStream()
    large = len(table) > SMALL_ROWS
    pq.write_table(
        table,
        sink,
        compression="zstd" if large else "none",
        write_statistics=large,
        write_page_checksum=True,
    )
    data: bytes = sink.getvalue().to_pybytes()
    return data


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise what the disk refuses inside, at or near ``path``, as WriteError."""
    try:
        yield
    except OSError as error:
        seen = error.strerror or str(error)
        raise WriteError(
            f"{path}: cannot be written: {seen}. Nothing is lost: what was stored before is whole and stays. "
            "Make room, or make the folder writable, and give the same command again: it goes on from there"
        ) from error


@dataclass(frozen=True, slots=True)
class StagedPart:
    """A part that is on the disk under its temporary name."""

    path: Path
    temporary: Path

    def commit(self) -> None:
        """Give the part its name; it replaces an older one."""
        with writing(self.path):
            self.temporary.replace(self.path)
            _sync_folder(self.path.parent)

    def discard(self) -> None:
        """Remove the part if it was not committed."""
        self.temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def staging(path: Path, *, root: Path) -> Iterator[tuple[StagedPart, BinaryIO]]:
    """Open a file beside ``path`` under a temporary name, readable by the owner only, and see it to the disk.

    Folders between ``root`` and ``path`` are made as needed. What fails leaves no file behind.

    Raises
    ------
    WriteError
        When the disk refuses.
    """
    make_private(path.parent, root=root)
    staged = StagedPart(path, path.with_name(f"{_TEMPORARY}{path.name}"))
    try:
        with writing(path):
            staged.discard()
            descriptor = os.open(staged.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield staged, file
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):  # the next writer clears it away
            staged.discard()
        raise


def stage(path: Path, data: bytes, *, root: Path) -> StagedPart:
    """Write ``data`` beside ``path`` under a temporary name, as `staging` does."""
    with staging(path, root=root) as (staged, file):
        file.write(data)
    return staged


def write_all(parts: Mapping[Path, bytes], *, root: Path) -> bool:
    """Write parts that belong together, unless they hold their data already.

    All are on the disk before the first gets its name: a full disk leaves the older ones, and between the
    first and the last is no more than their renaming.

    Returns
    -------
    bool
        Whether a file changed.
    """
    changed = {path: data for path, data in parts.items() if not holds(path, data)}
    with contextlib.ExitStack() as undo:
        staged = []
        for path, data in changed.items():
            staged.append(stage(path, data, root=root))
            undo.callback(staged[-1].discard)
        for part in staged:
            part.commit()
    return bool(changed)


def write(path: Path, data: bytes, *, root: Path) -> bool:
    """Write one part, unless it holds ``data`` already.

    Returns
    -------
    bool
        Whether the file changed.
    """
    return write_all({path: data}, root=root)


def holds(path: Path, data: bytes) -> bool:
    """Return whether the file at ``path`` exists, can be read and has exactly these bytes."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def remove(*paths: Path) -> None:
    """Remove those parts of one folder that are there, and the folder with the last of its parts."""
    there = [path for path in paths if path.exists()]
    if not there:
        return
    folder = there[0].parent
    with writing(folder):
        for path in there:
            path.unlink()
        _sync_folder(folder)
    with contextlib.suppress(OSError):  # the folder holds other parts
        folder.rmdir()


def make_private(folder: Path, *, root: Path) -> None:
    """Make ``folder`` and its missing parents from ``root`` on, each open to the owner only."""
    if folder.is_dir():
        return
    if folder == root:
        with writing(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
    else:
        make_private(folder.parent, root=root)
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        # Without this a folder may be gone after a loss of power, with parts that are said to be stored.
        _sync_folder(folder.parent)


def remove_temporary(root: Path) -> None:
    """Remove the parts that a writer left behind when it was stopped while writing, and nothing else."""
    with writing(root):
        for table in SCHEMAS:
            for stale in (root / table).rglob(f"{_TEMPORARY}part-*.parquet"):
                if stale.is_file():
                    stale.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
