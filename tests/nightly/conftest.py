from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from made_hearings import ScriptedSetup
from made_nights import Desk

import pipeline.executors
from pipeline.executors import hear_all


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk whose calls are heard in this process and without a model."""

    def in_this_process(tasks, setup, *, workers, **others):
        assert workers > 0, "a call that kills its process must not end the night"
        return hear_all(tasks, setup, **others)

    monkeypatch.setattr(pipeline.executors, "Setup", partial(ScriptedSetup, log=tmp_path / "log"))
    monkeypatch.setattr(pipeline.executors, "hear_all", in_this_process)
    made = Desk(tmp_path)
    (tmp_path / "calls").mkdir()
    made.book("book")
    return made


@pytest.fixture
def named() -> Callable[..., str]:
    """Return the name of a recording of a day."""
    return lambda call_id, day: f"{call_id}_{day}T09-00-00.wav"
