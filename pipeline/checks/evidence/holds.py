"""Holds in which the agent kept the customer waiting, apart from pauses that are the customer's own."""

from __future__ import annotations

from pipeline.call import Call, Event, EventKind, Role


def kept_waiting(call: Call) -> tuple[Event, ...]:
    """Return the call's holds without the customer's own pauses, in order.

    A silence that nobody announced, with nothing to be heard in it, after words of the agent, is the
    customer's to break: they look for a number, or are not on the line at all.
    """
    return tuple(h for h in call.events_of(EventKind.HOLD) if not _is_customers(call, h))


def _is_customers(call: Call, hold: Event) -> bool:
    if hold.get("announced") or hold.get("kind") != "dead" or hold.get("turn") != Role.AGENT:
        return False
    after = next((u for u in call.utterances if u.start_s >= hold.end_s - 0.5), None)
    spoke = any(u.role is not Role.AGENT and u.start_s < hold.start_s for u in call.utterances)
    return not spoke or (after is not None and after.role is Role.CUSTOMER)
