"""Lays a dialogue out in time and derives what a heard call would carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from statistics import fmean

from pipeline.call import Call, CallRecord, Measurement, Role, Utterance
from pipeline.dialogue.parsing import Dialogue, Filling, Pause, Turn, parse_dialogue
from pipeline.measures import measure
from pipeline.measures.events import derive_events
from pipeline.measures.silence import Sounds
from pipeline.spans import Span, Spans, union
from pipeline.wording.spoken import spoken_units

TAIL_S = 0.5
ANNOUNCEMENT_S = 2.5


def dialogue_call(source: str, *, call_id: str = "dialogue") -> Call:
    """Turn a dialogue into a call with utterances, events and measurements.

    Raises
    ------
    ConfigError
        When the dialogue cannot be read.
    """
    return build_call(parse_dialogue(source), call_id=call_id)


def build_call(dialogue: Dialogue, *, call_id: str = "dialogue") -> Call:
    """Lay a dialogue out in time and derive what follows from it."""
    clock = _Clock()
    announcement = None
    if dialogue.announcement_s is not None:
        announcement = Span(0.0, ANNOUNCEMENT_S)
        clock.now_s = ANNOUNCEMENT_S + dialogue.announcement_s
    for line in dialogue.lines:
        if isinstance(line, Pause):
            clock.wait(line)
        else:
            clock.say(line, dialogue.pace_cpm)
    utterances = tuple(
        replace(u, idx=i) for i, u in enumerate(sorted(clock.utterances, key=lambda u: u.start_s))
    )
    duration_s = clock.now_s + TAIL_S
    events = derive_events(
        utterances=utterances,
        speech=_speech(utterances),
        duration_s=duration_s,
        separated=not dialogue.mono,
        sounds=Sounds(music=tuple(clock.filled["music"]), typing=tuple(clock.filled["typing"])),
        announcement=announcement,
        ringback=tuple(clock.filled["ring"]),
    )
    call = Call(
        record=CallRecord(
            call_id=call_id,
            path=Path(f"{call_id}.wav"),
            direction=dialogue.direction,
            customer_name=dialogue.customer_name,
            ring_s=dialogue.ring_s,
            hangup_side=dialogue.hangup_side,
            started_at=dialogue.started_at,
            shift_started_at=dialogue.shift_started_at,
        ),
        sha256=sha256(dialogue.source.encode()).hexdigest(),
        hearing_key="dialogue",
        duration_s=duration_s,
        channels=1 if dialogue.mono else 2,
        separated=not dialogue.mono,
        hearing_quality=1.0,
        utterances=utterances,
        events=events,
    )
    return replace(call, measurements=(*measure(call), *_levels(dialogue, utterances)))


@dataclass(slots=True)
class _Clock:
    """Where the layout has got to."""

    now_s: float = 0.0
    utterances: list[Utterance] = field(default_factory=list)
    filled: dict[Filling, list[Span]] = field(
        default_factory=lambda: {"dead": [], "music": [], "typing": [], "ring": []}
    )

    def wait(self, pause: Pause) -> None:
        self.filled[pause.filling].append(Span(self.now_s, self.now_s + pause.seconds))
        self.now_s += pause.seconds

    def say(self, turn: Turn, pace_cpm: float) -> None:
        chars = spoken_units(turn.text)
        start_s = max(0.0, self.now_s + turn.gap_s)
        length_s = 60.0 * max(1, chars) / (turn.pace_cpm or pace_cpm)
        self.utterances.append(
            Utterance(
                idx=0,
                role=turn.role,
                start_s=start_s,
                end_s=start_s + length_s,
                text=turn.text,
                raw_text=turn.text,
                chars=chars,
                speech_s=length_s,
                confidence=turn.confidence,
                language=turn.language or ("zh" if re.search(r"[\u4e00-\u9fff]", turn.text) else "en"),
                level_dbfs=turn.level_dbfs,
                pitch_hz=turn.pitch_hz,
            )
        )
        self.now_s = max(self.now_s, start_s + length_s)


def _speech(utterances: Sequence[Utterance]) -> dict[Role, Spans]:
    spoken = {role: union(u.span for u in utterances if u.role is role) for role in Role}
    return {role: spans for role, spans in spoken.items() if spans}


def _levels(dialogue: Dialogue, utterances: Sequence[Utterance]) -> tuple[Measurement, ...]:
    """What the audio would have given: the mean level of each role's turns, and the line's noise."""
    levels = [
        Measurement("level", role, fmean(u.level_dbfs or 0.0 for u in own), "dBFS", None, "dialogue", 1.0)
        for role in (Role.AGENT, Role.CUSTOMER)
        if (own := [u for u in utterances if u.role is role])
    ]
    if dialogue.snr_db is not None:
        levels.append(Measurement("snr", Role.CUSTOMER, dialogue.snr_db, "dB", None, "dialogue", 1.0))
    return tuple(levels)
