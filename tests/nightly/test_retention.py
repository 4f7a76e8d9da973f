from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from made_nights import SOURCE, Desk

from pipeline.errors import ConfigError, StoreError
from pipeline.nightly import retention
from pipeline.nightly.retention import last_purge, purge, read_age, remove_clips, remove_logs
from pipeline.reports.clips import clips_folder
from pipeline.store import PurgedDay, Store, purge_day

Named = Callable[[str, str], str]
TODAY = date.today()
OLD, NEW = (TODAY - timedelta(days=100)).isoformat(), (TODAY - timedelta(days=2)).isoformat()
KEEP = "retention: {tables_days: 90}\n"


def test_a_purged_call_does_not_come_back_while_its_recording_is_there(desk: Desk, named: Named) -> None:
    desk.recording(named("old", OLD))
    desk.recording(named("new", NEW))
    assert desk.night(SOURCE).total("heard") == 2
    summary = desk.night(SOURCE + KEEP)
    assert (summary.purged.calls, summary.total("too_old"), summary.total("known")) == (1, 1, 1)
    assert desk.store.dates() == (NEW,)
    for text in (SOURCE + KEEP, SOURCE):
        again = desk.night(text)
        assert (again.purged.calls, again.total("too_old"), again.total("heard")) == (0, 1, 0), text
    assert (desk.folder / "calls" / named("old", OLD)).exists(), "recordings are never touched"


def test_a_purge_by_hand_binds_the_nights_after_it(desk: Desk, named: Named) -> None:
    desk.recording(named("old", OLD))
    desk.night(SOURCE)
    store = desk.store
    with store.writing():
        purge(store, TODAY - timedelta(days=50))
    assert last_purge(desk.out) == TODAY - timedelta(days=50)
    assert desk.night(SOURCE).total("too_old") == 1


def test_a_dry_run_removes_nothing_and_counts_the_same(desk: Desk, named: Named, tmp_path: Path) -> None:
    desk.recording(named("old", OLD))
    desk.recording(named("raises", OLD))
    desk.night(SOURCE)
    clips = tmp_path / "clips"
    call_id = desk.store.frame("calls")["call_id"].iloc[0]
    mine = clips / clips_folder(OLD, call_id) / "OPS-25_1.0-3.0s.mp3"
    others = clips / clips_folder(OLD, "x") / "OPS-25_1.0-3.0s.mp3"
    another_day = clips / clips_folder("2020-01-01", call_id) / "OPS-25_1.0-3.0s.mp3"
    recording = clips / clips_folder(OLD, "x") / "a-recording.mp3"
    for path in (mine, others, another_day, recording):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("sound")
    store, limit = desk.store, TODAY - timedelta(days=50)
    before = sorted(desk.out.rglob("*"))
    would = purge(store, limit, clips=[clips], dry_run=True)
    assert sorted(desk.out.rglob("*")) == before
    assert mine.exists()
    with store.writing():
        assert purge(store, limit, clips=[clips]) == would
    assert (would.calls, would.failures, would.clips) == (1, 0, 1)
    assert not mine.parent.exists()
    assert all(path.exists() for path in (others, another_day, recording))


