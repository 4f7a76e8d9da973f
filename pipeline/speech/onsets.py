"""Onsets of sounds, as librosa finds them.

Parts of librosa are compiled when it is imported, and numba keeps them on disk in two files for each
function. Processes that do so at the same time mix each other's files up, and from then on every process that
calls such a function dies (numba 0.68; seen with two workers on a new machine). So a single process compiles,
in a folder that nothing else fills, before any other uses what is there.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from pipeline.cache import compiled_folder
from pipeline.waveform import RATE_HZ, Samples

HOP = 160
_READY = "ready"


def onsets_s(samples: Samples) -> list[float]:
    """Return when sounds begin: peaks of the spectral flux [s], to 10 ms."""
    times: list[float] = _detector()(samples).tolist()
    return times


@cache
def _detector() -> Callable[[Samples], Any]:
    """Import librosa with its compiled code, in the first process to ask for it also compile it."""
    import numba

    config: Any = numba.config
    folder = compiled_folder(config.CACHE_DIR) / f"librosa-{_of_this_machine()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(folder)
        if (folder / _READY).exists():
            return _import(config, folder)
        with FileLock(folder / ".lock"):
            detect = _import(config, folder)
            if any(folder.rglob("*.nbi")):  # else librosa was imported before, and is kept elsewhere
                (folder / _READY).touch()
            return detect
    except (OSError, NotImplementedError):  # not to be written to, or no locks on that file system
        with tempfile.TemporaryDirectory() as own:  # what is loaded needs its files no more
            return _import(config, Path(own))


def _import(config: Any, folder: Path) -> Callable[[Samples], Any]:
    given = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        import librosa

        def detect(samples: Samples) -> Any:
            return librosa.onset.onset_detect(y=samples, sr=RATE_HZ, units="time", hop_length=HOP)

        # Modules of librosa are imported when they are first used.
        detect(np.zeros(RATE_HZ, dtype=np.float32))
    finally:
        config.CACHE_DIR = given
    return detect


def _of_this_machine() -> str:
    """Return a name for code compiled from this installation for this kind of processor."""
    from llvmlite import binding

    place = find_spec("librosa")
    assert place is not None, "librosa is installed"
    made_by = [str(place.origin), sys.version, *map(version, ("librosa", "numba", "llvmlite", "numpy"))]
    processor = [binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()]
    return hashlib.sha256("\n".join(made_by + processor).encode()).hexdigest()[:16]
