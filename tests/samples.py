"""The sample calls with their exact truth, for tests on real audio."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.call import Call, CallRecord, Role, Utterance
from pipeline.measures import measure
from pipeline.measures.events import derive_events
from pipeline.measures.silence import Sounds
from pipeline.spans import Span, Spans, intersect, total_s, union
from pipeline.wording.spoken import spoken_units

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Sample:
    """One sample call: where it is, who speaks when, which stretches are holds."""

    record: CallRecord
    speech: dict[Role, Spans]
    turns: tuple[tuple[Role, Span, str], ...]
    holds: tuple[tuple[str, Span], ...]
    rings: int
    announcement: Span | None
    duration_s: float


def sample(number: int) -> Sample:
    """Load ``data/calls/dev-NNN.opus`` and its truth."""
    name = f"dev-{number:03d}"
    truth = json.loads((DATA / "truth" / f"{name}.json").read_text(encoding="utf-8"))
    turns = tuple((Role(t["role"]), Span(t["start_s"], t["end_s"]), t["text"]) for t in truth["turns"])
    spoken = {
        role: union(
            (Span(a, b) for t in truth["turns"] if t["role"] == role for _, a, b in t["unit_times"]),
            bridge_s=0.3,
        )
        for role in (Role.AGENT, Role.CUSTOMER)
    }
    events = {e["kind"]: e for e in truth["events"]}
    announced = events.get("announcement")
    return Sample(
        record=CallRecord(
            name, DATA / "calls" / f"{name}.opus", direction=truth["direction"], agent_channel="left"
        ),
        speech=spoken,
        turns=turns,
        holds=tuple((h["hold"], Span(*s)) for h in truth["holds"] for s in h["segments"]),
        rings=events["ringback"]["rings"] if "ringback" in events else 0,
        announcement=Span(announced["start"], announced["end"]) if announced else None,
        duration_s=truth["duration_s"],
    )


def truth_call(number: int) -> Call:
    """Return the sample call as a perfect hearing would store it: true words at true times."""
    call = sample(number)
    utterances = tuple(
        Utterance(
            idx=i,
            role=role,
            start_s=span.start_s,
            end_s=span.end_s,
            text=text,
            raw_text=text,
            chars=spoken_units(text),
            speech_s=total_s(intersect([span], call.speech[role])),
            confidence=0.95,
            language="en" if text.isascii() else "zh",
        )
        for i, (role, span, text) in enumerate(call.turns)
    )
    sounds = {kind: tuple(span for k, span in call.holds if k == kind) for kind in ("music", "typing")}
    heard = Call(
        record=call.record,
        sha256="0" * 64,
        hearing_key="truth",
        duration_s=call.duration_s,
        channels=2,
        separated=True,
        hearing_quality=1.0,
        utterances=utterances,
        events=derive_events(
            utterances=utterances,
            speech=call.speech,
            duration_s=call.duration_s,
            separated=True,
            sounds=Sounds(**sounds),
            announcement=call.announcement,
        ),
    )
    return replace(heard, measurements=measure(heard))
