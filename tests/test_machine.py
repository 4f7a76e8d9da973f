from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import machine
from pipeline.machine import usable_memory_bytes, usable_processors


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of control groups that tells nothing yet, on a machine of eight processors."""
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(machine, "CONTROL_GROUPS", tmp_path)
    for folder in ("cpu", "memory"):
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("share", "usable"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("10000 100000\n", 1),
        ("6400000 100000\n", 8),
        ("\n", 8),
    ],
)
def test_a_container_has_the_share_that_it_is_given(share: str, usable: int, groups: Path) -> None:
    (groups / "cpu.max").write_text(share)
    assert usable_processors() == usable


@pytest.mark.parametrize(("quota", "usable"), [("-1\n", 8), ("250000\n", 3), ("50000\n", 1), ("0\n", 8)])
def test_so_it_has_by_the_first_version(quota: str, usable: int, groups: Path) -> None:
    (groups / "cpu" / "cpu.cfs_quota_us").write_text(quota)
    (groups / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert usable_processors() == usable


def test_without_limits_all_processors_are_there(groups: Path) -> None:
    assert not any(path.is_file() for path in groups.rglob("*"))
    assert usable_processors() == 8


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="this system does not tell its memory")
@pytest.mark.parametrize("name", machine.MEMORY)
def test_memory_is_the_machines_or_what_a_container_may_use(name: str, groups: Path) -> None:
    machines = usable_memory_bytes()
    assert machines is not None
    assert machines > 100_000_000
    for text, bytes_ in (("max\n", machines), ("50000000\n", 50_000_000), (f"{10 * machines}\n", machines)):
        (groups / name).write_text(text)
        assert usable_memory_bytes() == bytes_
