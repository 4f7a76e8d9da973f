"""What the user pointed at: which files it means."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.call import Failure
from pipeline.errors import ConfigError, IntakeError
from pipeline.intake.recordings import (
    COMPANIONS,
    SUPPORTED,
    check_name,
    decodable_text,
    supported_extensions,
)
from pipeline.intake.states import state_of_name
from pipeline.places import is_object, objects, place

MANIFESTS = (".csv", ".parquet", ".pq")


@dataclass(frozen=True, slots=True)
class Found:
    """Recordings on disk.

    Attributes
    ----------
    base : Path
        The folder names are relative to.
    files : tuple of Path
        With a supported, readable name; sorted.
    failures : tuple of Failure
        Files that are no recordings by their name, and folders that cannot be listed.
    """

    base: Path
    files: tuple[Path, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


def is_manifest(source: Path) -> bool:
    """Whether the source is a CSV or Parquet manifest by its name."""
    return source.suffix.lower() in MANIFESTS and source.is_file()


def relative_name(path: Path, *, base: Path) -> str:
    """Return a recording's path from ``base``, without extension, with ``/`` between folders."""
    stem = path.parent / path.stem
    if is_object(path) or is_object(base):
        return str(stem).removeprefix(f"{base}/").removeprefix("s3://")
    return Path(os.path.relpath(stem, base)).as_posix()


class _Bounds:
    """The folder that links may not lead out of: who may write there must not choose what else is read.

    Parameters
    ----------
    base : Path or None
        None: links may lead anywhere.
    """

    def __init__(self, base: Path | None) -> None:
        self._base = base
        self._root = None if base is None else base.resolve()
        self._inside: dict[Path, bool] = {}

    def check(self, path: Path) -> None:
        """Make sure that a file lies in the folder.

        Raises
        ------
        IntakeError
            Without the path.
        """
        if self._base is None:
            return
        folder = path.parent
        if folder not in self._inside:
            self._inside[folder] = self._holds(folder)
        if not self._inside[folder] or (path.is_symlink() and not self._holds(path)):
            raise IntakeError(
                f"is a link that leads out of {decodable_text(self._base)}; copy the recordings there, "
                "list them in a manifest, or allow such links with --follow-links"
            )

    def _holds(self, path: Path) -> bool:
        return self._root is None or Path(os.path.realpath(path)).is_relative_to(self._root)


def _walk(folder: Path, bounds: _Bounds, unreadable: list[OSError]) -> Iterator[Path]:
    """Yield every file below a folder except hidden ones; linked folders once.

    Links to folders out of bounds, and empty folders named like recordings, are yielded to be told of.
    """
    seen: set[str] = set()
    for here, folders, files in os.walk(folder, onerror=unreadable.append, followlinks=True):
        real = os.path.realpath(here)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        if not folders and not files and Path(here).suffix.lower() in SUPPORTED:
            yield Path(here)
        names = sorted(name for name in folders if not name.startswith("."))
        outside = [name for name in names if _leads_out(Path(here, name), bounds)]
        folders[:] = [name for name in names if name not in outside]
        yield from (Path(here, name) for name in outside)
        yield from (Path(here, name) for name in files if not name.startswith("."))


def _leads_out(path: Path, bounds: _Bounds) -> bool:
    try:
        bounds.check(path)
    except IntakeError:
        return True
    return False


def _glob(pattern: str, bounds: _Bounds, unreadable: list[OSError]) -> Iterator[Path]:
    for match in glob.iglob(pattern, recursive=True):  # noqa: PTH207  Path.glob takes no absolute pattern
        path = Path(match)
        if path.is_dir() and not _leads_out(path, bounds):
            yield from _walk(path, bounds, unreadable)
        else:
            yield path


