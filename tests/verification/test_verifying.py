"""Every table is compared with every other: one test for each way in which they can disagree."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import made_calls as made
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.audit import judge_night, score_night
from pipeline.errors import StoreError
from pipeline.intake import content_hash
from pipeline.rulebook import load_rulebook
from pipeline.store import Store
from pipeline.store.files import call_part, encode
from pipeline.store.purging import expired_days, purge_day
from pipeline.verification import Problem, status_of, verify
from pipeline.verification.recordings import MissingRecording, told

DAY, NEXT = "2026-10-09", "2026-10-10"
BOOK = "dinghao-380"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three calls on two days, judged and added up."""
    folder = tmp_path_factory.mktemp("night")
    store = Store(folder / "out")
    with store.writing():
        for number, day in enumerate((DAY, DAY, NEXT)):
            path = folder / f"{number}.wav"
            path.write_text(str(number))
            call = made.call(f"c{number}", day=day, path=path, measurements=made.measured(hold_count=1.0))
            store.write_call(replace(call, sha256=content_hash(call.record)))
        judge_night(store, [load_rulebook(BOOK)])
        score_night(store)
    return folder


@pytest.fixture
def store(night: Path, tmp_path: Path) -> Store:
    """A copy of it; recordings are shared."""
    import shutil

    shutil.copytree(night / "out", tmp_path / "out")
    return Store(tmp_path / "out")


