"""Hearing on this machine: failures are outcomes, one process or several give the same."""

from pathlib import Path

import pytest
from samples import sample

from pipeline.audit import HearingTask
from pipeline.call import Call, CallRecord, Failure
from pipeline.executors import Setup, hear_all

BAD = CallRecord("bad", Path("/nowhere/bad.wav"))


def test_no_task_loads_no_model():
    assert list(hear_all([], Setup(weights="/no/such/weights"))) == []


@pytest.mark.real
@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_call_is_an_outcome_and_the_good_one_is_heard(workers):
    tasks = [HearingTask(BAD, "b"), HearingTask(sample(10).record, "a")]
    outcomes = {o.task.record.call_id: o.result for o in hear_all(tasks, Setup(), workers=workers)}
    failure, call = outcomes["bad"], outcomes["dev-010"]
    assert isinstance(failure, Failure)
    assert failure.reason == "/nowhere/bad.wav: no such file"
    assert isinstance(call, Call)
    assert call.hearing_key == Setup().hearing_key
    assert any("办法" in u.text for u in call.utterances)


def test_the_key_is_known_without_loading_the_model():
    assert len(Setup().hearing_key) == 64
    assert Setup().hearing_key != Setup(engine="openai-whisper").hearing_key
