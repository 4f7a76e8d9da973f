"""A disk that takes nothing more stops the night at once; what was stored stays, and the next run goes on."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from faults import nights
from pipeline.cli import app
from pipeline.cli.app import STOPPED
from pipeline.errors import StoreError, WriteError
from pipeline.store import Store, StoreReader, files


def failing(monkeypatch: pytest.MonkeyPatch, name: str, *, after: int, number: int) -> list[int]:
    """Let a function of the system fail from its call number ``after`` on; returns its calls."""
    calls: list[int] = []
    real = getattr(os, name)

    def instead(*arguments: object, **options: object) -> object:
        calls.append(1)
        if len(calls) > after:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **options)

    monkeypatch.setattr(files.os, name, instead)
    return calls


@pytest.mark.parametrize("step", ["fsync", "open"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_the_night_stops_at_once_and_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    store = Store(tmp_path / "out")
    with monkeypatch.context() as patched:
        failing(patched, step, after=30, number=number)
        with pytest.raises(WriteError) as stopped:
            nights.run(store, tmp_path)
    message = str(stopped.value)
    assert os.strerror(number) in message
    assert str(tmp_path / "out") in message
    assert "Nothing is lost" in message
    assert "give the same command again" in message
    before = (tmp_path / "log").read_text().split()
    kept = {call.record.call_id for call in store.read_calls()}
    assert len(list((store.out / "failures").glob("*"))) <= 2, "no row for every call that was not kept"
    nights.run(store, tmp_path)
    again = (tmp_path / "log").read_text().split()[len(before) :]
    assert not kept & set(again), "what was kept is not heard again"
    whole = Store(tmp_path / "whole")
    nights.run(whole, tmp_path)
    assert nights.stored(store.out) == nights.stored(whole.out)


def test_a_full_disk_while_a_file_is_written_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        """A file on a full disk."""

        def __init__(self, descriptor: int, _mode: str) -> None:
            os.close(descriptor)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None: ...

        def write(self, _data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fdopen", Full)
    with pytest.raises(WriteError, match="No space left on device"):
        nights.run(Store(tmp_path / "out"), tmp_path)
    assert not list((tmp_path / "out").rglob(".tmp-*"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 kB, where mounting one is allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_really_full_stops_the_night(tmp_path: Path, small_disk: Path) -> None:
    store = Store(small_disk / "out")
    with pytest.raises(WriteError, match="No space left on device"):
        nights.run(store, tmp_path)
    for call in store.read_calls():
        assert call.measurements
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    nights.run(store, tmp_path)
    nights.run(Store(tmp_path / "whole"), tmp_path)
    assert nights.stored(store.out) == nights.stored(tmp_path / "whole")


def test_a_folder_that_is_really_read_only_stops_the_night(tmp_path: Path, small_disk: Path) -> None:
    (small_disk / "out").mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(WriteError, match=r"\.lock: cannot be written: Read-only file system"):
        nights.run(Store(small_disk / "out"), tmp_path)
    assert not (tmp_path / "log").exists(), "nothing was heard"


def test_tables_on_a_read_only_disk_can_be_read(tmp_path: Path, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    nights.run(Store(small_disk / "out"), tmp_path)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert nights.stored(small_disk / "out")["problems"] == []


def test_an_output_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(StoreError, match="out: is a file; expected a folder"):
        nights.run(Store(tmp_path / "out"), tmp_path)
    assert (tmp_path / "out").read_text() == "mine"


def test_the_command_says_so_and_has_its_own_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.cli import main

    nights.earlier(tmp_path, tmp_path / "out")
    failing(monkeypatch, "fsync", after=0, number=errno.ENOSPC)
    monkeypatch.setattr(
        sys, "argv", ["callaudit", "judge", str(tmp_path / "out"), "--rulebook", "dinghao-380"]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == STOPPED
    assert "callaudit: stopped: " in capsys.readouterr().err
    assert CliRunner().invoke(app, ["status", str(tmp_path / "out")]).exit_code == 0


def test_a_store_is_read_while_another_writes(tmp_path: Path) -> None:
    store = nights.earlier(tmp_path, tmp_path / "out")
    with store.writing():
        assert len(list(StoreReader(store.out).read_calls())) == 3
        assert CliRunner().invoke(app, ["status", str(store.out)]).exit_code == 0
