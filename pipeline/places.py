"""Where files are: a path of this machine, or an object on S3-compatible storage.

A place on S3 is written ``s3://bucket/key``. It behaves like a path as far as it is used here: joined with
``/``, listed, looked at, opened and removed. What only a disk has, such as links, modes and renaming, is
asked of paths of this machine alone, so whoever needs it looks at `is_object` first.

Address, region and credentials come from the environment, as for other programs: ``AWS_ENDPOINT_URL``,
``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_DEFAULT_REGION``.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from pipeline.errors import ConfigError

# A path made from the text on the way has lost one of the slashes.
_OBJECT = re.compile(r"s3:/+(?P<key>.*)", re.DOTALL)


def place(where: str | Path) -> Path:
    """Return the path, or the object, that a text means.

    Raises
    ------
    ConfigError
        When it is on S3 and what reads S3 is not installed, or it names no bucket.
    """
    if is_object(where):
        return cast(Path, where)
    match = _OBJECT.fullmatch(str(where))
    if match is None:
        return Path(where)
    if not match["key"]:
        raise ConfigError(f"{where}: names no bucket; expected s3://bucket or s3://bucket/folder")
    try:
        from upath import UPath
    except ImportError as error:
        raise ConfigError(
            f"{where}: reading S3 needs packages that are not installed: pip install 'callaudit[cluster]'"
        ) from error
    # Listings that are remembered would hide what another process writes.
    return cast(Path, UPath(f"s3://{match['key'].rstrip('/')}", use_listings_cache=False))


def is_object(where: object) -> bool:
    """Return whether a place is on S3; never for a text, or a path made from one."""
    return not isinstance(where, (str, Path))


def objects(where: Path) -> list[Path]:
    """Return the object at a place on S3, or everything below it; of a glob, of all that it matches."""
    storage: Any = where
    keys = [storage.path]
    if glob.has_magic(storage.path):
        keys = storage.fs.glob(storage.path)
    return [place(f"s3://{key}") for start in keys for key in storage.fs.find(start)]


def readable(file: Path) -> Any:
    """Return what Arrow can read a file from."""
    return file.open("rb") if is_object(file) else file


def exists(file: Path) -> bool:
    """Return whether there is such a file. S3 is asked once: what may be a folder takes two questions."""
    if not is_object(file):
        return file.exists()
    try:
        _head(file)
    except FileNotFoundError:
        return False
    return True


def holds(file: Path, data: bytes) -> bool:
    """Return whether a file exists, can be read and has exactly these bytes."""
    try:
        there = _head(file)["ContentLength"] if is_object(file) else file.stat().st_size
        return there == len(data) and file.read_bytes() == data
    except OSError:
        return False


def fingerprint(file: Path) -> tuple[object, ...]:
    """Return what changes whenever a file is written anew.

    Raises
    ------
    FileNotFoundError
        When there is none.
    """
    if is_object(file):
        found = _head(file)
        return found["ETag"], found["LastModified"], found["ContentLength"]
    state = file.stat()
    return state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_size


def call(file: Path, method: str, **arguments: Any) -> Any:
    """Ask the storage one thing about an object, as the S3 interface names it.

    Raises
    ------
    OSError
        When it refuses, or cannot be reached; FileNotFoundError when there is no such object.
    """
    storage: Any = file
    bucket, _, key = storage.path.partition("/")
    with reaching():
        return storage.fs.call_s3(method, Bucket=bucket, Key=key, **arguments)


@contextmanager
def reaching() -> Iterator[None]:
    """Raise what keeps S3 from answering inside as OSError: no address, no credentials, nobody there."""
    from botocore.exceptions import BotoCoreError

    try:
        yield
    except BotoCoreError as error:
        raise OSError(str(error)) from error


def _head(file: Path) -> Any:
    return call(file, "head_object")


def join(folder: Path, name: str) -> Path:
    """Return the place of that name in a folder; a name that is a place itself stays."""
    return place(name) if _OBJECT.fullmatch(name) else folder / name
