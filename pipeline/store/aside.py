"""Damaged parts are set aside when what they held is made anew: nothing is thrown away unread."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.store.files import make_private, writing

DAMAGED = "damaged"
"""The folder, beside those of the tables. Nothing reads it."""


def is_damaged(path: Path) -> bool:
    """Return whether there is a part that cannot be read back; page checksums are compared."""
    if not path.exists():
        return False
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            file.read(use_threads=False)
    except (pa.ArrowException, OSError):
        return True
    return False


def keep_damaged(path: Path, *, root: Path) -> bool:
    """Keep a part under `DAMAGED` too if it is damaged; whoever calls replaces or removes it then.

    Returns
    -------
    bool
        Whether it is damaged.
    """
    if not is_damaged(path):
        return False
    place = root / DAMAGED / path.relative_to(root)
    number = 1
    while place.exists():
        number += 1
        place = place.with_name(f"{path.stem}-{number}{path.suffix}")
    make_private(place.parent, root=root)
    with writing(place):
        try:
            os.link(path, place)
        except OSError:  # a file system without links, or a disk that cannot read the file
            shutil.copyfile(path, place)
            place.chmod(0o600)
    return True


def kept(root: Path) -> tuple[Path, ...]:
    """Return the parts that were set aside, sorted."""
    return tuple(sorted(path for path in (root / DAMAGED).rglob("*") if path.is_file()))
