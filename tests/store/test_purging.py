from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import made_calls as made
import pytest

from pipeline.audit import judge_night, score_night
from pipeline.call import Failure
from pipeline.scorecards import merge
from pipeline.store import Store, expired_days, purge_day, purge_failures, purging
from pipeline.store.bundling import bundle_day
from pipeline.store.files import call_part, hashed
from pipeline.verification import verify

OLD, NEW, LIMIT = "2026-07-01", "2026-10-09", date(2026, 8, 1)
BOOK = "ecommerce-desk"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two calls on an old day, one on a new one, judged and added up."""
    store = Store(tmp_path / "out")
    with store.writing():
        for call_id, day in (("c1", OLD), ("c2", OLD), ("c3", NEW)):
            store.write_call(made.call(call_id, day=day, sha256=call_id, standards=(BOOK,)))
        judge_night(store, ())
        score_night(store)
    return store


def purge(store: Store, *, scorecards: bool = False) -> list[str]:
    days = list(expired_days(store, LIMIT, scorecards=scorecards))
    for day in days:
        purge_day(store, day, scorecards=scorecards)
    return [f"{day.call_date} {day.calls}" for day in days]


def files(store: Store, day: str) -> set[str]:
    return {p.parent.parent.name for p in store.out.glob(f"*/call_date={day}/*")}


def test_a_day_goes_whole_and_the_others_stay(store: Store) -> None:
    before = {p: p.read_bytes() for p in store.out.glob(f"*/call_date={NEW}/*")}
    with store.writing():
        assert purge(store) == [f"{OLD} 2"]
        assert purge(store) == []
    assert files(store, OLD) == {"scorecards"}
    assert [c.record.call_id for c in store.read_calls()] == ["c3"]
    assert {p: p.read_bytes() for p in store.out.glob(f"*/call_date={NEW}/*")} == before


def test_a_day_that_was_put_together_goes_whole(store: Store) -> None:
    with store.writing():
        bundle_day(store.out, OLD, own=1)
        (store.out / "events" / f"call_date={OLD}" / "part-x.parquet.damaged").write_text("set aside")
        assert purge(store, scorecards=True) == [f"{OLD} 2"]
    assert files(store, OLD) == set()


def test_scorecards_outlive_their_calls_without_naming_one(store: Store) -> None:
    sums = merge(store.tables("scorecards"), by=["date"]).set_index("date")
    with store.writing():
        purge(store)
        score_night(store)
        score_night(store)
    kept = merge(store.tables("scorecards"), by=["date"]).set_index("date")
    lists = ["clauses", "worst_clauses"]
    assert kept.drop(columns=lists).equals(sums.drop(columns=lists))
    clauses = [c for row in store.table("scorecards", OLD)["clauses"].to_pylist() for c in row]
    assert sum(c["failed"] for c in clauses) > 0
    assert {c["example_call_id"] for c in clauses} == {None}
    assert any(c["example_call_id"] for c in store.table("scorecards", NEW)["clauses"].to_pylist()[0])


def test_what_was_set_aside_of_a_day_goes_with_it(store: Store) -> None:
    aside = store.out / "damaged" / "utterances" / f"call_date={OLD}" / "part-x.parquet"
    aside.parent.mkdir(parents=True)
    aside.write_text("what somebody said")
    with store.writing():
        purge(store)
    assert not aside.exists()


def test_the_tables_hold_together_after_a_purge(store: Store) -> None:
    with store.writing():
        purge(store)
        score_night(store)
    # The recordings of made calls are nowhere.
    assert {str(p).partition(": ")[2][:20] for p in verify(store).problems if OLD in str(p)} == set()
    cards = next(store.out.glob(f"scorecards/call_date={NEW}/*"))
    cards.write_bytes(next(store.out.glob(f"scorecards/call_date={OLD}/*")).read_bytes())
    assert [p for p in verify(store).problems if "scorecards" in str(p)], "only of a day without calls"


@pytest.mark.parametrize("step", range(6))
def test_a_crash_leaves_calls_whole_or_gone_and_the_next_purge_finishes(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    removed = purging.remove
    steps = iter(range(100))

    def dies(*paths: Path) -> None:
        if next(steps) == step:
            raise KeyboardInterrupt
        removed(*paths)

    with store.writing(), monkeypatch.context() as patched:
        patched.setattr(purging, "remove", dies)
        with pytest.raises(KeyboardInterrupt):
            purge(store)
    seen = [c.record.call_id for c in store.read_calls()]
    assert seen in (["c1", "c2", "c3"], ["c3"])
    with store.writing():
        assert purge(store) in ([f"{OLD} 2"], [f"{OLD} 0"])
    assert files(store, OLD) == {"scorecards"}
    assert files(store, NEW) >= {"calls", "findings"}


@pytest.mark.parametrize("together", [False, True])
def test_calls_without_a_start_go_by_the_time_of_their_recordings(tmp_path: Path, together: bool) -> None:
    store = Store(tmp_path / "out")
    old_s = datetime(2026, 7, 1, 12).timestamp()
    with store.writing():
        for call_id in ("old", "young", "gone"):
            path = tmp_path / f"{call_id}.wav"
            path.touch()
            call = made.call(call_id, day=None, sha256=call_id, standards=(BOOK,))
            store.write_call(replace(call, record=replace(call.record, path=path)))
        os.utime(tmp_path / "old.wav", (old_s, old_s))
        (tmp_path / "gone.wav").unlink()
        judge_night(store, ())
        if together:
            bundle_day(store.out, "unknown", own=1)
        assert purge(store) == ["unknown 1"]
        assert purge(store) == []
    assert [c.record.call_id for c in store.read_calls()] == ["gone", "young"]
    assert [j.call_id for j in store.read_judgements("unknown", BOOK)] == ["gone", "young"]
    rows = store.frame("utterances")
    assert set(rows["call_id"]) == {"gone", "young"}
    assert len(list(store.out.glob("utterances/*/*.parquet"))) == (1 if together else 2)


def test_damaged_calls_without_a_start_go_as_well(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    old_s = datetime(2026, 7, 1, 12).timestamp()
    folder = store.out / "calls" / "call_date=unknown"
    with store.writing():
        for call_id in ("commit", "words", "whole", "young"):
            path = tmp_path / f"{call_id}.wav"
            path.touch()
            call = made.call(call_id, day=None, sha256=call_id, standards=(BOOK,))
            store.write_call(replace(call, record=replace(call.record, path=path)))
            if call_id != "young":
                os.utime(path, (old_s, old_s))
        judge_night(store, ())
        for part in (folder / call_part("commit"), folder / call_part("young")):
            part.write_bytes(part.read_bytes()[:50])
        os.utime(folder / call_part("commit"), (old_s, old_s))
        words = store.out / "utterances" / "call_date=unknown" / call_part("words")
        words.write_bytes(words.read_bytes()[:50])
        assert purge(store) == ["unknown 3"]
        assert purge(store) == []
    assert [part.name for part in folder.iterdir()] == [call_part("young")]
    assert [j.call_id for j in store.read_judgements("unknown", BOOK)] == ["young"]


def test_failures_go_with_their_calls_or_by_their_age(store: Store) -> None:
    with store.writing():
        for name in ("c1", "other"):
            store.write_failure(Failure(f"/calls/{name}.wav", "hear", "x"))
        store.write_failure(Failure("/calls/aged.wav", "hear", "x"))
        old_s = datetime(2026, 7, 1).timestamp()
        for part in store.out.glob(f"failures/part-{hashed('/calls/aged.wav')}-*"):
            os.utime(part, (old_s, old_s))
        assert purge_failures(store, LIMIT, ["/calls/c1.wav"], dry_run=True) == 2
        assert len(store.failures()) == 3
        assert purge_failures(store, LIMIT, ["/calls/c1.wav"]) == 2
    assert [f.path for f in store.failures()] == ["/calls/other.wav"]


def test_damaged_parts_of_failures_go_like_failures(store: Store) -> None:
    with store.writing():
        for name in ("c1", "other"):
            store.write_failure(Failure(f"/calls/{name}.wav", "hear", "x"))
    for part in store.out.glob("failures/*"):
        part.write_bytes(part.read_bytes()[:50])
    with store.writing():
        assert len(store.set_aside()) == 2
        purge_failures(store, LIMIT, ["/calls/c1.wav"])
    (left,) = store.out.glob("damaged/failures/*")
    assert hashed("/calls/other.wav") in left.name
