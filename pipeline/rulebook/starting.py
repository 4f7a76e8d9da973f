"""The rulebook that a new one starts from."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = "my-desk"
_FOLDER = Path(__file__).parent


def starting_rulebook(path: Path, *, chinese: bool = False) -> str:
    """Return a small rulebook with comments, named after the file it will be written to."""
    text = (_FOLDER / ("starting.zh.yaml" if chinese else "starting.yaml")).read_text(encoding="utf-8")
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or _NAME
    return text.replace(f"name: {_NAME}", f"name: {name}", 1)