def _glob_base(pattern: str) -> Path:
    """Return the folders before the first wildcard."""
    base = Path()
    for part in Path(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        base /= part
    return base


def _sort_out(paths: Iterable[Path], *, base: Path, bounds: _Bounds, unreadable: list[OSError]) -> Found:
    """Tell recordings from their companions and from what is wrongly named."""
    files: list[Path] = []
    companions: Counter[str] = Counter()
    manifests: list[str] = []
    failures: list[Failure] = []
    for path in sorted(set(paths)):
        extension = path.suffix.lower()
        if extension in COMPANIONS:
            companions[extension] += 1
            if path.name.lower() in ("calls.csv", "calls.parquet"):
                manifests.append(str(path))
            continue
        try:
            bounds.check(path)
            check_name(path)
            files.append(path)
        except IntakeError as error:
            failures.append(Failure(decodable_text(path), "intake", str(error), state_of_name(path)))
    for problem in unreadable:
        folder = decodable_text(Path(problem.filename).absolute())
        failures.append(Failure(folder, "intake", f"folder cannot be listed: {problem.strerror}"))
    notes = [
        f"{path} looks like a manifest and was not used; point at it to use its columns" for path in manifests
    ]
    if companions:
        counts = ", ".join(f"{count} {extension}" for extension, count in sorted(companions.items()))
        notes.append(f"files beside the recordings, left out: {counts}")
    if not files and not failures:
        raise ConfigError(
            "; ".join([f"{base}: no recordings found; supported are {supported_extensions()}", *notes])
        )
    return Found(base, tuple(files), tuple(failures), tuple(notes))


def _find_objects(source: Path) -> Found:
    """List recordings on S3 as those of a folder: everything below ``source``, or what a glob matches."""
    base = source
    while glob.has_magic(str(base)):
        base = base.parent
    try:
        there = objects(source)
    except Exception as error:  # its library raises what the network, the server and credentials give rise to
        raise ConfigError(f"{source}: cannot be listed: {error}") from error
    if there == [source]:
        return _single(source)
    if not there:
        raise ConfigError(f"{source}: no such object, and none below it; expected recordings or a manifest")
    shown = [path for path in there if "/." not in str(path).removeprefix(str(base))]
    return _sort_out(shown, base=base, bounds=_Bounds(None), unreadable=[])


def _single(path: Path) -> Found:
    """Take a file that was named itself for a recording, whatever its extension."""
    try:
        check_name(path)
    except IntakeError as error:
        failure = Failure(decodable_text(path), "intake", str(error), state_of_name(path))
        return Found(path.parent, (), (failure,), ())
    return Found(path.parent, (path,), (), ())


def find_recordings(source: str | Path, *, follow_links: bool = False) -> Found:
    """List the recordings of a folder, a glob or a single file.

    A folder is searched with everything below it; hidden files are left out. ``**`` in a glob means any
    depth, and a folder a glob matches is searched as well. A link that leads out of the folder, or out of the
    folders before a glob's first wildcard, is a failure unless ``follow_links`` allows it.

    Raises
    ------
    ConfigError
        When the source does not exist, or there is nothing in it to hear or to report.
    """
    path = place(source)
    if is_object(path):
        return _find_objects(path)
    unreadable: list[OSError] = []
    if not glob.has_magic(str(source)) or path.exists():
        path = path.absolute()
    if path.is_dir():
        bounds = _Bounds(None if follow_links else path)
        found = _walk(path, bounds, unreadable)
        return _sort_out(found, base=path, bounds=bounds, unreadable=unreadable)
    if path.is_file():
        return _single(path)
    if not glob.has_magic(str(source)):
        raise ConfigError(
            f"{source}: no such file or folder; expected recordings, a folder of them or a manifest"
        )
    # The pattern stays as it was given: a bracket in the name of the working folder is no pattern.
    base = _glob_base(str(source)).absolute()
    bounds = _Bounds(None if follow_links else base)
    matches = [match.absolute() for match in _glob(str(source), bounds, unreadable)]
    if not matches and not unreadable:
        raise ConfigError(f"{source}: no file matches")
    return _sort_out(matches, base=base, bounds=bounds, unreadable=unreadable)
