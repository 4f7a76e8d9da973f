"""Holds in which the agent kept the customer waiting, apart from pauses that are the customer's own."""

from __future__ import annotations

from pipeline.call import Call, Event, EventKind, Role
from pipeline.checks.evidence.hearing import Part


def kept_waiting(call: Call) -> tuple[Event, ...]:
    """Return the call's holds without the customer's own pauses, in order.

    A silence that nobody announced, with nothing to be heard in it, after words of the agent, is the
    customer's to break: they look for a number, or are not on the line at all.
    """
    return tuple(h for h in call.events_of(EventKind.HOLD) if not _is_customers(call, h))


def doubt_return(call: Call, after: Part) -> str | None:
    """Say why words that are missing after a hold may not have been due or have been said, or None."""
    if not after.utterances:
        return "the agent does not speak first after the hold"
    ended = (h for h in kept_waiting(call) if after.span.start_s <= h.end_s <= after.span.end_s)
    return "the wait is spoken of" if any(h.get("return_courtesy") for h in ended) else None


def _is_customers(call: Call, hold: Event) -> bool:
    if hold.get("announced") or hold.get("kind") != "dead" or hold.get("turn") != Role.AGENT:
        return False
    after = next((u for u in call.utterances if u.start_s >= hold.end_s - 0.5), None)
    spoke = any(u.role is not Role.AGENT and u.start_s < hold.start_s for u in call.utterances)
    return not spoke or (after is not None and after.role is Role.CUSTOMER)
