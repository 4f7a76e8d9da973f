from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import made_calls as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import scorecards
from pipeline.call import Failure
from pipeline.errors import StoreError, WriteError
from pipeline.store import ScoredDay, Store, files
from pipeline.tables import HEARING_TABLES, SCHEMAS, UNPARTITIONED

DAY, NEXT = "2026-10-09", "2026-10-10"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "a" / "out")


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and modification time of every part."""
    return {str(p.relative_to(root)): (p.read_bytes(), p.stat().st_mtime_ns) for p in root.rglob("*.parquet")}


def cards_of(store: Store) -> pa.Table:
    return scorecards.daily(DAY, *(store.table(t, DAY, columns=c) for t, c in scorecards.READ.items()))


def fill(store: Store, *calls: Any) -> None:
    with store.writing():
        for call in calls:
            store.write_call(call)


def test_a_written_call_is_read_back_and_heard(store: Store) -> None:
    call = made.call(measurements=made.measured(net_pace=200.0, hold_time=None))
    fill(store, call)
    assert store.read_call("c1") == call
    assert list(store.read_calls()) == [call]
    stored = store.heard("c1", DAY)
    assert stored is not None
    assert (stored.sha256, stored.hearing_key, stored.path) == ("aa", "h1", "/calls/c1.wav")
    assert store.heard("c1", NEXT) is None
    assert store.heard("c2", DAY) is None


def test_calls_of_many_days_are_read_day_by_day_in_order_of_their_ids(store: Store) -> None:
    calls = [
        made.call(f"{day}-{n}", day=day, sha256=f"{day}{n}") for day in (NEXT, DAY, None) for n in range(7)
    ]
    fill(store, *calls)
    read = list(store.read_calls())
    assert [c.record.call_date for c in read] == [DAY] * 7 + [NEXT] * 7 + ["unknown"] * 7
    assert read == [*calls[7:14], *calls[:7], *calls[14:]]
    assert {c.record.call_date for c in store.read_calls(call_dates=[NEXT])} == {NEXT}
    assert store.dates() == (DAY, NEXT, "unknown")


def test_the_same_night_twice_changes_nothing(store: Store) -> None:
    calls = [made.call("c1"), made.call("c2")]
    judged = [made.judgement(c, 80.0, made.finding("R1", "pass")) for c in calls]

    def night(order: int) -> list[bool]:
        with store.writing():
            changed = [store.write_call(c) for c in calls[::order]]
            changed.append(store.write_findings(DAY, made.STANDARD, judged[::order]))
            changed.append(store.write_scorecards(ScoredDay.of(DAY, cards_of(store))))
            changed.append(store.write_failure(Failure("/calls/x.wav", "audio", "not audio")))
        return changed

    assert all(night(1))
    before = snapshot(store.out)
    assert not any(night(-1))
    assert snapshot(store.out) == before


def test_hearing_again_replaces_the_call(store: Store) -> None:
    fill(store, made.call(hearing_key="old"), made.call(hearing_key="new"))
    assert store.read_call("c1").hearing_key == "new"
    assert len(list((store.out / "calls").rglob("*.parquet"))) == 1


@pytest.mark.parametrize("changed", [{"sha256": "aa"}, {"sha256": "bb"}])
def test_a_call_whose_day_changed_is_there_once(store: Store, changed: dict[str, str]) -> None:
    fill(store, made.call(day=DAY), made.call(day=NEXT, **changed))
    assert store.dates() == (NEXT,)
    for table in HEARING_TABLES:
        assert len(list((store.out / table).rglob("*"))) == 2, "one folder, one part"


def test_an_id_that_comes_again_on_another_day_is_another_call(store: Store) -> None:
    other = made.call(day=NEXT, sha256="bb", path=Path("/calls/next/c1.wav"))
    fill(store, made.call(day=DAY), other)
    assert store.dates() == (DAY, NEXT)
    assert store.read_call("c1", call_date=NEXT) == other
    with pytest.raises(StoreError, match=f"'c1' was found on {DAY}, {NEXT}; say which day, as --date {DAY}"):
        store.read_call("c1")
    with pytest.raises(StoreError, match=f"'c1' was found on {DAY}, {NEXT}, not on 2026-10-11"):
        store.read_call("c1", call_date="2026-10-11")


def test_an_unknown_call_is_an_error(store: Store) -> None:
    fill(store, made.call())
    with pytest.raises(StoreError, match="'c9' was found nowhere"):
        store.read_call("c9")


@pytest.mark.parametrize("call_id", ["../../escape", "/etc/passwd", "a\nb", "通话 一", "x" * 5000, "\udcb5"])
def test_a_call_id_never_becomes_a_path(store: Store, call_id: str) -> None:
    call = made.call(call_id, path=Path("/calls/a.wav"))
    fill(store, call)
    assert store.read_call(call_id) == call
    names = {p.name for p in store.out.parent.rglob("*") if p.is_file()} - {".lock"}
    assert names == {files.call_part(call_id)}


def test_a_crash_while_replacing_leaves_no_mixed_call(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, made.call(hearing_key="old"))
    committed = []
    commit = files.StagedPart.commit

    def commit_two(self: files.StagedPart) -> None:
        if len(committed) == 2:
            raise KeyboardInterrupt
        committed.append(self.path)
        commit(self)

    monkeypatch.setattr(files.StagedPart, "commit", commit_two)
    with pytest.raises(KeyboardInterrupt), store.writing():
        store.write_call(made.call(hearing_key="new"))
    monkeypatch.undo()
    assert store.heard("c1", DAY) is None
    assert list(store.read_calls()) == []
    assert store.frame("utterances").empty
    fill(store, made.call(hearing_key="new"))
    assert store.read_call("c1").hearing_key == "new"


def test_a_full_disk_leaves_the_old_call_and_no_temporary(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, made.call(hearing_key="old"))
    before = snapshot(store.out)
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.store.files.os.fsync", full)
    with pytest.raises(WriteError, match="No space"), store.writing():
        store.write_call(made.call(hearing_key="new"))
    assert snapshot(store.out) == before
    assert not list(store.out.rglob(".tmp-*"))


def test_temporary_files_are_not_read_and_the_next_writer_clears_them(store: Store) -> None:
    fill(store, made.call())
    stale = store.out / "calls" / f"call_date={DAY}" / ".tmp-part-0.parquet"
    stale.write_bytes(b"half a file")
    assert len(store.frame("calls")) == 1
    assert len(list(store.read_calls())) == 1
    with store.writing():
        assert not stale.exists()


def test_nothing_but_left_over_parts_is_cleared_away(store: Store) -> None:
    fill(store, made.call())
    others = [
        store.out / ".tmp-notes",
        store.out / "audio" / ".tmp-part-0.parquet",
        store.out / "calls" / ".tmp-notes",
    ]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    folder = store.out / "calls" / ".tmp-part-folder.parquet"
    folder.mkdir()
    with store.writing():
        assert all(path.exists() for path in (*others, folder))


def test_a_value_that_cannot_be_stored_changes_nothing(store: Store) -> None:
    fill(store, made.call())
    before = snapshot(store.out)
    with pytest.raises(StoreError, match="NaN"), store.writing():
        store.write_call(made.call(measurements=made.measured(net_pace=float("nan"))))
    assert snapshot(store.out) == before


def test_files_and_folders_are_private(store: Store) -> None:
    fill(store, made.call())
    for path in [store.out, *store.out.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_second_writer_is_told_who_writes(store: Store) -> None:
    second = Store(store.out)
    told = pytest.raises(StoreError, match=r"\.lock is locked: process \d+ on \S+, since \S+, is writing")
    with store.writing(), told, second.writing():
        pass
    with second.writing():
        assert second.write_call(made.call())


def test_writing_outside_the_lock_is_an_error(store: Store) -> None:
    fill(store)
    with pytest.raises(StoreError, match="not open for writing"):
        store.write_call(made.call())


def test_findings_come_back_per_day_and_rulebook(store: Store) -> None:
    first, second = made.call("c1"), made.call("c2")
    judged = [
        made.judgement(first, 80.0, made.finding("R1", "pass"), made.finding("R2", "fail", quote="")),
        made.judgement(second, None),
    ]
    with store.writing():
        store.write_findings(DAY, made.STANDARD, judged)
    assert store.read_judgements(DAY, made.STANDARD) == tuple(judged)
    assert store.read_judgements(DAY, made.STANDARD, call_id="c2") == (judged[1],)
    assert store.read_judgements(NEXT, made.STANDARD) == ()
    assert store.standards(DAY) == (made.STANDARD,)
    frame = store.frame("findings")
    assert frame["verdict"].tolist() == ["pass", "fail"]
    assert frame["quote"].isna().tolist() == [False, True]
    assert frame["call_date"].tolist() == [DAY, DAY]
    assert set(frame["rulebook_hash"]) == {"r1"}


def test_no_judgements_remove_the_days_findings(store: Store) -> None:
    with store.writing():
        store.write_findings(DAY, made.STANDARD, [made.judgement(made.call(), 80.0)])
        assert store.write_findings(DAY, made.STANDARD, [])
        assert not store.write_findings(DAY, made.STANDARD, [])
    assert store.dates("findings") == store.dates("scores") == ()


@pytest.mark.parametrize("standard", ["../x", "", "a/b", ".hidden"])
def test_a_rulebook_name_that_is_no_file_name_is_refused(store: Store, standard: str) -> None:
    with store.writing(), pytest.raises(StoreError, match="cannot name a file"):
        store.write_findings(DAY, standard, [])


def test_judgements_of_another_rulebook_are_refused(store: Store) -> None:
    judged = made.judgement(made.call(), 80.0)
    with store.writing(), pytest.raises(StoreError, match="expected only other"):
        store.write_findings(DAY, "other", [judged])


def test_a_day_that_is_no_day_is_refused(store: Store) -> None:
    with store.writing(), pytest.raises(StoreError, match="expected YYYY-MM-DD or unknown"):
        store.write_findings("../../etc", made.STANDARD, [])


def test_failures_are_replaced_and_cleared(store: Store) -> None:
    bad = "/calls/坏.wav"
    with store.writing():
        store.write_failure(Failure(bad, "audio", "first reason"))
        store.write_failure(Failure(bad, "audio", "second reason"), call_id="c1")
        store.write_failure(Failure(bad, "hearing", "another stage"))
        store.write_failure(Failure("/calls/x.wav", "audio", "another input"))
        assert [(f.path, f.stage, f.reason) for f in store.failures()] == [
            ("/calls/x.wav", "audio", "another input"),
            (bad, "audio", "second reason"),
            (bad, "hearing", "another stage"),
        ]
        assert store.frame("failures")["call_id"].isna().sum() == 2
        store.clear_failures(Path(bad))
    assert [f.path for f in store.failures()] == ["/calls/x.wav"]


def test_scorecards_come_back(store: Store) -> None:
    calls = [made.call("c1", measurements=made.measured(hold_count=2.0)), made.call("c2", agent_id=None)]
    fill(store, *calls)
    with store.writing():
        judged = [made.judgement(c, 80.0, made.finding("R1", "fail")) for c in calls]
        store.write_findings(DAY, made.STANDARD, judged)
        cards = cards_of(store)
        store.write_scorecards(ScoredDay.of(DAY, cards))
        read = store.frame("scorecards")
        assert read["calls"].sum() == 2
        assert read["worst_clauses"][0][0]["rule_id"] == "R1"
        assert scorecards.merge([read], by=("team",)).loc[0, "score_mean"] == 80.0
        assert store.write_scorecards(ScoredDay.of(DAY, cards.slice(0, 0)))
    assert store.frame("scorecards").empty


def test_what_are_no_scorecards_is_refused() -> None:
    with pytest.raises(StoreError, match="no scorecards as the table 'scorecards' describes"):
        ScoredDay.of(DAY, pa.table({"calls": [1]}))


def test_the_state_of_a_day_changes_with_its_parts(store: Store) -> None:
    fill(store, made.call())
    before = store.state(DAY, ["calls", "findings"])
    assert store.state(DAY, ["calls", "findings"]) == before
    with store.writing():
        store.write_findings(DAY, made.STANDARD, [made.judgement(made.call(), 80.0)])
    assert store.state(DAY, ["calls"]) != store.state(DAY, ["calls", "findings"]) != before
    assert store.state(NEXT, ["calls"]) != before


def test_frames_have_the_documented_columns(store: Store) -> None:
    fill(store, made.call())
    for table, schema in SCHEMAS.items():
        expected = schema.names if table in UNPARTITIONED else [*schema.names, "call_date"]
        assert list(store.frame(table).columns) == expected
    assert store.frame("utterances")["role"].tolist() == ["agent", "customer", "agent"]
    assert store.frame("calls", call_dates=[NEXT]).empty


def test_an_unknown_table_or_folder_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="no table 'words'; expected one of calls"):
        store.frame("words")
    with pytest.raises(StoreError, match="no tables here; expected a folder that callaudit has written to"):
        store.frame("calls")
    with pytest.raises(StoreError, match="no tables here"):
        list(store.read_calls())


@pytest.mark.parametrize("damage", ["garbage", "cut", "missing"])
def test_a_damaged_part_is_named_and_hearing_again_mends_it(store: Store, damage: str) -> None:
    fill(store, made.call("c1"), made.call("c2"))
    part = store.out / "events" / f"call_date={DAY}" / files.call_part("c2")
    if damage == "missing":
        part.unlink()
    else:
        data = part.read_bytes()
        part.write_bytes(b"garbage" if damage == "garbage" else data[: len(data) // 2])
    with pytest.raises(StoreError, match=rf"{part.name}: cannot be read as a part of the table 'events'"):
        store.frame("events")
    with pytest.raises(StoreError, match=part.name):
        list(store.read_calls())
    fill(store, made.call("c2"))
    assert len(list(store.read_calls())) == 2


def test_a_damaged_commit_counts_as_not_heard(store: Store) -> None:
    fill(store, made.call())
    part = store.out / "calls" / f"call_date={DAY}" / files.call_part("c1")
    part.write_bytes(b"garbage")
    assert store.heard("c1", DAY) is None


def test_a_part_of_another_version_is_named_with_its_columns(store: Store) -> None:
    fill(store, made.call())
    part = store.out / "calls" / f"call_date={DAY}" / files.call_part("c1")
    table = pq.read_table(part, partitioning=None).drop_columns(["hearing_quality"])
    pq.write_table(table.set_column(0, "call_id", pa.array([1])), part)
    with pytest.raises(StoreError, match=rf"{part.name}: columns call_id, hearing_quality are missing"):
        store.frame("calls")


def test_a_folder_named_like_a_partition_does_not_mislead(tmp_path: Path) -> None:
    store = Store(tmp_path / "call_date=2000-01-01" / "out")
    fill(store, made.call())
    assert store.frame("calls")["call_date"].tolist() == [DAY]
