"""Calls of several sources in one pool, and a night that is told to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_hearings import ScriptedSetup

from pipeline.audit import HearingTask
from pipeline.call import CallRecord
from pipeline.executors import SourceSetups, hear_all
from pipeline.intake import content_hash


def task(tmp_path: Path, call_id: str, source: int = 0) -> HearingTask:
    path = tmp_path / f"{call_id}.wav"
    path.write_text(call_id)
    record = CallRecord(call_id, path)
    return HearingTask(record, content_hash(record), source)


@pytest.mark.parametrize("workers", [0, 1])
def test_each_source_is_heard_with_its_own_setup(tmp_path: Path, workers: int) -> None:
    setups = SourceSetups((ScriptedSetup(log=tmp_path / "first"), ScriptedSetup(log=tmp_path / "second")))
    tasks = [task(tmp_path, f"c{n}", source=n // 2 % 2) for n in range(6)]
    outcomes = list(hear_all(tasks, setups, workers=workers))
    assert sorted(o.task.record.call_id for o in outcomes) == [f"c{n}" for n in range(6)]
    heard = [sorted((tmp_path / name).read_text().split()) for name in ("first", "second")]
    assert heard == [["c0", "c1", "c4", "c5"], ["c2", "c3"]]


@pytest.mark.parametrize("workers", [0, 1])
def test_no_calls_are_begun_once_the_night_is_to_end(tmp_path: Path, workers: int) -> None:
    outcomes = []
    tasks = [task(tmp_path, f"c{n}") for n in range(8)]
    for outcome in hear_all(
        tasks, ScriptedSetup(log=tmp_path / "log"), workers=workers, going_on=lambda: not outcomes
    ):
        outcomes.append(outcome.task.record.call_id)  # noqa: PERF401  the night is asked while it goes on
    begun = (tmp_path / "log").read_text().split()
    assert 0 < len(outcomes) < len(tasks)
    assert sorted(outcomes) == sorted(begun), "what was begun is finished"


def test_nothing_is_begun_after_the_end(tmp_path: Path) -> None:
    tasks = [task(tmp_path, "c1")]
    setup = ScriptedSetup(log=tmp_path / "log")
    assert [*hear_all(tasks, setup, workers=1, going_on=lambda: False)] == []
    assert not (tmp_path / "log").exists()
