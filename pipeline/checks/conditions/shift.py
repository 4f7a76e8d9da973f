"""Conditions about when in the agent's shift a call stands."""

from __future__ import annotations

from pipeline.call import Call
from pipeline.checks.conditions.base import Occasion

LATE_AFTER_H = 6.0
"""Hours into a shift from which a call is late in it: the last quarter of an eight-hour day."""


def late_in_shift(call: Call) -> Occasion:
    """The call starts six hours or more after the agent's shift began."""
    began, starts = call.record.shift_started_at, call.record.started_at
    if began is None or starts is None:
        missing = "when the agent's shift began" if began is None else "when the call started"
        return Occasion(None, f"{missing} is not in its metadata")
    hours = (starts - began).total_seconds() / 3600.0
    if hours < 0:
        return Occasion(None, "the call started before the agent's shift, says its metadata")
    return Occasion(hours >= LATE_AFTER_H, f"the call starts {hours:.1f} h into the shift")
