"""Conditions read from the call log."""

from __future__ import annotations

from pipeline.call import Call
from pipeline.checks.conditions.base import Occasion
from pipeline.checks.evidence.calendar import holidays_on


def inbound(call: Call) -> Occasion:
    """The customer called the desk."""
    return _direction(call, "inbound")


def outbound(call: Call) -> Occasion:
    """The desk called the customer."""
    return _direction(call, "outbound")


def holiday(call: Call) -> Occasion:
    """The call falls on a statutory holiday: on its own days by law, not on the days off around them."""
    started_at = call.record.started_at
    if started_at is None:
        return Occasion(None, "the call's start is not in its metadata")
    kept = holidays_on(started_at.date())
    named = ", ".join(timing.replace("_", " ") for timing in kept)
    return Occasion(bool(kept), f"the day is {named}" if kept else "the day is no statutory holiday")


def _direction(call: Call, wanted: str) -> Occasion:
    seen = call.record.direction
    if seen is None:
        return Occasion(None, "the call's direction is not in its metadata")
    return Occasion(seen == wanted, f"the call is {seen}")
