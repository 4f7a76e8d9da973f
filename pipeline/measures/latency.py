"""Answer latency and first response.

- *answer latency*: end of a customer's turn to the start of the agent's next turn. Signed: negative means
  the agent began before the customer ended. Gaps that contain a hold are left out.
- *first response*: end of the automatic announcement, or else the moment of connection (end of the ring,
  or the start of the recording), to the agent's first speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.call import Call, EventKind, Measurement, Role
from pipeline.measures.turns import Turn
from pipeline.spans import Span

SLOW_ANSWER_S = 5.0


def answer_latencies(call: Call, turns: Sequence[Turn]) -> tuple[float, ...]:
    """Signed seconds from each customer turn's end to the agent's answer, in order."""
    holds = [e.span for e in call.events_of(EventKind.HOLD)]
    found = []
    for question, answer in pairwise(turns):
        if question.role is not Role.CUSTOMER or answer.role is not Role.AGENT:
            continue
        gap = Span(min(question.end_s, answer.start_s), max(question.end_s, answer.start_s))
        if not any(h.overlap_s(gap) > 0 for h in holds):
            found.append(answer.start_s - question.end_s)
    return tuple(found)


def measure_latency(call: Call, turns: Sequence[Turn]) -> tuple[Measurement, ...]:
    """Median, 90th percentile, maximum [s], share over 5 s and number of the agent's answers."""
    latencies = sorted(answer_latencies(call, turns))
    reason = None if latencies else "the agent answered no customer turn"
    method = "end of customer turn to start of agent turn, holds left out"

    def stat(name: str, value: float | None, unit: str = "s") -> Measurement:
        return Measurement(name, Role.AGENT, value, unit, reason, method, 1.0 if latencies else None)

    if not latencies:
        empty = [stat(f"answer_latency_{n}", None) for n in ("median", "p90", "max")]
        return (*empty, stat("answer_latency_over_5s", None, "share"), _first_response(call))
    return (
        stat("answer_latency_median", median(latencies)),
        stat("answer_latency_p90", _quantile(latencies, 0.9)),
        stat("answer_latency_max", latencies[-1]),
        stat(
            "answer_latency_over_5s",
            sum(s > SLOW_ANSWER_S for s in latencies) / len(latencies),
            "share",
        ),
        _first_response(call),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear-interpolation quantile of sorted values (numpy's default)."""
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def _first_response(call: Call) -> Measurement:
    def found(value: float | None, reason: str | None, method: str = "") -> Measurement:
        return Measurement("first_response", Role.AGENT, value, "s", reason, method)

    spoken = call.by_role(Role.AGENT)
    ringback = next(iter(call.events_of(EventKind.RINGBACK)), None)
    if not spoken:
        return found(None, "no speech in the agent's role")
    start_s = spoken[0].start_s
    played = [e for e in call.events_of(EventKind.ANNOUNCEMENT) if e.start_s < start_s]
    announcement = max(played, key=lambda e: e.end_s, default=None)
    if announcement is not None:
        return found(
            start_s - announcement.end_s, None, "end of the announcement to the agent's first speech"
        )
    if call.record.direction == "outbound":
        return found(None, "outbound call: the agent speaks when the customer answers")
    if ringback is None:
        return found(start_s, None, "start of the recording to the agent's first speech")
    if call.record.ring_s is None:
        return found(None, "the tone does not tell when the call was answered, and no ring time is given")
    answered_s = ringback.start_s + call.record.ring_s
    return found(start_s - answered_s, None, "end of ringing by the call log to the agent's first speech")
