"""Conditions read from the call log."""

from __future__ import annotations

from pipeline.call import Call
from pipeline.checks.conditions.base import Occasion


def inbound(call: Call) -> Occasion:
    """The customer called the desk."""
    return _direction(call, "inbound")


def outbound(call: Call) -> Occasion:
    """The desk called the customer."""
    return _direction(call, "outbound")


def _direction(call: Call, wanted: str) -> Occasion:
    seen = call.record.direction
    if seen is None:
        return Occasion(None, "the call's direction is not in its metadata")
    return Occasion(seen == wanted, f"the call is {seen}")
