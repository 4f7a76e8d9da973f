"""Calls with known answers: ground truth, and the tables a perfect audit would store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.call import ChannelForm, Role, Verdict
from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.stored import (
    StoredCall,
    StoredEvent,
    StoredFinding,
    StoredMeasurement,
    StoredUtterance,
)
from pipeline.evaluation.truth import TruthCall, TruthHold
from pipeline.spans import Span

AGENT, CUSTOMER = Role.AGENT, Role.CUSTOMER
FORMS = {
    "stereo": ChannelForm.STEREO,
    "leak": ChannelForm.LEAKING,
    "dual": ChannelForm.DUAL_MONO,
    "mono": ChannelForm.MONO,
}
OPENING = "您好，请问有什么可以帮您？"


def turn(role: Role, start_s: float, end_s: float, text: str = OPENING, **extra: Any) -> dict[str, Any]:
    """A turn whose characters fill it evenly, without a gap."""
    units = [char for char in text if char.isalnum()]
    step = (end_s - start_s) / len(units)
    times = [[char, start_s + i * step, start_s + (i + 1) * step] for i, char in enumerate(units)]
    return {
        "role": str(role),
        "start_s": start_s,
        "end_s": end_s,
        "text": text,
        "units": len(units),
        "lang": "zh",
        "unit_times": times,
    } | extra


def hold(*segments: tuple[float, float], kind: str = "dead") -> dict[str, Any]:
    return {"hold": kind, "segments": segments}


def truth_json(turns: Sequence[dict[str, Any]], **extra: Any) -> dict[str, Any]:
    return {"duration_s": 120.0, "channels": "stereo", "turns": list(turns)} | extra


def truth_call(turns: Sequence[dict[str, Any]], *, call_id: str = "c1", **extra: Any) -> TruthCall:
    call = TruthCall.model_validate(truth_json(turns, **extra))
    return call.model_copy(update={"call_id": call_id})


def perfect(call: TruthCall, *, shift_s: float = 0.0) -> StoredCall:
    """What a perfect audit stores about the call, every time moved by ``shift_s``."""

    def move(span: Span) -> Span:
        return Span(span.start_s + shift_s, span.end_s + shift_s)

    speech = [StoredEvent("speech", r, move(s)) for r in (AGENT, CUSTOMER) for s in call.speech(r)]
    holds = [StoredEvent("hold", None, move(h.span), _said(h)) for h in call.holds]
    played = [
        StoredEvent(e.kind, None, move(e.span), () if e.rings is None else (("rings", e.rings),))
        for e in call.events
    ]
    broken_in = [StoredEvent("interruption", by, move(span)) for by, span in call.interruptions()]
    return StoredCall(
        call_id=call.call_id,
        duration_s=call.duration_s,
        utterances=tuple(
            StoredUtterance(t.role, move(t.span), t.spoken_text, t.lang)
            for t in sorted(call.turns, key=lambda t: t.start_s)
        ),
        events=tuple(sorted([*speech, *holds, *played, *broken_in], key=lambda e: e.span)),
        measurements=(),
        findings=tuple(
            StoredFinding("dinghao-380", clause, verdict, "") for clause, verdict in call.labels.items()
        ),
        form=FORMS[call.shape],
    )


def _said(hold: TruthHold) -> tuple[tuple[str, bool | str | None], ...]:
    return (
        ("announced", hold.announced),
        ("consent", hold.consent),
        ("kind", hold.kind),
        ("reason_given", hold.reason),
        ("return_courtesy", hold.return_courtesy),
    )


def without(call: StoredCall, kind: str) -> StoredCall:
    return replace(call, events=tuple(e for e in call.events if e.kind != kind))


def with_events(
    call: StoredCall, kind: str, *spans: tuple[float, float], role: Role | None = None
) -> StoredCall:
    new = (StoredEvent(kind, role, Span(*span)) for span in spans)
    return replace(call, events=(*call.events, *new))


def with_pace(call: StoredCall, name: str, role: Role, value: float | None, reason: str = "") -> StoredCall:
    return replace(
        call, measurements=(*call.measurements, StoredMeasurement(name, role, value, reason or None))
    )


def with_findings(call: StoredCall, **verdicts: Verdict) -> StoredCall:
    """Findings by clause, written with an underscore: ``OPS_26=Verdict.FAIL``."""
    found = (
        StoredFinding("dinghao-380", clause.replace("_", "-"), verdict, "why")
        for clause, verdict in verdicts.items()
    )
    return replace(call, findings=tuple(found))


def pair(truth: TruthCall, stored: StoredCall | None = None) -> Pair:
    return Pair(truth, stored or perfect(truth))


def write_tables(out: Path, calls: Iterable[StoredCall], *, failures: int = 0) -> Path:
    """Store calls as the Parquet datasets an audit writes."""
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("calls", "utterances", "events", "measurements", "findings")
    }
    for call in calls:
        of_call = {"call_id": call.call_id}
        tables["calls"].append(
            of_call | {"duration_s": call.duration_s, "channel_form": call.form and str(call.form)}
        )
        tables["utterances"] += [
            of_call | _role(u.role) | _times(u.span) | {"idx": i, "text": u.text, "language": u.language}
            for i, u in enumerate(call.utterances)
        ]
        tables["events"] += [
            of_call
            | {"kind": e.kind, "attributes": json.dumps(dict(e.attributes))}
            | _role(e.role)
            | _times(e.span)
            for e in call.events
        ]
        tables["measurements"] += [
            of_call | {"name": m.name, "value": m.value, "reason": m.reason} | _role(m.role)
            for m in call.measurements
        ]
        tables["findings"] += [
            of_call
            | {
                "standard": f.standard,
                "rule_id": f.rule_id,
                "verdict": str(f.verdict),
                "reason": f.reason or None,
                "critical": f.critical,
            }
            for f in call.findings
        ]
    tables["failures"] = [{"path": f"{i}.wav", "stage": "audio", "reason": "?"} for i in range(failures)]
    for name, rows in tables.items():
        if rows:
            write_part(out, name, rows)
    return out


def write_part(out: Path, table: str, rows: list[dict[str, Any]], *, date: str = "2026-10-09") -> None:
    folder = out / table / f"call_date={date}"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / f"part-{len(list(folder.iterdir()))}.parquet")


def write_truth(folder: Path, **calls: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for call_id, document in calls.items():
        (folder / f"{call_id}.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder


def _role(role: Role | None) -> dict[str, Any]:
    return {"role": str(role) if role else None}


def _times(span: Span) -> dict[str, Any]:
    return {"start_s": span.start_s, "end_s": span.end_s}
