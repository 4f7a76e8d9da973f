"""Functions over arrays, compiled to machine code when first called and kept on disk for the next run."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

_P = ParamSpec("_P")
_T = TypeVar("_T")


def compiled(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Compile a function on its first call; where nothing can be kept on disk, in every process anew."""
    try:
        kept: Callable[_P, _T] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to write to
        kept = njit(nogil=True)(function)
    return kept


def compiled_loosely(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Compile a function that never meets NaN, nor cares for the sign of 0: its loops can be vectorised."""
    part: Callable[_P, _T] = njit(nogil=True, fastmath={"nnan", "nsz"}, error_model="numpy")(function)
    return part


def inlined(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Make a function part of every compiled one that calls it: a call costs as much as some forty cells."""
    part: Callable[_P, _T] = njit(inline="always")(function)
    return part
