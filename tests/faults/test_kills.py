"""A night that is killed at any step it takes on the disk, and run again, is as one that was not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from faults import nights
from pipeline.store import Store, StoreReader

EVERY = int(os.environ.get("CALLAUDIT_KILL_EVERY", "9"))
"""Which steps are tried; 1 tries all, in some minutes."""

STEPS = ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (Path, "rmdir"), (os, "link"))


class Killed(BaseException):
    """The process is gone: it does nothing any more, not even clear up."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Do no step on the disk from that number on; yields the names of those that were done."""
    done: list[str] = []

    def dying(name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any, **options: Any) -> Any:
            if len(done) >= step:
                raise Killed
            done.append(name)
            return do(*arguments, **options)

        return instead

    with monkeypatch.context() as patched:
        for home, name in STEPS:
            patched.setattr(home, name, dying(name, getattr(home, name)))
        yield done


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of an earlier night in ``out``, and those of an undisturbed one over them."""
    folder = tmp_path_factory.mktemp("night")
    nights.earlier(folder, folder / "out")
    shutil.copytree(folder / "out", folder / "undisturbed")
    nights.run(Store(folder / "undisturbed"), folder)
    return folder


def steps_of(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run a night undisturbed and return its steps on the disk."""
    with killed_at(1_000_000, monkeypatch) as done:
        nights.run(Store(out), folder)
    return done


@pytest.mark.parametrize("over_earlier", [False, True])
def test_whenever_it_is_killed_the_night_is_the_same_in_the_end(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over_earlier: bool
) -> None:
    def fresh(name: str) -> Path:
        if over_earlier:
            shutil.copytree(before / "out", tmp_path / name)
        return tmp_path / name

    steps = steps_of(before, fresh("undisturbed"), monkeypatch)
    expected = nights.stored(tmp_path / "undisturbed")
    assert expected["problems"] == []
    assert len(steps) > 50
    for step in range(1, len(steps), EVERY):
        out = fresh(str(step))
        with pytest.raises(Killed), killed_at(step, monkeypatch):
            nights.run(Store(out), before)
        calls = [] if not (out / "calls").is_dir() else list(StoreReader(out).read_calls())
        ids = [call.record.call_id for call in calls]
        assert len(ids) == len(set(ids)), f"killed before step {step} ({steps[step]}), a call is there twice"
        nights.run(Store(out), before)
        assert nights.stored(out) == expected, f"killed before step {step}, {steps[step]}"
        shutil.rmtree(out)


def test_readers_of_the_folders_find_nothing_twice_after_a_kill(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs that read all part files see no more than the rows of the tables once the night is done."""
    import pandas as pd

    shutil.copytree(before / "out", tmp_path / "out")
    with pytest.raises(Killed), killed_at(60, monkeypatch):
        nights.run(Store(tmp_path / "out"), before)
    nights.run(Store(tmp_path / "out"), before)
    for table in ("calls", "utterances", "events", "measurements", "findings", "scores"):
        rows = StoreReader(tmp_path / "out").frame(table)
        assert len(pd.read_parquet(tmp_path / "out" / table)) == len(rows), table
