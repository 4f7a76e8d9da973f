"""Recordings and tables on S3, with a real server on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_calls as made
import numpy as np
import pytest
import s3_server
from made_hearings import ScriptedSetup
from samples import sample

from pipeline.audio import load_recording
from pipeline.audit import hear_night
from pipeline.call import CallRecord
from pipeline.errors import ConfigError, LockedError, StoreError, WriteError
from pipeline.executors import hear_all
from pipeline.intake import content_hash, find_calls
from pipeline.places import objects, place
from pipeline.store import Store, StoreReader
from pipeline.store import lock as lock_module
from pipeline.store import objects as object_lock
from pipeline.store.bundling import bundle_day
from pipeline.store.lock import LOCK, writer_of
from pipeline.store.objects import Holder, ObjectLock

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    with s3_server.running(tmp_path_factory.mktemp("s3")) as environment:
        for name, value in environment.items():
            patch.setenv(name, value)
        bucket: Any = place("s3://nights")
        bucket.fs.mkdir("nights")
        yield
    patch.undo()


@pytest.fixture
def bucket(server: None, request: pytest.FixtureRequest) -> Path:  # noqa: ARG001 - it must run
    """A place of its own for every test."""
    return place(f"s3://nights/{request.node.name}")


def recordings(folder: Path, *ids: str) -> None:
    for call_id in ids:
        (folder / f"{call_id}.wav").write_bytes(call_id.encode())


def hear(source: Path, out: Path, log: Path) -> None:
    intake, store, setup = find_calls(str(source)), Store(out), ScriptedSetup(log=log)
    with store.writing():
        hear_night(
            intake.records,
            intake.failures,
            store,
            source=intake.source,
            hearing_key=setup.hearing_key,
            executor=lambda tasks: hear_all(tasks, setup),
        )


def parts(out: Path) -> dict[str, bytes]:
    """Every file below, by its name from there."""
    there = objects(out) if str(out).startswith("s3:") else [p for p in out.rglob("*") if p.is_file()]
    names = {str(path).removeprefix(f"{out}/"): path for path in there if path.name != LOCK}
    return {name: path.read_bytes() for name, path in names.items()}


def test_tables_on_s3_are_those_on_a_disk(tmp_path: Path, bucket: Path) -> None:
    recordings(bucket / "calls", "c1", "c2", "raises", "sub/c3", ".hidden/c4")
    (bucket / "calls" / "notes.txt").write_bytes(b"beside")
    for out in (tmp_path / "out", bucket / "out"):
        hear(bucket / "calls", out, tmp_path / "log")
    assert parts(bucket / "out") == parts(tmp_path / "out")
    reader = StoreReader(str(bucket / "out"))
    assert [c.record.call_id for c in reader.read_calls()] == ["c1", "c2", "c3"]
    assert str(reader.read_call("c1").record.path) == f"{bucket}/calls/c1.wav"
    assert [f.path for f in reader.failures()] == [f"{bucket}/calls/raises.wav"]


def test_hearing_again_hears_nothing(tmp_path: Path, bucket: Path) -> None:
    recordings(bucket / "calls", "c1", "c2")
    for _ in range(2):
        hear(bucket / "calls" / "*.wav", bucket / "out", tmp_path / "log")
    assert sorted((tmp_path / "log").read_text().split()) == ["c1", "c2"]


def test_a_manifest_here_names_recordings_there(tmp_path: Path, bucket: Path) -> None:
    recordings(bucket, "c1")
    recordings(tmp_path, "c2")
    manifest = f"path\n{bucket}/c1.wav\nc2.wav\n{bucket}/gone.wav\n"
    for source in (tmp_path / "calls.csv", bucket / "calls.csv"):
        source.write_bytes(manifest.encode())
    found = find_calls(tmp_path / "calls.csv")
    assert [str(r.path) for r in found.records] == [f"{bucket}/c1.wav", str(tmp_path / "c2.wav")]
    assert [f.reason for f in found.failures] == ["calls.csv row 4: no such object"]
    assert [str(r.path) for r in find_calls(str(bucket / "calls.csv")).records] == [f"{bucket}/c1.wav"]


def test_a_recording_there_is_heard_as_the_one_here(bucket: Path) -> None:
    here = sample(10).record
    there = CallRecord("there", bucket / "call.opus")
    there.path.write_bytes(here.path.read_bytes())
    assert content_hash(there) == content_hash(here)
    for one, other in zip(load_recording(there).channels, load_recording(here).channels, strict=True):
        assert np.array_equal(one[0 : one.size], other[0 : other.size])


NIGHT = """
import sys
from pathlib import Path
from test_objects import hear
from pipeline.places import place

