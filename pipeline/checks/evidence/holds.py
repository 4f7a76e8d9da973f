"""Holds in which the agent kept the customer waiting, apart from pauses that are the customer's own."""

from __future__ import annotations

import re

from pipeline.call import Call, Event, EventKind, Role
from pipeline.checks.evidence.hearing import Part

# What a customer says to a line that has gone dead: they were waiting.
CALLS_BACK = re.compile(
    r"^(?:[啊哎诶]|你好|您好|[，。！？,.!?\s])*喂|还在(?:吗|不|听)|在不在|人呢|有人吗|"
    r"(?:好|查到|弄好)了(?:吗|没)|怎么没声|still there"
)
THANKED = re.compile(r"(?:感谢|谢谢|多谢|辛苦|麻烦)[您你][^，。！？,.!?]{0,5}(?:等|耐心)")
SORRY = re.compile(r"抱歉|报歉|对不[起住]|不好意思|久等|过意不去|sorry", re.IGNORECASE)


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
    if not any(h.get("return_courtesy") for h in ended):
        return None
    # Who thanks for the wait, in so many words, has said what is said in place of an apology.
    text = "".join(u.text for u in after.utterances)
    return None if THANKED.search(text) and not SORRY.search(text) else "the wait is spoken of"


def _is_customers(call: Call, hold: Event) -> bool:
    if hold.get("announced") or hold.get("kind") != "dead" or hold.get("turn") != Role.AGENT:
        return False
    after = next((u for u in call.utterances if u.start_s >= hold.end_s - 0.5), None)
    spoke = any(u.role is not Role.AGENT and u.start_s < hold.start_s for u in call.utterances)
    broken = after is not None and after.role is Role.CUSTOMER
    return not spoke or (broken and after is not None and CALLS_BACK.search(after.text) is None)
