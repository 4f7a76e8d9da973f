"""Judging on this machine: several processes store what one does."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import made_calls as made
import pandas as pd
import pyarrow as pa
import pytest

from pipeline.audit import JudgedStretch, StretchJudge, judge_night, merge_stored, score_night
from pipeline.errors import CallauditError
from pipeline.executors import judge_stretches, judging, judging_workers, merge_periods, score_days
from pipeline.scorecards import merge
from pipeline.store import Store, Stretch

BOOK = "dinghao-380"
DAYS = ("2026-10-09", "2026-10-10", "2026-10-11")


def stored(out: Path) -> Store:
    store = Store(out)
    with store.writing():
        for number, day in enumerate(DAYS):
            store.write_call(made.call(f"c{number}", day=day, standards=(BOOK, "no-such-desk")))
    return store


def parts(store: Store) -> dict[str, bytes]:
    return {str(p.relative_to(store.out)): p.read_bytes() for p in store.out.rglob("part-*.parquet")}


def test_several_processes_store_what_one_does(tmp_path: Path) -> None:
    stores = [stored(tmp_path / name) for name in ("one", "several")]
    summaries = []
    for store, workers in zip(stores, (0, 2), strict=True):
        with store.writing():
            summaries.append(judge_night(store, [], executor=partial(judge_stretches, workers=workers)))
    assert summaries[0] == summaries[1]
    assert (summaries[0].judgements, summaries[0].unknown_standards) == (3, ("no-such-desk",))
    assert parts(stores[0]) == parts(stores[1])
    assert sum(name.startswith("findings") for name in parts(stores[0])) == len(DAYS)


def test_a_day_judged_in_stretches_stores_what_one_stretch_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []
    for name, calls in (("whole", 5000), ("stretches", 2)):
        monkeypatch.setattr("pipeline.audit.judging.CALLS_PER_STRETCH", calls)
        store = Store(tmp_path / name)
        with store.writing():
            for number in range(5):
                names = (BOOK,) if number < 4 else ("service-skills", "no-such-desk")
                store.write_call(made.call(f"c{number}", sha256=str(number), standards=names))
            summary = judge_night(store, [])
        judged.append((summary, [store.read_judgements(DAYS[0], name) for name in (BOOK, "service-skills")]))
    assert judged[0] == judged[1]
    assert [len(judgements) for judgements in judged[0][1]] == [4, 1]


def test_a_process_that_dies_is_named(tmp_path: Path) -> None:
    judge = DyingJudge(stored(tmp_path / "out").out, ())
    with pytest.raises(CallauditError, match="a process that judged calls died"):
        list(judge_stretches(judge, [Stretch(day) for day in DAYS], workers=1))


class DyingJudge(StretchJudge):
    def __call__(self, stretch: Stretch) -> JudgedStretch:
        os._exit(len(stretch.call_date))


def test_few_calls_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "usable_processors", lambda: 4)
    assert [judging_workers(calls) for calls in (0, 400, 900, 1500, 100_000)] == [0, 0, 0, 3, 4]


def test_scorecards_of_several_processes_are_those_of_one(tmp_path: Path) -> None:
    store = stored(tmp_path / "out")
    read = []
    for workers in (0, 2):
        shutil.rmtree(store.out / "scorecards", ignore_errors=True)
        with store.writing():
            assert score_night(store, executor=partial(score_days, workers=workers)).cards == len(DAYS)
        read.append(pa.concat_tables(store.tables("scorecards")))
    assert read[0].equals(read[1])


@pytest.mark.parametrize("by", [["agent_id"], ["team", "date"], []])
def test_stored_scorecards_added_up_by_several_processes_are_those_of_one(
    tmp_path: Path, by: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.audit.scorecards.MERGED_TOGETHER", 1)
    store = stored(tmp_path / "out")
    with store.writing():
        judge_night(store, [])
        score_night(store)
    together = merge(store.tables("scorecards"), by=by)
    assert len(together)
    for workers in (0, 2):
        read = merge_stored(store, by, executor=partial(merge_periods, workers=workers))
        pd.testing.assert_frame_equal(read, together)
