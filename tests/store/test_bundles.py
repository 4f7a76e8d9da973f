"""Calls that were put together are read, replaced and moved like those with parts of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import made_calls as made
import pyarrow.parquet as pq
import pytest

from pipeline.call import Call
from pipeline.errors import StoreError
from pipeline.store import Store, bundles, bundling, files
from pipeline.store.bundles import BUNDLE, Bundle
from pipeline.store.days import HeardDay
from pipeline.tables import HEARING_TABLES

DAY, NEXT = "2026-10-09", "2026-10-10"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(bundling, "CALLS_PER_GROUP", 3)
    return Store(tmp_path / "out")


def heard(number: int, **changes: Any) -> Call:
    return made.call(
        f"c{number}", sha256=f"s{number}", measurements=made.measured(net_pace=float(number)), **changes
    )


def fill(store: Store, *calls: Call) -> list[bool]:
    with store.writing():
        return [store.write_call(call) for call in calls]


def bundled(store: Store, *calls: Call, day: str = DAY) -> list[Call]:
    """Store calls and put them together."""
    fill(store, *calls)
    assert bundling.bundle_day(store.out, day, own=1)
    return sorted(calls, key=lambda call: call.record.call_id)


def test_calls_put_together_are_read_as_before(store: Store) -> None:
    calls = bundled(store, *(heard(n) for n in (6, 2, 0, 4, 1, 5, 3)))
    for table in HEARING_TABLES:
        assert len(list((store.out / table).rglob("part-*.parquet"))) == 1
    assert list(store.read_calls()) == calls
    assert [store.read_call(f"c{n}") for n in range(7)] == calls
    assert (store.count(), store.dates()) == (7, (DAY,))
    stored = store.heard("c3", DAY)
    assert stored is not None
    assert (stored.sha256, stored.hearing_key, stored.path) == ("s3", "h1", "/calls/c3.wav")
    assert store.heard("c9", DAY) is None
    assert sorted(store.frame("measurements")["value"]) == [float(n) for n in range(7)]
    with pytest.raises(StoreError, match="'c9' was found nowhere"):
        store.read_call("c9")


def test_only_a_day_of_many_calls_is_put_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, heard(1), heard(2))
    with store.writing():
        assert not store.bundle(DAY)
        monkeypatch.setattr(bundling.bundle_day, "__kwdefaults__", {"own": 2})
        assert store.bundle(DAY)
        assert not store.bundle(DAY)


def test_writing_a_call_that_was_put_together_again_changes_nothing(store: Store) -> None:
    calls = bundled(store, heard(1), heard(2))
    assert fill(store, *calls) == [False, False]


def test_a_call_heard_again_goes_before_the_bundle_and_is_brought_in(store: Store) -> None:
    bundled(store, *(heard(n) for n in range(5)))
    again = heard(3, hearing_key="h2")
    assert fill(store, again) == [True]
    expected = [heard(0), heard(1), heard(2), again, heard(4)]
    for _ in range(2):
        assert list(store.read_calls()) == expected
        assert store.read_call("c3") == again
        assert store.heard("c3", DAY).hearing_key == "h2"
        assert (store.count(), len(store.frame("calls")), len(store.frame("measurements"))) == (5, 5, 5)
        with store.writing():
            store.bundle(DAY)
    assert [p.name for p in (store.out / "calls").rglob("*.parquet")] == [BUNDLE]
    assert len(list((store.out / "utterances").rglob("*.parquet"))) == 1


def test_calls_of_a_later_night_join_the_bundle(store: Store) -> None:
    bundled(store, *(heard(n) for n in (0, 2, 4, 6)))
    bundled(store, *(heard(n) for n in (1, 3, 9)))
    assert list(store.read_calls()) == [heard(n) for n in (0, 1, 2, 3, 4, 6, 9)]
    bundle = Bundle.of(store.out, DAY)
    assert bundle is not None
    assert (bundle.generation, bundle.bounds) == (2, (0, 3, 6, 7))


def test_a_call_whose_day_changed_leaves_the_bundle(store: Store) -> None:
    bundled(store, heard(1), heard(2))
    fill(store, heard(1, day=NEXT))
    assert list(store.read_calls()) == [heard(2), heard(1, day=NEXT)]
    fill(store, heard(2, day=NEXT))
    assert store.dates() == (NEXT,)
    assert not list((store.out / "events" / f"call_date={DAY}").glob("*"))


def test_a_day_is_read_in_stretches(store: Store) -> None:
    bundled(store, *(heard(n) for n in (0, 1, 3, 4, 6, 7, 8)))
    fill(store, heard(2), heard(5), heard(3, hearing_key="h2"), heard(9))
    stretches = store.stretches(DAY, 4)
    ids = [[c.record.call_id for c in store.read_stretch(stretch)] for stretch in stretches]
    assert ids == [["c0", "c1", "c2", "c3"], ["c4", "c5", "c6", "c7"], ["c8", "c9"]]
    assert len(store.stretches(DAY, 10)) == 1


@pytest.mark.parametrize("committed", range(4))
def test_a_crash_while_putting_together_loses_and_doubles_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, committed: int
) -> None:
    calls = [heard(n) for n in range(5)]
    fill(store, *calls)
    left = [committed]
    commit = files.StagedPart.commit

    def commit_some(self: files.StagedPart) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        commit(self)

    monkeypatch.setattr(files.StagedPart, "commit", commit_some)
    with pytest.raises(KeyboardInterrupt):
        bundling.bundle_day(store.out, DAY, own=1)
    monkeypatch.undo()
    assert list(store.read_calls()) == calls
    assert not list(store.out.rglob(".tmp-*"))
    bundled(store)
    assert list(store.read_calls()) == calls
    for table in HEARING_TABLES:
        assert len(list((store.out / table).rglob("part-*.parquet"))) == 1


def test_a_crash_before_the_own_parts_are_gone_doubles_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [heard(n) for n in range(5)]
    fill(store, *calls)

    def stop(*_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bundling, "remove", stop)
    with pytest.raises(KeyboardInterrupt):
        bundling.bundle_day(store.out, DAY, own=1)
    monkeypatch.undo()
    assert list(store.read_calls()) == calls
    assert (store.count(), len(store.frame("utterances"))) == (5, 15)
    with store.writing():
        assert store.bundle(DAY)
    assert len(list(store.out.rglob("part-*.parquet"))) == 4


@pytest.mark.parametrize("table", HEARING_TABLES)
def test_a_damaged_bundle_is_named_and_hearing_again_mends_it(store: Store, table: str) -> None:
    bundled(store, heard(1), heard(2))
    (part,) = (store.out / table).rglob("part-*.parquet")
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(StoreError, match=rf"{part.name}: cannot be read as a part of the table '{table}'"):
        list(store.read_calls())
    lost = [BUNDLE] if table == "calls" else [files.call_part("c1"), files.call_part("c2")]
    assert list(store.damaged(DAY)) == lost
    assert list(store.read_calls(without=lost)) == []
    fill(store, heard(1), heard(2))
    with store.writing():
        store.bundle(DAY)
    assert list(store.read_calls()) == [heard(1), heard(2)]


def test_a_damaged_commit_stays_until_all_its_calls_were_heard_again(store: Store) -> None:
    calls = bundled(store, heard(1), heard(2), heard(3))
    (commit,) = (store.out / "calls").rglob(BUNDLE)
    whole = commit.read_bytes()
    commit.write_bytes(whole[:100])
    assert store.heard("c1", DAY) is None
    fill(store, heard(1), heard(2))
    with store.writing():
        assert not store.bundle(DAY)
    with pytest.raises(StoreError, match=f"{BUNDLE}: cannot be read"):
        list(store.read_calls())
    assert list(store.read_calls(without=store.damaged(DAY))) == calls[:2]
    commit.write_bytes(whole)
    assert list(store.read_calls()) == calls
    commit.write_bytes(whole[:100])
    fill(store, heard(3))
    with store.writing():
        store.bundle(DAY)
    assert list(store.read_calls()) == calls
    assert len(list((store.out / "events").rglob("*.parquet"))) == 3


def test_a_damaged_commit_does_not_spoil_other_days(store: Store) -> None:
    bundled(store, heard(1), heard(2))
    (commit,) = (store.out / "calls").rglob(BUNDLE)
    commit.write_bytes(commit.read_bytes()[:100])
    other = heard(3, day=NEXT)
    assert fill(store, other) == [True]
    assert store.read_call("c3") == other
    assert store.count() == 1
    assert store.heard("c1", DAY) is None
    assert store.heard("c3", NEXT) is not None
    with pytest.raises(StoreError, match=f"{BUNDLE}: cannot be read"):
        store.read_call("c1")


def spoil(path: Path, group: int) -> None:
    """Overwrite the first bytes of every column of a row group."""
    data = bytearray(path.read_bytes())
    chunks = pq.ParquetFile(path).metadata.row_group(group)
    for column in map(chunks.column, range(chunks.num_columns)):
        data[column.data_page_offset : column.data_page_offset + 8] = b"\xff" * 8
    path.write_bytes(data)


@pytest.mark.parametrize("table", HEARING_TABLES[:-1])
def test_a_damaged_row_group_costs_its_own_calls_only(store: Store, table: str) -> None:
    calls = bundled(store, *(heard(n) for n in range(8)))
    again = heard(4, hearing_key="h2")
    fill(store, again)
    (part,) = (store.out / table).rglob("part-day-*.parquet")
    spoil(part, 1)
    damaged = store.damaged(DAY)
    assert list(damaged) == [files.call_part("c3"), files.call_part("c5")]
    assert [reason.split(":")[0] for reason in damaged.values()] == ["call 'c3'", "call 'c5'"]
    left = [*calls[:3], again, *calls[6:]]
    assert list(store.read_calls(without=damaged)) == left
    for each in HEARING_TABLES:
        ids = {*store.frame(each, without=damaged)["call_id"]}
        assert ids == {call.record.call_id for call in left}
    fill(store, calls[3], calls[5])
    with store.writing():
        assert store.bundle(DAY)
    assert list(store.read_calls()) == [*calls[:4], again, *calls[5:]]


def test_a_damaged_call_does_not_come_back_as_it_was_heard_before(store: Store) -> None:
    bundled(store, heard(1), heard(2))
    fill(store, heard(1, hearing_key="h2"))
    (store.out / "utterances" / f"call_date={DAY}" / files.call_part("c1")).write_bytes(b"garbage")
    damaged = store.damaged(DAY)
    assert list(damaged) == [files.call_part("c1")]
    assert list(store.read_calls(without=damaged)) == [heard(2)]
    assert store.frame("measurements", without=damaged)["call_id"].tolist() == ["c2"]


def test_a_days_commit_is_opened_once_until_it_is_written_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [f"2026-10-{day:02}" for day in range(1, 6)]
    for number, day in enumerate(days):
        bundled(store, heard(number, day=day), day=day)
    opened: list[str] = []
    once = bundles._open

    def counted(out: Path, call_date: str, state: tuple[int, ...]) -> Bundle:
        opened.append(call_date)
        return once(out, call_date, state)

    monkeypatch.setattr(bundles, "_open", counted)
    for _ in range(3):
        assert store.count() == len(days)
    bundled(store, heard(9, day=days[2]), day=days[2])
    assert store.count() == len(days) + 1
    assert sorted(opened) == sorted({*opened}), "none twice"
    assert days[2] in opened


@pytest.mark.parametrize("removed", [False, True])
def test_a_reader_beside_the_writer_gets_every_call_once_and_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch, removed: bool
) -> None:
    bundled(store, *(heard(n) for n in (0, 2, 4, 6, 8)))
    fill(store, heard(1), heard(7))
    day, other = HeardDay(store.out, DAY), HeardDay(store.out, DAY)
    for looked_up in (day, other):
        assert looked_up.count() == 7
    reading = day.calls()
    read = [next(reading)]
    if not removed:
        monkeypatch.setattr(bundling, "remove", lambda *_: None)
    with store.writing():
        assert bundling.bundle_day(store.out, DAY, own=1)
    expected = [heard(n) for n in (0, 1, 2, 4, 6, 7, 8)]
    assert [*read, *reading] == expected
    assert other.call("c6") == heard(6)
    assert sorted(other.table("calls")["call_id"].to_pylist()) == [c.record.call_id for c in expected]


def test_any_id_can_be_put_together(store: Store) -> None:
    ids = [
        "../../escape",
        "/etc/passwd",
        "a\nb",
        "通话 一",
        "x" * 5000,
        "\udcb5",
        "\\udcb5",
        "\U0001f600",
        "\uffff",
    ]
    calls = bundled(store, *(made.call(i, sha256=str(n)) for n, i in enumerate(ids)))
    fill(store, made.call("\udcb5", sha256="new"))
    assert {c.record.call_id: c for c in store.read_calls()} == {
        **{c.record.call_id: c for c in calls},
        "\udcb5": made.call("\udcb5", sha256="new"),
    }
