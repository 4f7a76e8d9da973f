"""Damaged parts are found, passed over, set aside, and what they held is made anew."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from faults import nights
from pipeline.audit import judge_night, score_night
from pipeline.rulebook import load_rulebook
from pipeline.store import Store
from pipeline.store.files import call_part


def flip(path: Path) -> None:
    """Change a bit inside the data of every column, so that it still decodes."""
    data = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(0)
    for column in map(group.column, range(group.num_columns)):
        data[column.data_page_offset + column.total_compressed_size - 1] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    """Leave the first half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    nights.earlier(folder, folder / "out")
    nights.run(Store(folder / "out"), folder)
    return folder


@pytest.mark.parametrize("damage", [flip, cut])
@pytest.mark.parametrize(
    ("table", "day", "name"),
    [
        ("utterances", nights.NEXT, call_part("moved")),
        ("measurements", nights.NEXT, call_part("moved")),
        ("calls", nights.NEXT, call_part("moved")),
        ("findings", nights.DAY, "part-my-desk.parquet"),
        ("scores", nights.DAY, "part-my-desk.parquet"),
        ("scorecards", nights.DAY, "part-0.parquet"),
        ("failures", None, None),
    ],
)
def test_damage_is_found_set_aside_and_made_anew(
    whole: Path, tmp_path: Path, damage, table: str, day: str | None, name: str | None
) -> None:
    shutil.copytree(whole / "out", tmp_path / "out")
    store, expected = Store(tmp_path / "out"), nights.stored(whole / "out")
    folder = store.out / table if day is None else store.out / table / f"call_date={day}"
    path = folder / name if name else sorted(folder.iterdir())[0]
    damage(path)
    damaged = path.read_bytes()
    nights.run(store, whole)
    (aside,) = store.set_aside()
    assert aside == store.out / "damaged" / path.relative_to(store.out)
    assert aside.read_bytes() == damaged
    found = nights.stored(store.out)
    found["files"].remove(str(aside.relative_to(store.out)))
    assert found == expected


@pytest.mark.parametrize("table", ["utterances", "calls"])
def test_damage_in_calls_that_were_put_together_is_set_aside_when_all_were_heard_again(
    tmp_path: Path, table: str
) -> None:
    nights.earlier(tmp_path, tmp_path / "out")
    store = Store(tmp_path / "out")
    (path,) = (store.out / table / f"call_date={nights.DAY}").iterdir()
    damaged = path.read_bytes()[:200]
    path.write_bytes(damaged)
    with store.writing():
        summary = judge_night(store, [load_rulebook(str(nights.BOOK))])
        assert summary.unreadable
        assert store.set_aside() == (), "as long as it is not made anew it stays where it is"
    again = [nights.record(tmp_path, call_id) for call_id in ("again", "moved", "stays")]
    with store.writing():
        nights.hear(store, again, tmp_path / "log")
        judge_night(store, [load_rulebook(str(nights.BOOK))])
        score_night(store)
        (aside,) = store.set_aside()
    assert aside.read_bytes() == damaged
    assert nights.stored(store.out)["problems"] == []
    assert len(list(store.read_calls())) == 3


def test_damaged_judgements_that_nobody_makes_anew_cost_their_rulebook_only(
    whole: Path, tmp_path: Path
) -> None:
    shutil.copytree(whole / "out", tmp_path / "out")
    store = Store(tmp_path / "out")
    with store.writing():
        judge_night(store, [load_rulebook("ecommerce-desk")])
        flip(store.out / "scores" / f"call_date={nights.DAY}" / "part-my-desk.parquet")
        summary = score_night(store)
    assert ["part-my-desk" in reason for reason in summary.unreadable] == [True]
    cards = store.frame("scorecards", call_dates=[nights.DAY])
    assert set(cards["standard"]) == {"ecommerce-desk"}


@pytest.mark.parametrize("hours", [-24, 24])
def test_clocks_that_are_set_change_no_scorecard(whole: Path, tmp_path: Path, hours: int) -> None:
    """What is stored is made to look as if it had been written before or after it was."""
    shutil.copytree(whole / "out", tmp_path / "out")
    store, expected = Store(tmp_path / "out"), nights.stored(whole / "out")
    then = time.time() + 3600 * hours
    for path in store.out.rglob("part-*.parquet"):
        os.utime(path, (then, then))
    nights.run(store, whole)
    assert nights.stored(store.out) == expected


def test_a_part_with_the_size_and_time_of_the_one_before_is_added_up(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole / "out", tmp_path / "out")
    store = Store(tmp_path / "out")
    path = store.out / "measurements" / f"call_date={nights.NEXT}" / call_part("moved")
    with store.writing():
        score_night(store)
    before = (path.stat(), store.state(nights.NEXT, ["measurements"]))
    path.write_bytes(path.read_bytes())  # in place: the same inode and size
    os.utime(path, ns=(before[0].st_atime_ns, before[0].st_mtime_ns))
    assert store.state(nights.NEXT, ["measurements"]) != before[1]
