"""Lays a dialogue out in time and derives what a heard call would carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from statistics import fmean

from pipeline.call import Call, CallRecord, Event, Measurement, Role, Utterance
from pipeline.dialogue.parsing import Dialogue, Filling, Pause, Turn, parse_dialogue
from pipeline.measures import measure
from pipeline.measures.events import derive_events
from pipeline.measures.silence import Sounds
from pipeline.spans import Span, Spans, union
from pipeline.wording.spoken import spoken_units

TAIL_S = 0.5
ANNOUNCEMENT_S = 2.5
PITCH_HZ = 220.0
# Peaks of speech lie about this far above its level.
PEAK_DB = 6.0
EVERYDAY_VOICE = {
    "snr": (30.0, "dB"),
    "clipping": (0.0, "share"),
    "pitch_spread": (9.0, "semitones"),
    "pitch_position": (0.5, "share"),
    "drawl": (1.0, "ratio"),
    "spectral_tilt": (-13.0, "dB"),
}


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
    call = Call(
        record=_record(dialogue, call_id),
        sha256=sha256(dialogue.source.encode()).hexdigest(),
        hearing_key="dialogue",
        duration_s=clock.now_s + TAIL_S,
        channels=1 if dialogue.mono else 2,
        separated=not dialogue.mono,
        hearing_quality=1.0,
        utterances=utterances,
        events=(),
    )
    call = replace(call, events=_events(call, clock, announcement))
    return replace(call, measurements=(*measure(call), *_voices(dialogue, utterances)))


def _record(dialogue: Dialogue, call_id: str) -> CallRecord:
    return CallRecord(
        call_id=call_id,
        path=Path(f"{call_id}.wav"),
        direction=dialogue.direction,
        customer_name=dialogue.customer_name,
        ring_s=dialogue.ring_s,
        hangup_side=dialogue.hangup_side,
        started_at=dialogue.started_at,
        shift_started_at=dialogue.shift_started_at,
    )


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


def _events(call: Call, clock: _Clock, announcement: Span | None) -> tuple[Event, ...]:
    return derive_events(
        utterances=call.utterances,
        speech=_speech(call.utterances),
        duration_s=call.duration_s,
        separated=call.separated,
        sounds=Sounds(music=tuple(clock.filled["music"]), typing=tuple(clock.filled["typing"])),
        announcement=announcement,
        ringback=tuple(clock.filled["ring"]),
    )


def _speech(utterances: Sequence[Utterance]) -> dict[Role, Spans]:
    spoken = {role: union(u.span for u in utterances if u.role is role) for role in Role}
    return {role: spans for role, spans in spoken.items() if spans}


def _voices(dialogue: Dialogue, utterances: Sequence[Utterance]) -> tuple[Measurement, ...]:
    """What the audio would have given: levels of the turns, the line's noise, an everyday voice."""
    if dialogue.mono:
        return ()
    found = []
    for role in (Role.AGENT, Role.CUSTOMER):
        own = [u for u in utterances if u.role is role]
        if not own:
            continue
        level_dbfs = fmean(u.level_dbfs or 0.0 for u in own)
        changed = dict(dialogue.voice) if role is Role.AGENT else {"snr": dialogue.snr_db}
        pitches = [u.pitch_hz for u in own if u.pitch_hz is not None]
        usual = {
            **EVERYDAY_VOICE,
            "level": (level_dbfs, "dBFS"),
            "peak_level": (level_dbfs + PEAK_DB, "dBFS"),
            "pitch_median": (fmean(pitches or [PITCH_HZ]), "Hz"),
        }
        for name, (value, unit) in usual.items():
            told = changed.get(name)
            found.append(
                Measurement(name, role, value if told is None else told, unit, None, "dialogue", 1.0)
            )
    return tuple(found)