def test_the_trail_says_what_was_purged_without_naming_a_call(desk: Desk, named: Named) -> None:
    desk.recording(named("13812345678", OLD))
    desk.night(SOURCE)
    desk.night(SOURCE + KEEP)
    begun, line = (desk.out / "purged.jsonl").read_text().splitlines()
    assert json.loads(begun).keys() == {"at", "before"}
    told = json.loads(line)
    assert {k: told[k] for k in ("call_date", "calls", "scorecards")} == {
        "call_date": OLD,
        "calls": 1,
        "scorecards": "kept",
    }
    assert "13812345678" not in line
    assert (desk.out / "purged.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_call_does_not_come_back_after_a_purge_that_was_stopped(
    desk: Desk, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.recording(named("old", OLD))
    desk.night(SOURCE)

    def dies(*given: object, **options: object) -> None:
        purge_day(*given, **options)
        raise KeyboardInterrupt

    store = desk.store
    with monkeypatch.context() as patched:
        patched.setattr(retention, "purge_day", dies)
        with pytest.raises(KeyboardInterrupt), store.writing():
            purge(store, TODAY - timedelta(days=50))
    assert store.dates() == ()
    again = desk.night(SOURCE)
    assert (again.total("too_old"), again.total("heard")) == (1, 0)


@pytest.mark.parametrize("damaged", ["scorecards/call_date=unknown", "findings/call_date=unknown"])
def test_damage_does_not_keep_old_calls(desk: Desk, damaged: str) -> None:
    book = "sources:\n  - {name: calls, recordings: calls}\nstandards:\n  - rulebooks: book.yaml\n"
    desk.recording("old.wav")
    desk.recording("new.wav")
    desk.night(book)
    desk.recording("old.wav", age_s=100 * 86400)
    (part,) = desk.out.glob(f"{damaged}/*")
    _damage(part)
    assert desk.night(book + KEEP).purged.calls == 1
    assert [c.record.call_id for c in desk.store.read_calls()] == ["new"]
    assert [j.call_id for j in desk.store.read_judgements("unknown", "book")] == ["new"]


def test_damaged_scorecards_of_an_old_day_go_with_it(desk: Desk, named: Named) -> None:
    desk.recording(named("old", OLD))
    desk.night(SOURCE + "standards:\n  - rulebooks: book.yaml\n")
    (part,) = desk.out.glob("scorecards/*/*")
    _damage(part)
    summary = desk.night(SOURCE + KEEP)
    assert (summary.exit_code, summary.purged.calls) == (0, 1)
    assert (desk.store.dates(), desk.store.dates("scorecards")) == ((), ())


def test_a_day_that_cannot_be_removed_costs_only_itself(
    desk: Desk, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    for call_id, day in (("older", (TODAY - timedelta(days=101)).isoformat()), ("old", OLD)):
        desk.recording(named(call_id, day))
    desk.night(SOURCE)
    desk.recording(named("new", NEW))

    def refused(store: Store, day: PurgedDay, **options: bool) -> None:
        if day.call_date == OLD:
            raise StoreError("damaged")
        purge_day(store, day, **options)

    monkeypatch.setattr(retention, "purge_day", refused)
    summary = desk.night(SOURCE + KEEP)
    assert (summary.exit_code, summary.purged.days, summary.purged.problems) == (1, 1, 1)
    assert desk.store.dates() == (OLD, NEW), "what is new is heard all the same"


def _damage(part: Path) -> None:
    data = bytearray(part.read_bytes())
    data[4:200] = bytes(byte ^ 0x5A for byte in data[4:200])
    part.write_bytes(data)


def test_a_torn_line_of_the_trail_is_passed_over(desk: Desk) -> None:
    desk.out.mkdir()
    (desk.out / "purged.jsonl").write_text('{"before": "2026-08-01"}\n{"befo')
    assert last_purge(desk.out) == date(2026, 8, 1)


def test_clips_and_logs_go_by_their_age(tmp_path: Path) -> None:
    limit = date(2026, 8, 1)
    aged_s = datetime(2026, 7, 1).timestamp()
    clip, other = tmp_path / clips_folder(OLD, "c") / "OPS-01_1.0-3.0s.mp3", tmp_path / "recording.mp3"
    for path in (clip, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (aged_s, aged_s))
    assert remove_clips([tmp_path], limit) == 1
    assert not clip.parent.parent.exists()
    assert other.exists()
    (tmp_path / "nights").mkdir()
    for name in ("night-2026-07-31.log", "night-2026-08-01.log", "nights/2026-07-31-2.json"):
        (tmp_path / name).touch()
    (tmp_path / "nights" / "judged.json").touch()
    assert remove_logs(tmp_path, tmp_path, limit) == 2
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == [
        "judged.json",
        "night-2026-08-01.log",
        "recording.mp3",
    ]


def test_an_age_is_days_or_weeks() -> None:
    assert read_age("90d") == TODAY - timedelta(days=90)
    assert read_age("2w") == TODAY - timedelta(days=14)
    with pytest.raises(ConfigError, match="such as 90d or 12w"):
        read_age("3 months")
