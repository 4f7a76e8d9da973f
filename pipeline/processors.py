"""How many processors this process may use."""

from __future__ import annotations

import math
import os
from pathlib import Path

CONTAINER_SHARE = Path("/sys/fs/cgroup/cpu.max")
"""Processor time a period, or ``max``, and the period [μs]: a limit of Linux (control groups, version 2)."""


def usable_processors() -> int:
    """Return the number of processors this process may use, at least 1; a container's share, rounded up."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allowed, period = CONTAINER_SHARE.read_text(encoding="ascii").split()
        return max(1, min(there, math.ceil(int(allowed) / int(period))))
    except (OSError, ValueError, ZeroDivisionError):  # no container, or one without a limit
        return there
