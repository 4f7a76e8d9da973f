"""The reference pages under ``docs/``, written from the code they describe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.docs.api import api_page
from pipeline.docs.commands import commands_page
from pipeline.docs.guide import guide_page
from pipeline.docs.operations import operations_page
from pipeline.docs.rules import rules_page
from pipeline.docs.tables import tables_page

__all__ = ["PAGES", "write_pages"]

PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": api_page,
    "cli.md": commands_page,
    "operations.md": operations_page,
    "rules.md": rules_page,
    "tables.md": tables_page,
    "write-a-rulebook.md": guide_page,
}


def write_pages(folder: Path) -> None:
    """Write every page into ``folder``, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")