hear(place(sys.argv[1]), place(sys.argv[2]), Path(sys.argv[3]))
"""


def test_a_killed_night_goes_on(tmp_path: Path, bucket: Path) -> None:
    recordings(bucket / "calls", *(f"c{n}" for n in range(5)), "once")
    path = os.pathsep.join(map(str, (TESTS.parent, TESTS, TESTS / "store")))
    command = [sys.executable, "-c", NIGHT, str(bucket / "calls"), str(bucket / "out"), str(tmp_path / "log")]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False)
    assert killed.returncode < 0
    assert StoreReader(bucket / "out").count() == 3
    stopped = writer_of(bucket / "out" / LOCK)
    assert stopped is not None
    assert not stopped.active
    hear(bucket / "calls", bucket / "out", tmp_path / "log")
    hear(bucket / "calls", tmp_path / "whole", tmp_path / "log")
    assert parts(bucket / "out") == parts(tmp_path / "whole")
    assert writer_of(bucket / "out" / LOCK) is None


def test_calls_that_are_put_together_read_the_same(bucket: Path) -> None:
    store = Store(bucket / "out")
    calls = [made.call(f"c{n}") for n in range(4)]
    with store.writing():
        for call in calls:
            store.write_call(call)
        day = calls[0].record.call_date
        assert bundle_day(store.out, day, own=2)
        assert list(store.read_calls()) == calls
        store.write_call(made.call("c1", sha256="new"))
        assert bundle_day(store.out, day, own=2)
    assert [c.sha256 for c in store.read_calls()].count("new") == 1
    assert len(parts(store.out)) == 4


def test_there_is_one_writer(bucket: Path) -> None:
    with (
        Store(bucket).writing(),
        pytest.raises(LockedError, match=rf"\.lock is locked: process {os.getpid()} on "),
        Store(bucket).writing(),
    ):
        pass
    with Store(bucket).writing():
        pass


def left_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the lock of a writer on another machine that was stopped."""
    with monkeypatch.context() as patch:
        patch.setattr(object_lock.socket, "gethostname", lambda: "elsewhere")
        ObjectLock(path)._acquire()


