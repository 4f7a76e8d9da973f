"""A desk with recordings, a small rulebook and a configuration, for the tests of nights."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.nightly.logs import silent_log
from pipeline.nightly.night import run_night
from pipeline.nightly.reading import NightConfig, load_night
from pipeline.nightly.summary import NightSummary
from pipeline.store import Store

BOOK = """\
name: {name}
title: A book
source: a manual
rules:
  - id: OPS-25
    title: Updates
    dimension: patience
    points: 5
    check: hold_updates
    every_s: 15
"""


@dataclass(frozen=True)
class Desk:
    """A folder with everything a night needs."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def store(self) -> Store:
        return Store(self.out)

    def recording(self, name: str, *, source: str = "calls", age_s: float = 3600.0) -> Path:
        """Put a recording there that was written a while ago."""
        path = self.folder / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"sound of {source}/{name}")
        written = time.time() - age_s
        os.utime(path, (written, written))
        return path

    def book(self, name: str) -> None:
        """Write a rulebook of that name."""
        (self.folder / f"{name}.yaml").write_text(BOOK.format(name=name), encoding="utf-8")

    def config(self, text: str) -> NightConfig:
        """Write a configuration with a folder of its own for the tables, and read it."""
        path = self.folder / "night.yaml"
        path.write_text(f"out: out\nmin_free_gb: 0\n{text}", encoding="utf-8")
        return load_night(path)

    def night(self, text: str, *, retry_failed: bool = False) -> NightSummary:
        """Run a night."""
        return run_night(self.config(text), log=silent_log(), retry_failed=retry_failed)


SOURCE = "sources:\n  - {name: calls, recordings: calls, file_names: '(?P<started_at>20[0-9-]+T[0-9-]+)'}\n"
