"""Hearing on this machine: failures are outcomes, one process or several give the same."""

import os
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_hearings import ScriptedSetup, UnloadableSetup
from samples import sample

from pipeline.audio import load_recording
from pipeline.audit import HearingTask
from pipeline.call import Call, CallRecord, Failure
from pipeline.errors import WeightsError
from pipeline.executors import Setup, hear_all, local
from pipeline.intake import content_hash
from pipeline.profiling import Stage

BAD = CallRecord("bad", Path("/nowhere/bad.wav"))


@pytest.fixture
def task(tmp_path: Path) -> Callable[[str], HearingTask]:
    """Make a task of that call, with a recording."""

    def make(call_id: str) -> HearingTask:
        path = tmp_path / f"{call_id}.wav"
        path.write_text(call_id)
        record = CallRecord(call_id, path)
        return HearingTask(record, content_hash(record))

    return make


def test_no_task_loads_no_model():
    assert list(hear_all([], Setup(weights="/no/such/weights"))) == []


@pytest.fixture(scope="module")
def quarrel(tmp_path_factory: pytest.TempPathFactory) -> CallRecord:
    """The last nine seconds of a sample call, both channels."""
    whole = load_recording(sample(10).record)
    part = np.stack([channel[int(36.2 * 16_000) :] for channel in whole.channels], axis=1)
    path = tmp_path_factory.mktemp("quarrel") / "dev-010.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((part * 32_767).astype("<i2").tobytes())
    return replace(sample(10).record, path=path)


@pytest.mark.real
@pytest.mark.parametrize("workers", [0, 1, 2])
def test_a_bad_call_is_an_outcome_and_the_good_one_is_heard(workers, quarrel):
    tasks = [HearingTask(BAD, "b"), HearingTask(quarrel, content_hash(quarrel))]
    outcomes = {o.task.record.call_id: o.result for o in hear_all(tasks, Setup(), workers=workers)}
    failure, call = outcomes["bad"], outcomes["dev-010"]
    assert isinstance(failure, Failure)
    assert failure.reason == "/nowhere/bad.wav: no such file"
    assert isinstance(call, Call)
    assert call.hearing_key == Setup().hearing_key
    assert any("办法" in u.text for u in call.utterances)


def test_only_the_call_that_kills_its_process_fails(tmp_path, task):
    ids = ["a", "kills", "b", "raises"]
    setup = ScriptedSetup(log=tmp_path / "log")
    outcomes = list(hear_all([task(i) for i in ids], setup, workers=2))
    results = {o.task.record.call_id: o.result for o in outcomes}
    assert sorted(o.task.record.call_id for o in outcomes) == sorted(ids), "one outcome per task"
    failed = {i: r for i, r in results.items() if isinstance(r, Failure)}
    assert set(failed) == {"kills", "raises"}
    path = tmp_path / "kills.wav"
    assert (failed["kills"].path, failed["kills"].stage) == (str(path), "hear")
    assert f"{path}: the process that heard this call died, and again" in failed["kills"].reason
    reason = failed["raises"].reason
    assert reason.startswith(f"{tmp_path / 'raises.wav'}: unexpected RuntimeError in made_hearings.py, line ")
    assert "a defect" not in reason, "a message may quote what was said"


def test_a_call_is_given_a_second_process(tmp_path, task):
    setup = ScriptedSetup(log=tmp_path / "log")
    (outcome,) = hear_all([task("once")], setup, workers=1)
    assert isinstance(outcome.result, Call)
    assert (tmp_path / "log").read_text().split() == ["once", "once"]


def test_no_more_calls_are_under_way_than_workers(tmp_path, monkeypatch, task):
    most = []
    fill = local._Workers._fill

    def counted(self, running, *rest):
        alive = fill(self, running, *rest)
        most.append(len(running))
        return alive

    monkeypatch.setattr(local._Workers, "_fill", counted)
    tasks = [task(f"c{n}") for n in range(6)]
    outcomes = hear_all(tasks, ScriptedSetup(log=tmp_path / "log"), workers=2)
    next(outcomes)
    assert len((tmp_path / "log").read_text().split()) <= 4, "the rest waits until outcomes are taken"
    assert len(list(outcomes)) == 5
    assert max(most) == 2


@pytest.mark.parametrize("workers", [0, 1])
def test_a_recogniser_that_cannot_be_loaded_is_no_calls_failure(workers, task):
    with pytest.raises(WeightsError, match="no weights"):
        list(hear_all([task("a"), task("b")], UnloadableSetup(), workers=workers))


def test_the_key_is_known_without_loading_the_model():
    assert len(Setup().hearing_key) == 64
    assert Setup().hearing_key != Setup(engine="openai-whisper").hearing_key


@pytest.mark.parametrize("workers", [0, 1])
def test_outcomes_carry_what_each_call_took_when_asked(tmp_path, workers, task):
    setup = ScriptedSetup(log=tmp_path / "log")
    (plain,) = hear_all([task("a")], setup)
    assert plain.times is None
    outcomes = hear_all([task("a"), task("raises")], replace(setup, profile=True), workers=workers)
    for outcome in outcomes:
        seconds = {t.stage: t.processor_s for t in outcome.times}
        assert (seconds[Stage.DECODER], seconds[Stage.MEASURING]) == (200.0, 100.0)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


NIGHT = """
import sys
from pathlib import Path
from made_hearings import ScriptedSetup
from pipeline.audit import HearingTask
from pipeline.call import CallRecord
from pipeline.executors import hear_all

if __name__ == "__main__":
    tasks = [HearingTask(CallRecord("sleeps", Path("/calls/a.wav")), "aa")]
    list(hear_all(tasks, ScriptedSetup(log=Path(sys.argv[1])), workers=1))
"""


def test_a_killed_night_leaves_no_orphans(tmp_path):
    script, log = tmp_path / "night.py", tmp_path / "log"
    script.write_text(NIGHT)
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent)])
    night = subprocess.Popen([sys.executable, str(script), str(log)], env={**os.environ, "PYTHONPATH": path})
    assert wait_for(lambda: log.exists() and log.read_text().strip().isdigit())
    worker = int(log.read_text())
    night.kill()
    night.wait()
    assert wait_for(lambda: not exists(worker))


def test_a_rulebook_with_errors_costs_no_hearing(tmp_path, task):
    book = tmp_path / "book.yaml"
    book.write_text("rules: 3\n", encoding="utf-8")
    good = task("a")
    asked = replace(good, record=replace(good.record, standards=(str(book),)))
    (outcome,) = hear_all([asked], ScriptedSetup(log=tmp_path / "log"))
    assert isinstance(outcome.result, Call)
