"""The pictures of the documentation, of pages as a browser shows them.

``python benchmarks/pictures.py demo-out`` writes reports of the stored example month (in English) and of the
audited sample calls (in Chinese) and takes what ``docs`` shows of them, with the Chromium that the tests use.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from typer.testing import CliRunner

from pipeline.cli import app

BROWSER = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WIDTH, SHOWN_WIDTH = 1280, 1000
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Picture:
    """What is taken: of which report and page, from which element to which height."""

    name: str
    report: str
    page: str
    start: str
    height: int


PICTURES = (
    Picture("team.png", "month", "index.html", "main", 1010),
    Picture("help.png", "month", "index.html", "#who", 620),
    Picture("proof.png", "month", "index.html", "#proof", 520),
    Picture("course.png", "month", "index.html", "#better", 560),
    Picture("clauses.png", "month", "index.html", "#over-time", 640),
    Picture("one-team.png", "month", "teams/*.html", "main", 1000),
    Picture("fair.png", "month", "fairness.html", "main", 900),
    Picture("agent.png", "month", "agents/a06-*.html", "main", 760),
    Picture("call.png", "calls", "calls/*/dev-003-*.html", "#timeline", 1150),
)


def write_report(store: Path, folder: Path, language: str) -> None:
    """Write a report as a user would."""
    done = CliRunner().invoke(
        app, ["report", str(store), "--to", str(folder), "--language", language], catch_exceptions=False
    )
    if done.exit_code:
        raise SystemExit(done.output)


def taken(page: Any, picture: Picture, folder: Path) -> Image.Image:
    """Return the picture, at the width in which the documentation shows it."""
    path, *_ = sorted((folder / picture.report).glob(picture.page))
    page.goto(path.as_uri())
    page.wait_for_function(
        "[...document.querySelectorAll('[data-chart]')].every(c => c.querySelector('svg'))"
    )
    top = page.evaluate(
        "s => document.querySelector(s).getBoundingClientRect().top + scrollY - 16", picture.start
    )
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    cut = whole.crop((0, int(top), WIDTH, min(whole.height, int(top) + picture.height)))
    return cut.resize((SHOWN_WIDTH, cut.height * SHOWN_WIDTH // WIDTH), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every picture into ``docs/images``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("heard", type=Path, help="the audited sample calls")
    heard = parser.parse_args().heard
    with tempfile.TemporaryDirectory() as name, sync_playwright() as tools:
        folder = Path(name)
        write_report(ROOT / "data/example", folder / "month", "en")
        write_report(heard, folder / "calls", "zh")
        browser = tools.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        for picture in PICTURES:
            image = taken(page, picture, folder)
            # So many colours look the same here, at a third of the size.
            image.quantize(128).save(ROOT / "docs/images" / picture.name, optimize=True)
            print(picture.name, image.size)
        browser.close()


if __name__ == "__main__":
    main()
