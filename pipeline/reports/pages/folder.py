"""The folder of a report: whose it is, and what of an earlier report is cleared away.

It is the report's own: new, empty, or with an earlier report, known by a file in ``assets/``. Only files are
removed that bear the names of pages and clips; whatever else lies there is left alone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.private_files import TEMPORARY, write_private
from pipeline.reports.pages.addresses import ASSETS
from pipeline.reports.pages.charts import write_charts
from pipeline.reports.pages.site import Site

MARKER = f"{ASSETS}/report.json"
"""Says that a folder is a report, and of what."""

_FILLED = ("agents", "calls", "clips", "teams")
_STYLES = (
    *("style.css", "charts.js", "filter.js", "icon.svg"),
    *("call.css", "call.js", "marks.js", "review.js"),
)
_SLUG = r"(?:[a-z0-9][a-z0-9.-]*-)?[0-9a-f]{10}"
_DAY = r"(?:\d{4}-\d{2}-\d{2}|unknown)"
_WRITTEN = re.compile(
    r"(?:index|review|glossary|(?:team|fairness)(?:-[A-Za-z0-9.-]+)?)\.html"
    rf"|agents/(?:{_SLUG}|no-agent)\.html"
    rf"|teams/{_SLUG}\.html"
    rf"|calls/{_DAY}/{_SLUG}\.html"
    rf"|clips/{_DAY}/{_SLUG}/(?:made-of|[\w+-]+_[0-9.]+-[0-9.]+s\.mp3)"
    rf"|(?:[^/]+/)*{re.escape(TEMPORARY)}[^/]+",
    re.ASCII,
)
"""Paths that reports write, and unfinished files."""

Stamp = tuple[int, int]
"""What changes whenever a file is written again."""


def expect_own(folder: Path) -> None:
    """Make sure that a report may be written into a folder, and an earlier one be cleared away.

    Raises
    ------
    ConfigError
        When it is no folder, holds something else, or links lead out of it.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: is a file; expected a folder for the report")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise ConfigError(
            f"{folder}: holds other files; expected a new or empty folder, or one with an earlier report"
        )
    for path in _folders(folder):
        if path.is_symlink():
            raise ConfigError(f"{path}: is a link to another folder; expected folders of the report alone")


def write_assets(site: Site) -> None:
    """Write what pages share, and that the folder is a report."""
    about = {"report": "callaudit", "version": site.version, "language": site.language.value}
    write_private(site.folder / MARKER, json.dumps(about) + "\n")
    for name in _STYLES:
        write_private(site.folder / ASSETS / name, files(__package__).joinpath("assets", name).read_bytes())
    write_charts(site)


def written_before(folder: Path) -> dict[Path, Stamp]:
    """Return the pages and clips of an earlier report, and when each was written."""
    there = [*folder.glob("*"), *(path for place in _folders(folder) for path in place.glob("*"))]
    return {
        path: _stamp(path)
        for path in there
        if _WRITTEN.fullmatch(path.relative_to(folder).as_posix()) and (path.is_symlink() or path.is_file())
    }


def remove_old(folder: Path, before: dict[Path, Stamp]) -> None:
    """Remove what of an earlier report was not written again, and folders that are empty then."""
    for path, stamp in before.items():
        # Another report into the same folder may have removed it meanwhile.
        if os.path.lexists(path) and _stamp(path) == stamp:
            path.unlink(missing_ok=True)
    for place in sorted(_folders(folder), reverse=True):
        if place.name not in (ASSETS, *_FILLED) and not any(place.iterdir()):
            place.rmdir()


def _folders(folder: Path) -> Iterator[Path]:
    """Yield the folders that a report fills, from the top down; links are not followed."""
    for name in (ASSETS, *_FILLED):
        if (folder / name).is_dir():
            yield folder / name
        if not (folder / name).is_symlink():
            for root, inside, _ in os.walk(folder / name):
                yield from (Path(root, one) for one in inside)


def _stamp(path: Path) -> Stamp:
    status = path.lstat()
    return status.st_ino, status.st_mtime_ns
