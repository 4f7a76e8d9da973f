"""Nights without a model: what is heard, refused, kept, judged and passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import made_calls as made
import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_hearings import ScriptedSetup

from pipeline.audit import DayScorer, HearingSummary, hear_night, judge_night, score_night
from pipeline.call import CallRecord, Failure
from pipeline.executors import hear_all
from pipeline.rulebook import load_rulebook
from pipeline.store import ScoredDay, Store, bundling, parts
from pipeline.store.bundling import bundle_day
from pipeline.store.files import call_part

DAY = "2026-10-09"
BOOK = "dinghao-380"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "out")


def recording(path: Path, content: str = "one", *, call_id: str = "c1", day: str = DAY) -> CallRecord:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return CallRecord(call_id, path, started_at=datetime.fromisoformat(f"{day}T09:00:00+08:00"))


def hear(store: Store, *records: CallRecord, failures: tuple[Failure, ...] = (), source: str = "/night.csv"):
    setup = ScriptedSetup(log=store.out.parent / "log")
    with store.writing():
        return hear_night(
            records,
            failures,
            store,
            source=source,
            hearing_key=setup.hearing_key,
            executor=partial(hear_all, setup=setup),
        )


def reasons(store: Store) -> list[str]:
    return [failure.reason for failure in store.failures()]


def test_another_recording_with_a_stored_id_and_day_is_refused(store: Store, tmp_path: Path) -> None:
    monday, tuesday = recording(tmp_path / "mon" / "001.wav"), recording(tmp_path / "tue" / "001.wav", "two")
    hear(store, monday)
    before = store.read_call("c1")
    for _ in range(2):
        summary = hear(store, tuesday)
        assert (summary.heard, summary.known) == (0, 0)
        (failure,) = summary.failures
        assert failure.stage == "intake"
        assert str(monday.path) in failure.reason
        assert str(tuesday.path) in failure.reason
        assert store.read_call("c1") == before
        assert store.failures() == (failure,)
    monday.path.unlink()
    assert hear(store, tuesday).failures, "the stored call outlives its recording"
    assert not hear(store, replace(tuesday, call_id="c2")).failures
    assert store.failures() == ()


def test_new_content_in_the_same_place_is_heard_and_a_moved_recording_is_known(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = recording(tmp_path / "calls" / "001.wav")
    hear(store, record)
    recording(record.path, "again")
    monkeypatch.chdir(tmp_path)
    summary = hear(store, replace(record, path=Path("calls/001.wav")))
    assert (summary.heard, summary.failures) == (1, ())
    moved = recording(tmp_path / "moved.wav", "again")
    assert hear(store, moved) == HearingSummary(known=1)
    assert store.read_call("c1").record.path == moved.path


def test_a_call_that_cannot_be_stored_is_a_failure_and_the_night_goes_on(
    store: Store, tmp_path: Path
) -> None:
    bad = recording(tmp_path / "n.wav", call_id="nan")
    summary = hear(store, bad, recording(tmp_path / "c.wav"))
    assert summary.heard == 1
    assert [(f.path, f.stage) for f in summary.failures] == [(str(bad.path), "store")]
    assert "NaN" in reasons(store)[0]


def test_metadata_that_cannot_be_stored_is_a_failure(store: Store, tmp_path: Path) -> None:
    record = recording(tmp_path / "c.wav")
    hear(store, record)
    summary = hear(store, replace(record, ring_s=float("nan")), recording(tmp_path / "d.wav", call_id="c2"))
    assert summary.heard == 1
    assert [f.stage for f in summary.failures] == ["store"]
    assert hear(store, record).known == 1
    assert reasons(store) == []


@pytest.mark.parametrize("table", ["calls", "utterances", "measurements"])
def test_a_damaged_call_is_heard_again(store: Store, tmp_path: Path, table: str) -> None:
    record = recording(tmp_path / "c.wav")
    hear(store, record)
    (store.out / table / f"call_date={DAY}" / call_part("c1")).write_bytes(b"garbage")
    assert hear(store, record) == HearingSummary(heard=1, audio_s=40.0)
    assert store.read_call("c1").record == record


def test_other_readers_find_a_call_once_after_it_was_heard_again(store: Store, tmp_path: Path) -> None:
    records = [recording(tmp_path / f"{n}.wav", str(n), call_id=f"c{n}") for n in range(3)]
    hear(store, *records)
    bundle_day(store.out, DAY, own=1)
    recording(records[1].path, "again")
    assert hear(store, *records).heard == 1
    assert sorted(pd.read_parquet(store.out / "calls")["call_id"]) == ["c0", "c1", "c2"]
    assert len(list((store.out / "utterances").rglob("part-*.parquet"))) == 1


@pytest.mark.parametrize("together", [False, True])
def test_a_damaged_call_of_another_day_does_not_spoil_todays(
    store: Store, tmp_path: Path, together: bool
) -> None:
    old, today = recording(tmp_path / "old.wav", day="2026-10-08"), recording(tmp_path / "new.wav", "two")
    hear(store, old)
    if together:
        bundle_day(store.out, "2026-10-08", own=1)
    (part,) = (store.out / "calls" / "call_date=2026-10-08").iterdir()
    part.write_bytes(b"garbage")
    heard = HearingSummary(heard=1, audio_s=40.0)
    assert hear(store, today) == heard
    with store.writing():
        assert judge_night(store, [load_rulebook(BOOK)]).judgements == 1
        score_night(store)
    assert store.frame("scorecards")["calls"].tolist() == [1]
    assert hear(store, old) == heard
    with store.writing():
        assert judge_night(store, [load_rulebook(BOOK)]).unreadable == ()
    assert len(list(store.read_calls())) == 2


def test_every_refused_row_is_kept_until_the_manifest_is_mended(store: Store, tmp_path: Path) -> None:
    manifest = "/lists/night.csv"
    rows = tuple(Failure(manifest, "intake", f"night.csv row {n}: path is empty") for n in (2, 3))
    twice = Failure(str(tmp_path / "b.wav"), "intake", "night.csv row 4: call_id 'c1' is already that of …")
    b = recording(tmp_path / "b.wav", call_id="c2")
    assert len(hear(store, b, failures=(*rows, twice), source=manifest).failures) == 3
    assert len(reasons(store)) == 3, "b.wav is heard by another row and row 4 still failed"
    hear(store, b, failures=rows[1:], source=manifest)
    assert reasons(store) == ["night.csv row 3: path is empty"]
    hear(store, recording(tmp_path / "c.wav", call_id="c3"), source="/lists/other.csv")
    assert reasons(store) == ["night.csv row 3: path is empty"]
    hear(store, b, source=manifest)
    assert reasons(store) == []


def test_a_mended_file_is_forgotten_whatever_list_it_comes_from(store: Store, tmp_path: Path) -> None:
    empty = Failure(str(tmp_path / "c.wav"), "intake", "the file is empty (0 bytes)")
    hear(store, failures=(empty,), source="/calls")
    hear(store, recording(tmp_path / "c.wav"), source="/calls/c.wav")
    assert reasons(store) == []


def test_a_later_failure_stays_until_the_call_is_heard(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "c.wav"
    hear(store, recording(path, call_id="raises"))
    hear(store, recording(tmp_path / "d.wav", call_id="c2"))
    assert [f.stage for f in store.failures()] == ["hear"]
    hear(store, recording(path, call_id="c1"))
    assert reasons(store) == []


def stored(store: Store, **standards: tuple[str, ...]) -> None:
    with store.writing():
        for call_id, names in standards.items():
            store.write_call(made.call(call_id, sha256=call_id, standards=names))


def test_standards_without_a_rulebook_are_passed_over_and_counted(store: Store) -> None:
    stored(store, a=(BOOK, "no-such-desk"), b=("no-such-desk",), c=(BOOK,), d=())
    with store.writing():
        store.write_findings(DAY, "no-such-desk", [_judged(store, "b", "no-such-desk")])
        summary = judge_night(store, [])
    assert summary.judgements == 2
    assert summary.without_rulebook == 1
    assert summary.unknown_standards == ("no-such-desk",)
    assert summary.calls_of_unknown_standards == 2
    assert [j.call_id for j in store.read_judgements(DAY, BOOK)] == ["a", "c"]
    assert len(store.read_judgements(DAY, "no-such-desk")) == 1, "what it was judged under before stays"


def _judged(store: Store, call_id: str, standard: str) -> made.Judgement:
    return replace(made.judgement(store.read_call(call_id), 80.0), score=made.score(80.0, standard=standard))


@pytest.mark.parametrize("books", [[], [BOOK]])
def test_a_damaged_call_is_left_out_of_judging_and_scorecards_and_named(store: Store, books) -> None:
    stored(store, a=(BOOK,), b=(BOOK,))
    part = store.out / "measurements" / f"call_date={DAY}" / call_part("b")
    part.write_bytes(b"garbage")
    with store.writing():
        summary = judge_night(store, [load_rulebook(name) for name in books])
        score_night(store)
    assert summary.judgements == 1
    assert len(summary.unreadable) == 1
    assert str(part) in summary.unreadable[0]
    assert [j.call_id for j in store.read_judgements(DAY, BOOK)] == ["a"]
    assert store.frame("scorecards")["calls"].tolist() == [1]


def test_a_damaged_row_group_costs_the_judgements_of_its_calls_only(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundling, "CALLS_PER_GROUP", 1)
    stored(store, a=(BOOK,), b=(BOOK,), c=(BOOK,))
    bundle_day(store.out, DAY, own=1)
    (part,) = (store.out / "utterances").rglob("part-day-*.parquet")
    data = bytearray(part.read_bytes())
    start = pq.ParquetFile(part).metadata.row_group(1).column(0).data_page_offset
    data[start : start + 8] = b"\xff" * 8
    part.write_bytes(data)
    with store.writing():
        summary = judge_night(store, [load_rulebook(BOOK)])
    assert (summary.judgements, len(summary.unreadable)) == (2, 1)
    assert "call 'b'" in summary.unreadable[0]
    assert [j.call_id for j in store.read_judgements(DAY, BOOK)] == ["a", "c"]


def test_only_days_that_have_changed_are_added_up_again(store: Store) -> None:
    stored(store, a=(BOOK,))
    other = made.call("b", sha256="b", day="2026-10-10")
    added_up: list[str] = []

    def watched(scorer: DayScorer, days: Sequence[str]) -> Iterator[ScoredDay]:
        added_up.extend(days)
        return map(scorer, days)

    with store.writing():
        assert score_night(store, executor=watched).cards == 1
        assert score_night(store, executor=watched).cards == 1
        store.write_call(other)
        assert score_night(store, executor=watched).cards == 2
        store.write_findings(DAY, BOOK, [_judged(store, "a", BOOK)])
        assert score_night(store, executor=watched).cards == 2
    assert added_up == [DAY, "2026-10-10", DAY]
    assert store.frame("scorecards")["calls_scored"].tolist() == [1, 0]


def test_a_day_that_could_not_be_read_whole_is_added_up_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(store, a=(BOOK,), b=(BOOK,))
    bad = store.out / "measurements" / f"call_date={DAY}" / call_part("b")
    read = parts._read

    def failing(path: Path, *rest: Any) -> Any:
        if path == bad:
            raise OSError(5, "Input/output error")
        return read(path, *rest)

    with store.writing():
        monkeypatch.setattr(parts, "_read", failing)
        score_night(store)
        assert store.frame("scorecards")["calls"].tolist() == [1]
        monkeypatch.undo()
        score_night(store)
    assert store.frame("scorecards")["calls"].tolist() == [2]
