"""Measures: pure functions of a call, one module per family.

Everything here is a function of voice activity, utterances and events that are already stored;
only :mod:`pipeline.measures.voice` listens to audio, while a call is being heard.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline.call import Call, CallRecord, Measurement, Role
from pipeline.measures.agreement import measure_syllable_agreement
from pipeline.measures.clarity import measure_clarity
from pipeline.measures.hearing import HEARING_NAMES
from pipeline.measures.latency import measure_latency
from pipeline.measures.pace import measure_pace
from pipeline.measures.ringing import measure_ringing
from pipeline.measures.shares import measure_overlap, measure_talk_share, measure_waiting
from pipeline.measures.turns import find_turns

__all__ = ["LEVEL_NAMES", "measure", "measure_names"]

LEVEL_NAMES = (
    "level",
    "snr",
    "clipping",
    "noise_floor",
    "dropouts",
    "peak_level",
    "pitch_median",
    "pitch_spread",
    "pitch_position",
    "drawl",
    "spectral_tilt",
    "syllable_rate",
)
"""Names of the measures taken from the audio while a call is being heard (``measures.voice``)."""

LINE_NAMES = ("leakage", "role_confidence", "voice_separation")
"""Names of the measures of how the parties were told apart (``composition``)."""


def measure(call: Call) -> tuple[Measurement, ...]:
    """Take every measurement that follows from a call's utterances and events.

    Returns
    -------
    tuple of Measurement
        Always the same names in the same order; what cannot be measured carries a reason.
    """
    turns = find_turns(call)
    return (
        *measure_pace(call, Role.AGENT, turns),
        *measure_pace(call, Role.CUSTOMER, turns),
        *measure_latency(call, turns),
        *measure_ringing(call),
        *measure_talk_share(call),
        *measure_waiting(call),
        *measure_overlap(call, turns),
        measure_clarity(call, Role.AGENT),
        measure_clarity(call, Role.CUSTOMER),
        measure_syllable_agreement(call, Role.AGENT),
        measure_syllable_agreement(call, Role.CUSTOMER),
        Measurement("call_duration", None, call.duration_s, "s", None, "length of the recording", 1.0),
    )


@cache
def measure_names() -> frozenset[str]:
    """Names of every measure that can be stored."""
    silent = Call(CallRecord("", Path()), "", "", 0.0, 2, True, 0.0)
    return frozenset(m.name for m in measure(silent)) | {*LEVEL_NAMES, *LINE_NAMES, *HEARING_NAMES}
