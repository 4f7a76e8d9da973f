"""Calls for the tests of reports: some of the samples, and some that pages must survive."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import made_calls as made
from samples import DATA, truth_call

from pipeline.audit import judge_call
from pipeline.call import Call, CallRecord, Event, EventKind, Role
from pipeline.privacy import redact
from pipeline.rulebook import load_rulebook
from pipeline.tables import Judgement

HOSTILE = "<script>window.hacked=1</script>\"'/../=1+1\u202e"
SPEAKERS = (Role.AGENT, Role.CUSTOMER)


def sample_calls() -> list[Call]:
    """Sample calls as a perfect hearing stores them, with what the manifest says of them."""
    with (DATA / "calls.csv").open(encoding="utf-8") as file:
        rows = {row["call_id"]: row for row in csv.DictReader(file)}
    calls = []
    for number in (3, 10, 22):
        row = rows[f"dev-{number:03d}"]
        record = CallRecord(
            row["call_id"],
            DATA / row["path"],
            started_at=datetime.fromisoformat(row["started_at"]),
            agent_id=row["agent_id"],
            agent_name=row["agent_name"],
            team=row["team"],
            direction=row["direction"],
            ring_s=float(row["ring_s"]) if row["ring_s"] else None,
            hangup_side=row["hangup_side"],
            agent_channel=row["agent_channel"],
            standards=tuple(row["standards"].split(";")),
        )
        calls.append(redact(replace(truth_call(number), record=record)))
    return calls


def odd_calls() -> list[Call]:
    """Calls that pages must survive: a hostile id, roles unknown, nobody speaks, five hours."""
    plain = made.call("plain", day="2026-10-13")
    hostile = replace(
        plain,
        record=made.record(HOSTILE, day="2026-10-13", agent_id=HOSTILE, agent_name=HOSTILE, team=HOSTILE),
    )
    unknown = tuple(replace(u, role=Role.UNKNOWN) for u in plain.utterances)
    mono = replace(
        plain,
        record=made.record("mono", day="2026-10-13", agent_id=None, agent_name=None, team=None),
        channels=1,
        separated=False,
        utterances=unknown,
        events=tuple(Event(EventKind.SPEECH, Role.UNKNOWN, u.start_s, u.end_s) for u in unknown),
    )
    silent = replace(plain, record=made.record("silent", day="2026-10-13"), utterances=(), events=())
    said = [
        made.utterance(
            n, (Role.AGENT, Role.CUSTOMER)[n % 2], 6.0 * n, "请稍等一下，我帮您看看。", end_s=6.0 * n + 5
        )
        for n in range(3000)
    ]
    long = replace(
        plain,
        record=made.record("five-hours", day="2026-10-13"),
        duration_s=18_000.0,
        utterances=tuple(replace(u, level_dbfs=-25.0 - u.idx % 7) for u in said),
        events=tuple(Event(EventKind.SPEECH, u.role, u.start_s, u.end_s) for u in said),
    )
    return [hostile, mono, silent, long]


def judged(call: Call) -> list[Judgement]:
    """How a call is judged: real calls by their rulebooks, made ones as they are made."""
    if call.record.path.exists():
        return [judge_call(call, load_rulebook(name)) for name in call.record.standards]
    findings = (
        made.finding("OPS-01", "fail", quote="您好", reason="<b>gross pace</b> is 307 chars/min"),
        made.finding("OPS-10", "undetermined", confidence=0.5),
        made.finding("OPS-11", "pass"),
        made.finding("OPS-12", "not_applicable", start_s=None, end_s=None),
    )
    return [made.judgement(call, 50.0, *findings)]


def page_of(report: Path, call_id: str) -> Path:
    """Return the page of a call by the beginning of its name."""
    (page,) = report.glob(f"calls/*/{call_id}-*.html")
    return page
