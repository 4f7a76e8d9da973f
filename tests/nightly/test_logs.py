from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from made_nights import Desk

from pipeline.nightly.logs import log_file, night_log
from pipeline.nightly.night import run_night

# What the made calls say and who is in them, and what stands in their recordings' names.
PRIVATE = ("退票", "您好", "让您久等", "13812345678", "陈静", "王小明", "a defect", "wav")


@pytest.fixture
def desk_with_people(desk: Desk) -> Desk:
    rows = ["path,call_id,agent_name,customer_name,team,started_at"]
    for call_id in ("in-13812345678-1", "raises-13812345678", "nan-13812345678"):
        desk.recording(f"{call_id}.wav")
        rows.append(f"calls/{call_id}.wav,{call_id},陈静,王小明,机票,2026-10-09 09:00")
    rows.append("calls/13812345678-gone.wav,gone,陈静,王小明,机票,")
    (desk.folder / "calls.csv").write_text("\n".join(rows), encoding="utf-8")
    return desk


TEXT = "sources:\n  - {name: calls, recordings: calls.csv}\nstandards:\n  - rulebooks: book.yaml\n"


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_log_has_an_event_per_call_and_nothing_of_what_was_said(desk_with_people: Desk, form) -> None:
    desk = desk_with_people
    path = log_file(desk.folder / "logs", date(2026, 11, 22))
    with night_log(path, form) as log:
        run_night(desk.config(TEXT), log=log)
    text = path.read_text(encoding="utf-8")
    assert not [word for word in PRIVATE if word in text]
    assert path.name == "night-2026-11-22.log"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    if form == "json":
        events = [json.loads(line) for line in text.splitlines()]
        calls = [e for e in events if e["event"] == "call"]
        came = sorted((e["outcome"], e.get("stage", "")) for e in calls)
        assert came == [("failed", "hear"), ("heard", ""), ("heard", "")]
        assert all(e["seconds"] >= 300 and e["source"] == "calls" for e in calls)
        assert [e["event"] for e in events][-1] == "night ended"
        assert all(e["timestamp"] and e["level"] for e in events)


def test_the_summary_and_metrics_have_nothing_of_a_call(desk_with_people: Desk) -> None:
    desk = desk_with_people
    desk.night(TEXT + "metrics: metrics/callaudit.prom\n")
    told = (desk.out / "summary.json").read_text(encoding="utf-8")
    told += (desk.folder / "metrics" / "callaudit.prom").read_text(encoding="utf-8")
    assert not [word for word in PRIVATE if word in told]


def test_nights_of_one_day_share_a_log(tmp_path: Path) -> None:
    path = tmp_path / "night.log"
    for _ in range(2):
        with night_log(path, "json") as log:
            log.info("night started")
    assert len(path.read_text().splitlines()) == 2
