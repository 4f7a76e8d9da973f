"""Hearing quality: how far what was heard of a call can be trusted, 0..1, and what it is made of.

Every part is a share, 1 at best, stored as a measurement of the call:

- *hearing_sure*: share of voice activity in utterances the recogniser was sure of (0.5 and more), with 2 s
  more of both.
- *hearing_worded*: share of voice activity in which words were recognised at all.
- *hearing_line*: speech over noise of the worst line somebody speaks on, 1 from 10 dB.
- *hearing_syllables*: how far recognised characters and syllables counted in the audio agree: 1 up to a
  factor of 1.4, 0 from a factor of 3.
- *hearing_language*: share of recognised speech in Chinese or English, the languages rules can be in.
- *hearing_roles*: share of voice activity whose role is known.

The quality is the product of sure and language, which words stand and fall with, and of the other parts but
worded (which sure includes), each of which can take away a share at most: the line 0.3, the syllables 0.6,
the roles 0.2. Where nobody speaks nothing can be misheard: the parts are unmeasurable and the quality is 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from pipeline.call import Call, Measurement, Role
from pipeline.measures.agreement import MIN_SYLLABLES
from pipeline.spans import total_s
from pipeline.wording.languages import ENGLISH, IN_CHARACTERS

SURE = 0.5
# So much sure speech is taken for granted: a click that passes for half a second of voice sinks no call.
SPARED_S = 2.0
QUIET_LINE_DB = 10.0
AGREEING, DISAGREEING = 1.4, 3.0
WEIGHTS = {
    "hearing_sure": 1.0,
    "hearing_language": 1.0,
    "hearing_line": 0.3,
    "hearing_syllables": 0.6,
    "hearing_roles": 0.2,
}
"""Share of the quality that each part can take away."""

HEARING_NAMES = (*WEIGHTS, "hearing_worded")


def measure_hearing(call: Call) -> tuple[Measurement, ...]:
    """Take every part of the hearing quality, from a call whose other measurements are there."""
    speech_s = sum(total_s(call.speech(role)) for role in Role)
    if not speech_s:
        return tuple(Measurement(n, None, None, "share", "nobody speaks") for n in HEARING_NAMES)
    sure_s = sum(u.speech_s for u in call.utterances if u.confidence >= SURE)
    worded_s = sum(u.speech_s for u in call.utterances)
    unknown_s = total_s(call.speech(Role.UNKNOWN))
    told_s = sum(u.speech_s for u in call.utterances if u.language in (*IN_CHARACTERS, ENGLISH))
    sure = (sure_s + SPARED_S) / (speech_s + SPARED_S)
    return (
        _part("hearing_sure", sure, "voice activity in utterances the recogniser was sure of"),
        _part("hearing_language", told_s / worded_s if worded_s else None, "speech in Chinese or English"),
        _line(call),
        _syllables(call),
        _part("hearing_roles", 1.0 - unknown_s / speech_s, "voice activity of known roles"),
        _part("hearing_worded", worded_s / speech_s, "voice activity in which words were recognised"),
    )


def hearing_quality(parts: Sequence[Measurement]) -> float:
    """Put the parts together, 0..1; what could not be measured takes nothing away."""
    quality = 1.0
    for part in parts:
        if part.value is not None:
            quality *= 1.0 - WEIGHTS.get(part.name, 0.0) * (1.0 - part.value)
    return quality


def _line(call: Call) -> Measurement:
    name, method = "hearing_line", "worst signal-to-noise ratio of a line, 1 from 10 dB"
    taken = [m.value for m in call.measurements if m.name == "snr" and m.value is not None]
    if not taken:
        return Measurement(name, None, None, "share", "the lines' noise was not measured", method)
    return _part(name, min(taken) / QUIET_LINE_DB, method)


def _syllables(call: Call) -> Measurement:
    name, method = "hearing_syllables", "recognised characters against syllables counted in the audio"
    counted = sum(u.syllables or 0 for u in call.utterances)
    said = sum(u.chars for u in call.utterances if u.syllables is not None)
    if max(counted, said) < MIN_SYLLABLES:
        return Measurement(name, None, None, "share", "too few syllables to compare", method)
    apart = abs(log(max(said, 1) / max(counted, 1))) - log(AGREEING)
    return _part(name, 1.0 - apart / (log(DISAGREEING) - log(AGREEING)), method)


def _part(name: str, value: float | None, method: str) -> Measurement:
    if value is None:
        return Measurement(name, None, None, "share", "no words were recognised", method)
    return Measurement(name, None, min(1.0, max(0.0, value)), "share", None, method, 1.0)
