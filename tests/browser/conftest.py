"""Reports in a real browser: the system's Chromium, driven over pages on disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_reports import judged, odd_calls, sample_calls

from pipeline.audit import current_cards
from pipeline.reports.language import Language
from pipeline.reports.pages import Clips, Wanted, write_site
from pipeline.store import Store
from pipeline.tables import Judgement

REQUIRED = "CALLAUDIT_BROWSER"
"""With the value ``required``, a missing browser fails these tests; otherwise they are skipped."""

_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--force-prefers-reduced-motion"),
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def _missing(why: str) -> None:
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{why}; {REQUIRED}=required asks for these tests", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        _missing(f"no browser: none of {', '.join(_NAMES)} is installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield running
        running.close()


class Tab:
    """A page that keeps what went wrong on it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("requestfailed", lambda r: self.wrong.append(f"{r.url}: {r.failure}"))
        page.on("request", lambda r: self.asked.append(r.url))
        page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.dismiss()))

    def open(self, path: Path, anchor: str = "") -> Any:
        """Open a page of a report, and wait for its charts if it has any."""
        self.page.goto(path.resolve().as_uri() + (f"#{anchor}" if anchor else ""))
        if self.page.query_selector(".chart[data-chart]"):
            self.page.wait_for_selector("html[data-charts=drawn]")
        return self.page


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., Tab]]:
    """Open tabs that know nothing of each other; options are those of a browser context."""
    contexts = []

    def make(**options: Any) -> Tab:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        contexts.append(context)
        return Tab(context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of sample calls and odd ones."""
    filled = Store(tmp_path_factory.mktemp("browser") / "out")
    with filled.writing():
        by_rulebook: dict[tuple[str, str], list[Judgement]] = {}
        for call in [*sample_calls(), *odd_calls()]:
            filled.write_call(call)
            for one in judged(call):
                by_rulebook.setdefault((call.record.call_date, one.score.standard), []).append(one)
        for (day, standard), judgements in by_rulebook.items():
            filled.write_findings(day, standard, judgements)
    return filled


@pytest.fixture(scope="session")
def reports(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    """The report in both languages."""
    folder = tmp_path_factory.mktemp("reports")
    for language in Language:
        write_site(
            store.out,
            folder / language.value,
            # One with clips is enough, and one without them shows how pages look then.
            Wanted(language=language, clips=Clips.ALL if language is Language.ZH else Clips.NONE),
            version="0",
            cards_of=lambda day: current_cards(store, day),
        )
    return {language: folder / language.value for language in Language}


@pytest.fixture(params=list(Language), ids=[language.value for language in Language])
def report(request: pytest.FixtureRequest, reports: dict[Language, Path]) -> Path:
    """The report in each language."""
    return reports[request.param]


@pytest.fixture
def chinese(reports: dict[Language, Path]) -> Path:
    """The report in Chinese."""
    return reports[Language.ZH]