def problems(store: Store, **options: Any) -> list[str]:
    return [str(problem) for problem in verify(store, **options).problems]


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change the rows of a part, without a trace in its checksums."""
    path.write_bytes(encode(change(pq.ParquetFile(path).read())))


def setting(column: str, value: Any, *, call_id: str = "c0") -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        at, field = table.schema.get_field_index(column), table.schema.field(column)
        chosen = pc.equal(table["call_id"], call_id)
        values = pc.if_else(chosen, pa.scalar(value, field.type), table[column])
        return table.set_column(at, field, values.combine_chunks())

    return change


def part(store: Store, table: str, name: str = f"part-{BOOK}.parquet", day: str = DAY) -> Path:
    return store.out / table / f"call_date={day}" / name


def test_a_whole_night_fits_together(store: Store) -> None:
    found = verify(store, hashes=True)
    assert (found.days, found.calls, found.judgements, found.problems) == (2, 3, 3, ())


@pytest.mark.parametrize("table", ["utterances", "events", "measurements", "calls"])
def test_a_flipped_bit_is_found(store: Store, table: str) -> None:
    path = part(store, table, call_part("c1"))
    data = bytearray(path.read_bytes())
    data[pq.ParquetFile(path).metadata.row_group(0).column(0).data_page_offset + 40] ^= 1
    path.write_bytes(data)
    (problem, *others) = problems(store)
    assert str(path.name) in problem
    assert "heard again" in problem
    assert all(str(path.parent.parent.parent) in other for other in others)


@pytest.mark.parametrize("table", ["utterances", "measurements"])
def test_rows_of_another_hearing_are_found(store: Store, table: str) -> None:
    rewrite(part(store, table, call_part("c0")), setting("hearing_key", "h0"))
    assert any("c0" in problem or call_part("c0") in problem for problem in problems(store))


@pytest.mark.parametrize(
    ("table", "column", "value", "seen"),
    [
        ("scores", "hearing_key", "h0", "1 call (c0) from another hearing than the one that is stored"),
        ("scores", "call_id", "c9", "scores of 1 call (c9) that is not stored"),
        ("scores", "call_id", "c9", "no score of 1 call (c0), which names this rulebook"),
        ("scores", "call_id", "c1", "1 call (c1) scored twice"),
        ("scores", "rulebook_hash", "r0", "scores under 2 versions of the rulebook"),
        ("scores", "score", 1.5, "scores of 1 call (c0) are not what the findings come to"),
        ("scores", "earned", 1.5, "scores of 1 call (c0) are not what the findings come to"),
        ("findings", "points", 77.0, "scores of 1 call (c0) are not what the findings come to"),
        ("findings", "sha256", "bb", "findings of 1 call (c0) that agree with no score"),
        ("findings", "call_id", "c1", "findings of 1 call (c1) are there twice"),
        ("findings", "rule_id", "X", "findings of 1 call (c0) are there twice"),
    ],
)
def test_judgements_that_disagree_are_found(
    store: Store, table: str, column: str, value: Any, seen: str
) -> None:
    rewrite(part(store, table), setting(column, value))
    found = problems(store)
    assert any(seen in problem and "callaudit judge" in problem for problem in found), found


def test_scorecards_that_do_not_add_up_are_found(store: Store) -> None:
    def doubled(cards: pa.Table) -> pa.Table:
        return pa.concat_tables([cards, cards])

    rewrite(part(store, "scorecards", "part-0.parquet"), doubled)
    (problem,) = problems(store)
    assert "its 2 scorecards are not the 1 that the stored calls come to now" in problem


def test_missing_scorecards_and_scores_are_found(store: Store) -> None:
    part(store, "scorecards", "part-0.parquet").unlink()
    part(store, "scores", day=NEXT).unlink()
    found = problems(store)
    assert any("0 scorecards" in problem for problem in found)
    assert any("findings of 1 call (c2) that agree with no score" in problem for problem in found)


def test_a_call_on_two_days_is_found(store: Store) -> None:
    for table in ("utterances", "events", "measurements", "calls"):
        there = part(store, table, call_part("c0"), day=NEXT)
        there.write_bytes(part(store, table, call_part("c0")).read_bytes())
    assert any(f"call 'c0' is stored here and on {DAY}" in problem for problem in problems(store))


def test_recordings_are_looked_for_and_their_hashes_compared_when_asked(store: Store, night: Path) -> None:
    recording = night / "1.wav"
    try:
        recording.write_text("other")
        assert problems(store) == []
        (problem,) = problems(store, hashes=True)
        assert problem.startswith(f"{recording}: SHA-256 is ")
        recording.unlink()
        (problem,) = problems(store)
        assert problem.startswith(f"{recording}: the recording of call 'c1' is not there")
    finally:
        recording.write_text("1")


def test_many_missing_recordings_are_told_in_one_line_that_counts_them() -> None:
    wrong = Problem(Path("/out/part"), "is damaged", "run again")
    missing = [
        MissingRecording(
            Path(f"/calls/{n}.wav"), f"the recording of call '{n}' is not there", "bring it back"
        )
        for n in range(206)
    ]
    few = [missing[0], wrong, *missing[1:3]]
    assert list(told(few)) == [str(problem) for problem in few]
    first, second = told([*missing, wrong])
    assert first == str(wrong)
    assert second.startswith(
        "206 recordings are not there: /calls/0.wav is the first, --json names all; bring"
    )


def test_what_a_stopped_writer_left_is_found(store: Store) -> None:
    left = part(store, "calls", ".tmp-part-1.parquet")
    left.write_bytes(b"half")
    (problem,) = problems(store)
    assert problem.startswith(f"{left}: left by a writer that was stopped")


def test_a_damaged_failure_is_found(store: Store) -> None:
    left = store.out / "failures" / "part-1.parquet"
    left.parent.mkdir()
    left.write_bytes(b"half")
    (problem,) = problems(store)
    assert str(left) in problem
    assert status_of(store).unreadable_failures == (str(left),)


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tables here"):
        verify(Store(tmp_path))


def test_the_status_tells_what_is_stored(store: Store) -> None:
    found = status_of(store)
    assert found.calls == 3
    assert [(d.call_date, d.calls, d.judged[0].calls, d.scorecards) for d in found.days] == [
        (DAY, 2, 2, "to be added up"),  # its files were copied
        (NEXT, 1, 1, "to be added up"),
    ]
    with store.writing():
        score_night(store)
        assert status_of(store).writer.active
        assert str(os.getpid()) == status_of(store).writer.process
    found = status_of(store)
    assert [day.scorecards for day in found.days] == ["up to date", "up to date"]
    assert found.writer is None
    part(store, "scores").write_bytes(b"garbage")
    assert status_of(store).days[0].unreadable == (str(part(store, "scores")),)


def test_what_is_left_of_purged_days_fits_together(store: Store) -> None:
    aside = store.out / "damaged" / "calls" / f"call_date={DAY}" / "part-1.parquet"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(b"damaged")
    with store.writing():
        for day in list(expired_days(store, date.fromisoformat(NEXT))):
            purge_day(store, day)
    assert problems(store) == []
    assert not aside.exists()
    found = [(day.call_date, day.calls, day.scorecards) for day in status_of(store).days]
    assert found[0] == (DAY, 0, "kept, calls purged")
