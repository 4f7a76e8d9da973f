"""Talk share, holds and overlaps as numbers of a call."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import Call, EventKind, Measurement, Role
from pipeline.measures.turns import Turn
from pipeline.spans import total_s, union

NOT_SEPARATED = "needs each party on a channel of its own"


def measure_talk_share(call: Call) -> tuple[Measurement, ...]:
    """Each role's speech over both roles' speech, 0..1; overlap counts for both."""
    spoken = {role: total_s(call.speech(role)) for role in (Role.AGENT, Role.CUSTOMER)}
    both = sum(spoken.values())
    reason = None if both > 0 else "nobody speaks in a known role"
    return tuple(
        Measurement("talk_share", role, s / both if both > 0 else None, "share", reason, "voice activity")
        for role, s in spoken.items()
    )


def measure_waiting(call: Call) -> tuple[Measurement, ...]:
    """Non-talk time, number and length of holds, and the longest wait without the agent's voice [s]."""
    holds = call.events_of(EventKind.HOLD)
    non_talk = total_s(e.span for e in call.events_of(EventKind.NON_TALK))
    waits = [float(w) for h in holds if isinstance(w := h.get("longest_wait_s"), (int, float))]
    longest = max(waits, default=None)
    return (
        Measurement("non_talk_time", None, non_talk, "s", None, "neither party for over 3 s", 1.0),
        Measurement("hold_count", None, float(len(holds)), "count", None, "holds", 1.0),
        Measurement("hold_time", None, total_s(union(h.span for h in holds)), "s", None, "holds", 1.0),
        Measurement(
            "longest_wait_without_agent",
            None,
            longest,
            "s",
            None if holds else "no hold",
            "longest stretch of a hold without the agent's voice",
            1.0 if holds else None,
        ),
    )


def measure_overlap(call: Call, turns: Sequence[Turn]) -> tuple[Measurement, ...]:
    """Interruptions, talk-overs and backchannels per role, and interruptions per turn of that role."""
    found = []
    for role in (Role.AGENT, Role.CUSTOMER):
        own_turns = sum(t.role is role for t in turns)
        for name, kind in (
            ("interruption_count", EventKind.INTERRUPTION),
            ("talk_over_count", EventKind.TALK_OVER),
            ("backchannel_count", EventKind.BACKCHANNEL),
        ):
            count = float(len(call.events_of(kind, role))) if call.separated else None
            reason = None if call.separated else NOT_SEPARATED
            found.append(Measurement(name, role, count, "count", reason, "starts inside the other's speech"))
        interruptions = len(call.events_of(EventKind.INTERRUPTION, role))
        rate, why = (interruptions / own_turns, None) if own_turns else (None, "no turn of this role")
        if not call.separated:
            rate, why = None, NOT_SEPARATED
        found.append(Measurement("interruption_rate", role, rate, "count/turn", why, "interruptions / turns"))
    return tuple(found)
