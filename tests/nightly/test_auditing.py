"""How a night shares the machine."""

from __future__ import annotations

import os
from pathlib import Path

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
    monkeypatch.setattr(auditing.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(auditing, "_memory_bytes", lambda: 100 * WORKER_BYTES)
    assert shared_cores(*asked, calls=calls) == shared


@pytest.mark.parametrize(("bytes_", "workers"), [(int(3.5 * WORKER_BYTES), 3), (WORKER_BYTES // 2, 1)])
def test_workers_fit_into_memory(bytes_: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(auditing, "_memory_bytes", lambda: bytes_)
    assert shared_cores(0, 0) == (workers, 8 // workers)


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="this system does not tell its memory")
def test_memory_is_the_machines_or_what_a_container_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(auditing, "CONTAINER_LIMIT", limit)
    machines = auditing._memory_bytes()
    assert machines > 100_000_000
    for text, bytes_ in (("max\n", machines), ("50000000\n", 50_000_000), (f"{10 * machines}\n", machines)):
        limit.write_text(text)
        assert auditing._memory_bytes() == bytes_