def test_a_lock_that_nobody_renews_is_taken_over(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_behind(bucket / LOCK, monkeypatch)
    with pytest.raises(StoreError, match="on elsewhere, since"), Store(bucket).writing():
        pass
    monkeypatch.setattr(object_lock._Seen, "stale", True)
    store = Store(bucket)
    with store.writing():
        monkeypatch.undo()
        assert store.stopped is not None
        assert (store.stopped.host, store.stopped.active) == ("elsewhere", False)


def test_a_writer_that_lost_its_lock_writes_no_more(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_lock, "RENEWED_S", 0.05)
    store = Store(bucket)

    def write_while_another_takes_the_lock() -> None:
        with store.writing():
            (bucket / LOCK).write_bytes(b"{}")
            for _ in range(200):
                store.write_call(made.call("c1"))
                object_lock.time.sleep(0.05)

    with pytest.raises(WriteError, match="another writer's now"):
        write_while_another_takes_the_lock()
    assert (bucket / LOCK).read_bytes() == b"{}", "the other's lock stays"


def test_a_writer_whose_renewal_hangs_writes_no_more(bucket: Path) -> None:
    store = Store(bucket)

    def write_late() -> None:
        with store.writing():
            lock_module._HELD[bucket / LOCK]._renewed_s -= object_lock.STALE_S
            store.write_call(made.call("c1"))

    with pytest.raises(WriteError, match="may be, another writer's"):
        write_late()
    assert (bucket / LOCK).exists(), "it may be another's, so it is not removed"


def test_a_renewal_whose_answer_was_lost_is_no_loss(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_lock, "RENEWED_S", 0.05)
    with Store(bucket).writing():
        lock = lock_module._HELD[bucket / LOCK]
        assert lock._write(keep=False, IfMatch=lock._tag)
        before = lock._renewed_s
        while lock._renewed_s == before:
            lock.check()


@pytest.mark.parametrize(
    ("process", "space", "dead"),
    [("999999999", "here", True), ("999999999", "another container", False), ("999999999", "", False)],
)
def test_only_a_process_of_this_space_is_known_to_be_gone(process: str, space: str, dead: bool) -> None:
    space = object_lock.process_space() if space == "here" else space
    assert Holder(process, socket.gethostname(), "2026-10-09", space).dead is dead
    assert not Holder(str(os.getpid()), socket.gethostname(), "2026-10-09", space).dead


def test_a_writer_that_was_halted_leaves_the_lock_of_the_next_alone(bucket: Path) -> None:
    with pytest.raises(WriteError, match="may be, another writer's now"), Store(bucket).writing():
        (bucket / LOCK).write_bytes(b'{"process": "1", "host": "elsewhere", "since": "now"}')
    assert b"elsewhere" in (bucket / LOCK).read_bytes()


def test_a_recording_that_cannot_be_fetched_costs_itself(
    tmp_path: Path, bucket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import EndpointConnectionError

    recordings(bucket / "calls", "c1", "c2")
    storage: Any = bucket
    fetch = type(storage).open

    def broken(self: Any, *arguments: Any, **options: Any) -> Any:
        if self.name == "c1.wav":
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
        return fetch(self, *arguments, **options)

    monkeypatch.setattr(type(storage), "open", broken)
    hear(bucket / "calls", tmp_path / "out", tmp_path / "log")
    reader = StoreReader(tmp_path / "out")
    assert [c.record.call_id for c in reader.read_calls()] == ["c2"]
    (failure,) = reader.failures()
    assert failure.reason.startswith(f"{bucket}/calls/c1.wav: cannot be read: Could not connect")


def test_storage_that_knows_no_conditions_is_refused(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ObjectLock._call

    def without(self: ObjectLock, method: str, **arguments: Any) -> Any:
        conditions = ("IfMatch", "IfNoneMatch")
        return asked(self, method, **{k: v for k, v in arguments.items() if k not in conditions})

    monkeypatch.setattr(ObjectLock, "_call", without)
    with pytest.raises(StoreError, match="does not carry out conditional writes"), Store(bucket).writing():
        pass


def test_what_is_not_there_is_said(bucket: Path) -> None:
    with pytest.raises(ConfigError, match="no such object, and none below it"):
        find_calls(str(bucket / "nothing"))
    with pytest.raises(ConfigError, match="names no bucket"):
        place("s3://")


def test_storage_that_does_not_answer_is_said(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import EndpointConnectionError

    def unreachable(*_: Any, **__: Any) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    storage: Any = bucket
    monkeypatch.setattr(storage.fs, "call_s3", unreachable)
    with pytest.raises(StoreError, match="the storage cannot be asked: Could not"), Store(bucket).writing():
        pass


def test_without_its_packages_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(ConfigError, match=r"pip install 'callaudit\[cluster\]'"):
        place("s3://nights/out")


def test_what_is_here_needs_nothing_of_it(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from test_objects import hear, recordings

here = Path(sys.argv[1])
(here / "calls").mkdir()
recordings(here / "calls", "c1")
hear(here / "calls", here / "out", here / "log")
print([n for n in sys.modules if n.partition(".")[0] in ("upath", "s3fs", "botocore", "aiohttp", "ray")])
"""
    path = os.pathsep.join(map(str, (TESTS.parent, TESTS, TESTS / "store")))
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.check_output([sys.executable, "-c", program, str(tmp_path)], env=environment, text=True)
    assert done == "[]\n"
