"""One writer at a time; who was killed is in nobody's way, and readers are never kept waiting."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.store.lock import Writer, writer_lock, writer_of

HOLDS = """
import sys, time
from pathlib import Path
from pipeline.store.lock import writer_lock

with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / ".lock"


def test_the_lock_says_who_holds_it_since_when(lock: Path) -> None:
    assert writer_of(lock) is None
    with writer_lock(lock) as stopped:
        writer = writer_of(lock)
        assert stopped is None
        assert writer is not None
        assert (writer.process, writer.host, writer.active) == (str(os.getpid()), socket.gethostname(), True)
        told = rf"\.lock is locked: process {os.getpid()} on {socket.gethostname()}, since .*, is writing"
        with pytest.raises(StoreError, match=told), writer_lock(lock):
            pass
    assert writer_of(lock) is None


def test_a_writer_that_was_killed_is_in_nobodys_way_and_is_named(lock: Path) -> None:
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(lock)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(StoreError, match=f"process {process.pid} on "), writer_lock(lock):
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    left = writer_of(lock)
    assert left is not None
    assert (left.process, left.active) == (str(process.pid), False)
    with writer_lock(lock) as stopped:
        assert stopped == left
    assert writer_of(lock) is None, "this one came to its end"


def test_who_asks_for_the_writer_does_not_keep_one_out(lock: Path) -> None:
    lock.touch()
    with lock.open("rb") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        released: list[bool] = []

        def release(_seconds: float) -> None:
            fcntl.flock(asking, fcntl.LOCK_UN)
            released.append(True)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("pipeline.store.lock.time.sleep", release)
            with writer_lock(lock):
                assert released


def test_a_lock_of_an_earlier_version_names_nobody(lock: Path) -> None:
    lock.write_text("123\n")
    assert writer_of(lock) is None


def test_a_writer_tells_itself_in_words() -> None:
    assert str(Writer("12", "host", "2026-10-09T01:00:00+08:00", True)) == (
        "process 12 on host, since 2026-10-09T01:00:00+08:00"
    )
