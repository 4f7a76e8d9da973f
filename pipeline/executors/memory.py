"""Memory of a process that hears call after call.

The C library's allocator gives every thread of the models an arena of its own and returns large blocks to the
system only to ask for them again: a process grows from call to call, and spends time on fresh pages. With
one arena that keeps what it has, a process stays smaller by some 100 MB.
"""

from __future__ import annotations

import ctypes

# Numbers of the settings in the GNU C library's malloc.h, and their values.
ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1
SETTINGS = ((ARENA_MAX, 1), (MMAP_THRESHOLD, 32 << 20), (TRIM_THRESHOLD, 256 << 20))


def keep_memory_steady() -> None:
    """Set up the allocator of this process; another C library's is left as it is."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, value in SETTINGS:
            mallopt(setting, value)
