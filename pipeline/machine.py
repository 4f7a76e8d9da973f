"""What of the machine this process may use: processors and memory, a container's limits considered.

Linux tells limits by files of its control groups, of which there are two versions.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
# The second version has the period, and ``max`` for no limit, in one file with the share [μs].
SHARE, OLD_SHARE, OLD_PERIOD = "cpu.max", "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"
MEMORY = ("memory.max", "memory/memory.limit_in_bytes")


def usable_processors() -> int:
    """Return the number of processors this process may use, at least 1; a container's share, rounded up."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = _told(SHARE) or f"{_told(OLD_SHARE)} {_told(OLD_PERIOD)}"
    try:
        allowed, period = map(int, told.split())
    except ValueError:  # no container, or one without a limit
        return there
    return max(1, min(there, math.ceil(allowed / period))) if allowed > 0 and period > 0 else there


def usable_memory_bytes() -> int | None:
    """Return the machine's memory, or what of it a container may use; None where the system does not tell."""
    if not hasattr(os, "sysconf"):
        return None
    machines = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machines, *(int(limit) for name in MEMORY if (limit := _told(name)).isdigit())])


def _told(name: str) -> str:
    try:
        return (CONTROL_GROUPS / name).read_text(encoding="ascii").strip()
    except OSError:
        return ""
