"""How a night shares the machine."""

from __future__ import annotations

import pytest

from pipeline.nightly import auditing
from pipeline.nightly.auditing import WORKER_BYTES, shared_cores


@pytest.mark.parametrize(
    ("asked", "calls", "shared"),
    [
        pytest.param((0, 0), None, (8, 1), id="a worker on each core"),
        pytest.param((0, 0), 100, (8, 1), id="of many calls"),
        pytest.param((0, 0), 3, (3, 2), id="few calls leave cores for threads"),
        pytest.param((0, 0), 0, (1, 8), id="no call"),
        pytest.param((0, 4), 100, (2, 4), id="threads are given"),
        pytest.param((3, 0), 100, (3, 2), id="workers are given"),
        pytest.param((2, 3), 1, (2, 3), id="both are given"),
        pytest.param((16, 0), 100, (16, 1), id="more workers than cores"),
    ],
)
def test_cores_are_shared(
    asked: tuple[int, int], calls: int | None, shared: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "usable_processors", lambda: 8)
    monkeypatch.setattr(auditing, "usable_memory_bytes", lambda: 100 * WORKER_BYTES)
    assert shared_cores(*asked, calls=calls) == shared


@pytest.mark.parametrize(("bytes_", "workers"), [(int(3.5 * WORKER_BYTES), 3), (WORKER_BYTES // 2, 1)])
def test_workers_fit_into_memory(bytes_: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "usable_processors", lambda: 8)
    monkeypatch.setattr(auditing, "usable_memory_bytes", lambda: bytes_)
    assert shared_cores(0, 0) == (workers, 8 // workers)


def test_larger_weights_leave_room_for_fewer_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "usable_processors", lambda: 8)
    monkeypatch.setattr(auditing, "usable_memory_bytes", lambda: 4 * WORKER_BYTES)
    monkeypatch.setattr(auditing, "size_bytes", {"base": 145_217_532, "large-v3": 3_087_284_237}.__getitem__)
    assert shared_cores(0, 0, weights="base") == (4, 2)
    assert shared_cores(0, 0, weights="large-v3") == (1, 8)


def test_weights_that_are_not_there_are_told_of_by_who_loads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "usable_processors", lambda: 2)
    assert shared_cores(0, 0, weights="/nowhere") == shared_cores(0, 0)
