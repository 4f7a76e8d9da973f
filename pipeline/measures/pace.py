"""Pace: spoken characters per minute.

- *net pace*: spoken characters over seconds of voice activity (articulation with pauses removed).
- *gross pace*: spoken characters over seconds of turns, pauses inside turns included, holds and
  backchannels left out. Service standards mean this one when they say "characters a minute".

Characters count as read aloud and never include punctuation. Stretches in a language without characters
count syllables (``pipeline.wording.spoken``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import Call, Measurement, Role
from pipeline.measures.turns import Turn
from pipeline.spans import total_s

MIN_CHARS = 4
MIN_SPEECH_S = 1.0
UNKNOWN_ROLES = "it is not known which voice is whose"


def measure_pace(call: Call, role: Role, turns: Sequence[Turn]) -> tuple[Measurement, ...]:
    """Net and gross pace [chars/min] of one role, and the sums they come from.

    ``spoken_chars`` and ``turn_time`` are stored so that an agent's pace over many calls is exact.
    Fewer than 4 characters or 1 s of speech is unmeasurable. Their coverage is the share of the role's
    voice activity in which words were recognised.
    """
    speech_s = total_s(call.speech(role))
    own = [t for t in turns if t.role is role]
    worded_s = sum(u.speech_s for u in call.by_role(role))
    said = sum(u.chars for u in call.by_role(role))
    turn_chars, turn_s = sum(t.chars for t in own), sum(t.span.duration_s for t in own)
    nobody = not speech_s and bool(call.by_role(Role.UNKNOWN))
    enough = said >= MIN_CHARS and worded_s >= MIN_SPEECH_S and turn_s > 0
    reason = None if enough else f"less than {MIN_CHARS} characters or {MIN_SPEECH_S:g} s of speech"
    heard = min(1.0, worded_s / speech_s) if speech_s else None

    def pace(name: str, chars: int, seconds: float, method: str) -> Measurement:
        value = 60.0 * chars / seconds if enough else None
        return Measurement(name, role, value, "chars/min", UNKNOWN_ROLES if nobody else reason, method, heard)

    def total(name: str, value: float, unit: str, method: str) -> Measurement:
        if nobody:
            return Measurement(name, role, None, unit, UNKNOWN_ROLES, method)
        return Measurement(name, role, value, unit, None, method, heard)

    return (
        pace("net_pace", said, worded_s, "spoken characters / voice activity with words"),
        pace("gross_pace", turn_chars, turn_s, "spoken characters / turns without holds and backchannels"),
        total("speech_time", speech_s, "s", "voice activity"),
        total("turn_time", turn_s, "s", "turns without holds and backchannels"),
        total("spoken_chars", float(turn_chars), "count", "characters as read aloud"),
    )
