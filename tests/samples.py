"""The sample calls with their exact truth, for tests on real audio."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.call import CallRecord, Role
from pipeline.spans import Span, Spans, union

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
    )
