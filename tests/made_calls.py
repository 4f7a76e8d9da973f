"""Small calls, findings and scores for the tests of tables, store, scorecards and reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.call import (
    Call,
    CallRecord,
    Event,
    EventKind,
    Finding,
    Measurement,
    Role,
    Score,
    Utterance,
    Verdict,
)
from pipeline.reviews import Review, finding_hash
from pipeline.tables import Judgement

STANDARD = "dinghao-380"


def record(call_id: str = "c1", *, day: str | None = "2026-10-09", **changes: Any) -> CallRecord:
    started_at = None if day is None else datetime.fromisoformat(f"{day}T09:12:30+08:00")
    values: dict[str, Any] = {
        "path": Path(f"/calls/{call_id}.wav"),
        "started_at": started_at,
        "agent_id": "A01",
        "agent_name": "陈静",
        "team": "一组",
        "direction": "inbound",
        "standards": (STANDARD,),
    }
    return CallRecord(call_id=call_id, **(values | changes))


def utterance(idx: int, role: Role, start_s: float, text: str, *, end_s: float | None = None) -> Utterance:
    end_s = start_s + 2.0 if end_s is None else end_s
    return Utterance(idx, role, start_s, end_s, text, text, len(text), end_s - start_s, 0.9, "zh")


def call(
    call_id: str = "c1",
    *,
    day: str | None = "2026-10-09",
    sha256: str = "aa",
    hearing_key: str = "h1",
    measurements: Iterable[Measurement] = (),
    **record_changes: Any,
) -> Call:
    said = (
        utterance(0, Role.AGENT, 5.0, "您好，请问有什么可以帮您？"),
        utterance(1, Role.CUSTOMER, 8.0, "我想问一下我的退票。"),
        utterance(2, Role.AGENT, 30.0, "让您久等了。"),
    )
    events = (
        Event(EventKind.RINGBACK, None, 0.0, 4.0, (("rings", 1),)),
        *(Event(EventKind.SPEECH, u.role, u.start_s, u.end_s) for u in said),
        Event(EventKind.HOLD, None, 12.0, 30.0, (("announced", True), ("kind", "music"))),
    )
    return Call(
        record=record(call_id, day=day, **record_changes),
        sha256=sha256,
        hearing_key=hearing_key,
        duration_s=40.0,
        channels=2,
        separated=True,
        hearing_quality=0.93,
        utterances=said,
        events=events,
        measurements=tuple(measurements),
    )


def measured(**values: float | None) -> tuple[Measurement, ...]:
    return tuple(
        Measurement(name, Role.AGENT, value, "unit", None if value is not None else "too short", "test", None)
        for name, value in values.items()
    )


def finding(rule_id: str, verdict: str, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "standard": STANDARD,
        "dimension": "courtesy",
        "role": Role.AGENT,
        "start_s": 5.0,
        "end_s": 7.0,
        "quote": "您好",
        "reason": "a reason",
        "confidence": 0.8,
        "points": 5.0,
        "critical": False,
    }
    return Finding(rule_id=rule_id, verdict=Verdict(verdict), **(values | changes))


def score(value: float | None, *, critical_failures: int = 0, standard: str = STANDARD) -> Score:
    shown = 0.0 if critical_failures else value
    dimensions = (("patience", None), ("courtesy", value), ("communication", None), ("compliance", value))
    earned = 0.0 if value is None else value / 10
    return Score(standard, shown, value, earned, 10.0, critical_failures, dimensions)


def judgement(heard: Call, value: float | None, *findings: Finding, critical_failures: int = 0) -> Judgement:
    total = score(value, critical_failures=critical_failures)
    return Judgement.of(heard, score=total, findings=findings, rulebook_hash="r1")


def review(finding: Finding, judged: Judgement, right: str | None = None, **changes: Any) -> Review:
    """A reviewer's mark on a finding; agreeing unless another verdict is given."""
    right_verdict = finding.verdict if right is None else Verdict(right)
    values: dict[str, Any] = {
        "call_id": judged.call_id,
        "call_date": "2026-10-09",
        "standard": finding.standard,
        "rule_id": finding.rule_id,
        "verdict": finding.verdict,
        "decision": "agree" if right_verdict is finding.verdict else "overturn",
        "right_verdict": right_verdict,
        "reason": None if right is None else "听了录音",
        "reviewer": "王质检",
        "reviewed_at": datetime(2026, 10, 12, 9, 0, tzinfo=UTC),
        "sha256": judged.sha256,
        "rulebook_hash": judged.rulebook_hash,
        "finding_hash": finding_hash(finding),
        "imported_at": datetime(2026, 10, 13, 9, 0, tzinfo=UTC),
        "source": "marks.csv",
    }
    return Review(**(values | changes))
