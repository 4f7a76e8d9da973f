"""Ringing before the answer, as the recording has it.

- *ring_count*: rings of the ringback tone.
- *time_to_answer*: start of the first ring to the first voice or announcement after the last one [s]. The
  tone itself does not tell the moment of the answer, which lies at most a moment before that voice.
"""

from __future__ import annotations

from pipeline.call import Call, EventKind, Measurement

NO_RINGING = "no ringback tone in the recording"


def measure_ringing(call: Call) -> tuple[Measurement, Measurement]:
    """Rings counted and time to answer [s]; both unmeasurable where no ringing was recorded."""
    ringing = next(iter(call.events_of(EventKind.RINGBACK)), None)
    counted = "rings of the ringback tone"
    answered = "first ring to the first voice after the last"
    rings = ringing.get("rings") if ringing is not None else None
    if ringing is None or not isinstance(rings, int):
        return (
            Measurement("ring_count", None, None, "count", NO_RINGING, counted),
            Measurement("time_to_answer", None, None, "s", NO_RINGING, answered),
        )
    voices = [s.start_s for s in call.speech()]
    voices += [e.start_s for e in call.events_of(EventKind.ANNOUNCEMENT)]
    first_s = min((s for s in voices if s >= ringing.end_s), default=None)
    return (
        Measurement("ring_count", None, float(rings), "count", None, counted, 1.0),
        Measurement(
            "time_to_answer",
            None,
            None if first_s is None else first_s - ringing.start_s,
            "s",
            "nobody speaks after the ringing" if first_s is None else None,
            answered,
            None if first_s is None else 1.0,
        ),
    )
