"""Functions over arrays, compiled to machine code when first called and kept on disk for the next run.

What is kept of a function holds those it calls, and numba looks only at the function's own file for changes.
So it is kept under a name that changes with any file of this folder: after an upgrade nothing old is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
from numba import njit

from pipeline.cache import compiled_folder

_P = ParamSpec("_P")
_T = TypeVar("_T")

config: Any = numba.config


def compiled(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Compile a function on its first call; where nothing can be kept on disk, in every process anew."""
    given = config.CACHE_DIR
    config.CACHE_DIR = str(_folder(given))
    try:
        kept: Callable[_P, _T] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to write to
        kept = njit(nogil=True)(function)
    finally:
        config.CACHE_DIR = given
    return kept


def compiled_loosely(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Compile a function that never meets NaN, nor cares for the sign of 0: its loops can be vectorised."""
    part: Callable[_P, _T] = njit(nogil=True, fastmath={"nnan", "nsz"}, error_model="numpy")(function)
    return part


def inlined(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Make a function part of every compiled one that calls it: a call costs as much as some forty cells."""
    part: Callable[_P, _T] = njit(inline="always")(function)
    return part


@cache
def _folder(given: str) -> Path:
    """Return where compiled functions of these very files are kept, in the folder given to numba if any."""
    sources = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        sources.update(path.read_bytes())
    return compiled_folder(given) / sources.hexdigest()[:16]
