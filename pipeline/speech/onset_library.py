"""librosa's onsets, with what numba compiles for them kept by one process only.

Numba compiles these functions when they are imported, each as a kernel and a wrapper in files of their own. A
wrapper calls its kernel by a name that counts what its process had compiled before. Processes that fill one
folder at the same time leave wrappers of one beside kernels of another, and whoever loads those crashes, then
and ever after. So they go into a folder of this package's, which one process fills while others wait.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.cache import cache_folder, filled_by_one

OnsetDetect = Callable[..., Any]
_TRIED = np.random.default_rng(0).normal(0.0, 0.1, 8_000).astype(np.float32)


@cache
def onset_detect() -> OnsetDetect:
    """Return ``librosa.onset.onset_detect``, compiled."""
    import numba

    config: Any = numba.config
    given = config.CACHE_DIR
    folder = compiled_folder(given)
    with filled_by_one(folder):
        config.CACHE_DIR = str(folder)
        try:
            import librosa

            detect: OnsetDetect = librosa.onset.onset_detect
            # What is imported or compiled at first use is so now.
            detect(y=_TRIED, sr=16_000)
        finally:
            config.CACHE_DIR = given
    return detect


def compiled_folder(given: str) -> Path:
    """Return where machine code is kept of this installation and processor, in the folder given if any."""
    from llvmlite import binding

    source = find_spec("librosa")
    assert source is not None, "librosa is installed"
    place = Path(str(source.origin))
    versions = [platform.python_version(), *map(version, ("librosa", "numba", "llvmlite"))]
    installed = (place, place.stat().st_mtime_ns, versions)
    processor = (binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten())
    made_for = sha256(repr((installed, processor)).encode())
    return (Path(given) if given else cache_folder() / "compiled") / f"librosa-{made_for.hexdigest()[:16]}"
