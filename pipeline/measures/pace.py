"""Pace: how much is said per minute, in the unit of the language.

- *net pace*: units over seconds of voice activity (articulation with pauses removed).
- *gross pace*: units over seconds of turns, pauses inside turns included, holds and backchannels left out.
  Service standards mean this one when they say "characters a minute".

The unit is the spoken character in Mandarin and Cantonese (chars/min) and the word in English (words/min);
in other languages pace is not measured. A role that speaks several is measured in the one it mostly speaks,
over its utterances and turns in that. Characters count as read aloud and never include punctuation; English
words among Chinese count their syllables (``pipeline.wording.spoken``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import Call, Measurement, Role, once_per_call
from pipeline.measures.turns import Turn
from pipeline.spans import total_s
from pipeline.wording.languages import ENGLISH, IN_CHARACTERS, language_name
from pipeline.wording.spoken import spoken_words

MIN_UNITS = 4
MIN_SPEECH_S = 1.0
UNKNOWN_ROLES = "it is not known which voice is whose"


@once_per_call
def main_language(call: Call, role: Role) -> str | None:
    """Language a role speaks for the longest time; None when no words of it were recognised."""
    spoken: dict[str, float] = {}
    for utterance in call.by_role(role):
        spoken[utterance.language] = spoken.get(utterance.language, 0.0) + utterance.speech_s
    return max(spoken, key=spoken.__getitem__) if spoken else None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a role says in its main language: units and the time they take."""

    language: str | None
    units: int
    worded_s: float
    turn_units: int
    turn_s: float

    @property
    def in_words(self) -> bool:
        """Whether its units are words, not spoken characters."""
        return self.language == ENGLISH

    @property
    def doubt(self) -> str | None:
        """Why there is no pace, or None when there is."""
        if self.language not in (None, ENGLISH, *IN_CHARACTERS):
            name = language_name(str(self.language))
            return f"spoken in {name}: pace is measured in Mandarin, Cantonese and English"
        if self.units >= MIN_UNITS and self.worded_s >= MIN_SPEECH_S and self.turn_s > 0:
            return None
        units = "words" if self.in_words else "characters"
        return f"less than {MIN_UNITS} {units} or {MIN_SPEECH_S:g} s of speech"


def measure_pace(call: Call, role: Role, turns: Sequence[Turn]) -> tuple[Measurement, ...]:
    """Net and gross pace [chars/min or words/min] of one role, and the sums they come from.

    ``spoken_chars`` and ``turn_time`` are stored so that an agent's pace over many calls is exact; there are
    no characters where pace is not counted in them. Fewer than 4 units or 1 s of speech is unmeasurable. The
    coverage is the share of the role's voice activity in which words of the language were recognised.
    """
    said = _said(call, role, turns)
    speech_s = total_s(call.speech(role))
    nobody = UNKNOWN_ROLES if not speech_s and call.by_role(Role.UNKNOWN) else None
    uncounted = "it is counted in words" if said.in_words else None
    if said.language not in (None, ENGLISH, *IN_CHARACTERS):
        uncounted = said.doubt
    heard = min(1.0, said.worded_s / speech_s) if speech_s else None
    unit, units = ("words/min", "words") if said.in_words else ("chars/min", "spoken characters")

    def pace(name: str, count: int, seconds: float, over: str) -> Measurement:
        why_not = nobody or said.doubt
        value = None if why_not else 60.0 * count / seconds
        return Measurement(name, role, value, unit, why_not, f"{units} / {over}", heard)

    def total(name: str, value: float, kind: str, method: str, why_not: str | None) -> Measurement:
        if why_not:
            return Measurement(name, role, None, kind, why_not, method)
        return Measurement(name, role, value, kind, None, method, heard)

    turns_alone = "turns without holds and backchannels"
    return (
        pace("net_pace", said.units, said.worded_s, "voice activity with words"),
        pace("gross_pace", said.turn_units, said.turn_s, turns_alone),
        total("speech_time", speech_s, "s", "voice activity", nobody),
        total("turn_time", said.turn_s, "s", turns_alone, nobody),
        total(
            "spoken_chars", float(said.turn_units), "count", "characters as read aloud", nobody or uncounted
        ),
    )


def _said(call: Call, role: Role, turns: Sequence[Turn]) -> _Said:
    language = main_language(call, role)
    same = IN_CHARACTERS if language in IN_CHARACTERS else (language,)
    own = [u for u in call.by_role(role) if u.language in same]
    held = [t for t in turns if t.role is role and t.language in same]
    in_words = language == ENGLISH
    return _Said(
        language=language,
        units=sum(spoken_words(u.text) if in_words else u.chars for u in own),
        worded_s=sum(u.speech_s for u in own),
        turn_units=sum(spoken_words(t.text) if in_words else t.chars for t in held),
        turn_s=sum(t.span.duration_s for t in held),
    )
