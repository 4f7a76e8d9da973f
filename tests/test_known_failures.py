from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.audit import known_failures
from pipeline.audit.known_failures import HEAR, KnownFailures, repeats, tried
from pipeline.call import CallRecord, Failure
from pipeline.errors import AudioError, IntakeError, StoreError, UnavailableError, VoicesError

RECORD = CallRecord("c", Path("/calls/c.wav"))


@pytest.mark.parametrize("error", [AudioError("silent"), ZeroDivisionError(), KeyError("x"), ValueError("x")])
def test_a_recording_that_cannot_be_heard_fails_again_in_the_same_way(error: Exception) -> None:
    assert repeats(error)


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("gone"),
        IntakeError("cannot be read"),
        VoicesError("not installed"),
        StoreError("damaged"),
        OSError(28, "No space left on device"),
        MemoryError(),
        RuntimeError("native code"),
    ],
)
def test_what_the_machine_may_be_the_cause_of_does_not(error: Exception) -> None:
    assert not repeats(error)


def test_a_failure_is_known_by_its_input_reason_and_what_was_tried() -> None:
    odd = Failure("/calls/odd.xyz", "intake", "not a recording", "12 100")
    known = KnownFailures([odd, Failure("/calls/other.wav", "intake", "cannot be opened", None)])
    assert Failure("/calls/odd.xyz", "intake", "not a recording", "12 100") in known
    for other in (
        Failure("/calls/odd.xyz", "intake", "not a recording", "12 200"),
        Failure("/calls/odd.xyz", "intake", "not a recording", None),
        Failure("/calls/odd.xyz", "intake", "is a folder", "12 100"),
        Failure("/calls/other.wav", "intake", "cannot be opened", None),
    ):
        assert other not in known


def test_hearing_is_known_by_the_recordings_bytes_and_how_it_was_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failure = Failure(str(RECORD.path), HEAR, "silent", tried("abc", "key"))
    known = KnownFailures([failure])
    assert known.hearing(RECORD, "abc", "key") is failure
    assert known.unopened(RECORD, "key")
    assert known.hearing(RECORD, "abd", "key") is None
    assert known.hearing(RECORD, "abc", "other key") is None
    assert not known.unopened(RECORD, "other key")
    assert KnownFailures([Failure(*("x", HEAR, "died"))]).hearing(RECORD, "abc", "key") is None
    monkeypatch.setattr(known_failures, "__version__", "99")
    assert known.hearing(RECORD, "abc", "key") is None
    assert not known.unopened(RECORD, "key")
