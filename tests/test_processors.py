from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import processors
from pipeline.processors import usable_processors


@pytest.mark.parametrize(
    ("share", "usable"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("10000 100000\n", 1),
        ("6400000 100000\n", 8),
        ("\n", 8),
        (None, 8),
    ],
)
def test_a_container_has_the_share_that_it_is_given(
    share: str | None, usable: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processors.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(processors, "CONTAINER_SHARE", tmp_path / "cpu.max")
    if share is not None:
        (tmp_path / "cpu.max").write_text(share)
    assert usable_processors() == usable
