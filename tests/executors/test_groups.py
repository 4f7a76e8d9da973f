"""What a process that hears calls makes of those that hang, change, or have no memory."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from made_hearings import DyingSetup, LargeSetup, ScriptedSetup

from pipeline.audit import HearingTask
from pipeline.call import Call, CallRecord, Failure
from pipeline.errors import CallauditError, WriteError
from pipeline.executors import CallLimit, hear_all
from pipeline.executors.groups import hear_here
from pipeline.executors.processes import processes
from pipeline.intake import content_hash

SHORT = CallLimit(fixed_s=1.0)


@pytest.fixture
def hear(tmp_path: Path) -> Callable[..., dict[str, Call | Failure]]:
    """Hear calls that do what their ids say."""

    def heard(ids: Sequence[str], *, workers: int = 1, setup: type[ScriptedSetup] = ScriptedSetup):
        tasks = []
        for call_id in ids:
            path = tmp_path / f"{call_id}.wav"
            path.write_text(call_id)
            record = CallRecord(call_id, path)
            tasks.append(HearingTask(record, content_hash(record)))
        made = setup(log=tmp_path / "log", call_limit=SHORT)
        outcomes = list(hear_all(tasks, made, workers=workers))
        assert sorted(o.task.record.call_id for o in outcomes) == sorted(ids), "one outcome per task"
        return {o.task.record.call_id: o.result for o in outcomes}

    return heard


def log(tmp_path: Path) -> list[str]:
    return (tmp_path / "log").read_text().split()


def test_only_a_failure_of_the_recordings_own_says_what_was_tried(hear) -> None:
    results = hear(["spoilt", "raises", "changes", "kills", "vanishes"])
    tried = {call_id: failure.tried for call_id, failure in results.items()}
    assert tried.pop("spoilt").startswith(f"{hashlib.sha256(b'spoilt').hexdigest()} ")
    assert tried == dict.fromkeys(("raises", "changes", "kills", "vanishes"))


@pytest.mark.parametrize("how", ["hangs", "stuck"])
def test_a_call_that_takes_too_long_twice_fails_and_costs_no_other(tmp_path: Path, hear, how: str) -> None:
    results = hear(["a", "b", how, "c", "d"], workers=1)
    failure = results.pop(how)
    assert isinstance(failure, Failure)
    assert failure.stage == "hear"
    assert failure.reason.startswith(
        f"{tmp_path / how}.wav: hearing this call took longer than 1 s, and again"
    )
    assert all(isinstance(result, Call) for result in results.values())
    assert log(tmp_path).count(how) == 2


def test_a_call_without_memory_is_tried_alone_before_it_fails(hear) -> None:
    results = hear(["crowded", "a", "full", "b"], workers=2)
    failed = {i: r.reason for i, r in results.items() if isinstance(r, Failure)}
    assert set(failed) == {"full"}
    assert "its memory may not be enough" in failed["full"]


def test_a_call_that_eats_all_memory_it_may_fails_alone(hear) -> None:
    results = hear(["a", "eats", "b"], workers=1)
    assert [i for i, r in results.items() if isinstance(r, Failure)] == ["eats"]


def test_a_night_that_is_left_ends_its_processes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sleeps.wav"
    path.write_text("sleeps")
    record = CallRecord("sleeps", path)
    task = HearingTask(record, content_hash(record))
    setup = ScriptedSetup(log=tmp_path / "log")
    with contextlib.suppress(WriteError), processes(1) as pool:
        pool.submit(hear_here, setup, [task], tmp_path / "note")
        while not (tmp_path / "log").exists() or not log(tmp_path)[-1].isdigit():
            time.sleep(0.05)
        raise WriteError("the disk is full")
    with pytest.raises(ProcessLookupError):
        os.kill(int(log(tmp_path)[-1]), 0)


def test_without_processes_a_call_without_memory_fails_alone(hear) -> None:
    results = hear(["a", "full", "b"], workers=0)
    assert [i for i, r in results.items() if isinstance(r, Failure)] == ["full"]


@pytest.mark.parametrize(
    ("how", "seen"), [("changes", "changed while it was heard: SHA-256"), ("vanishes", "cannot be read")]
)
def test_a_recording_that_is_not_the_same_afterwards_is_not_stored(hear, how: str, seen: str) -> None:
    results = hear(["a", how], workers=0)
    assert isinstance(results["a"], Call)
    assert isinstance(results[how], Failure)
    assert seen in results[how].reason


@pytest.mark.parametrize(("setup", "workers"), [(LargeSetup, 0), (DyingSetup, 1)])
def test_a_recogniser_that_does_not_fit_stops_the_night(hear, setup, workers: int) -> None:
    with pytest.raises(CallauditError, match="could not be loaded: its memory may not be enough"):
        hear(["a", "b"], workers=workers, setup=setup)


def test_the_limit_grows_with_the_recording() -> None:
    limit = CallLimit()
    assert (limit.before_reading(), limit.for_length(60.0)) == (300.0, 360.0)
    assert (SHORT.before_reading(), SHORT.for_length(60.0)) == (1.0, 0.0)
    assert (str(limit), str(SHORT)) == ("5 min and 6 times its length", "1 s")
