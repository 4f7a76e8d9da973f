"""Every page: no errors, no network, nothing wider than the screen, accessible, printable, harmless."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from made_reports import page_of

GRAVE = ("serious", "critical")
UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
WIDTH = "document.documentElement.scrollWidth"


def pages(report: Path) -> list[Path]:
    return sorted(report.rglob("*.html"))


def kinds(report: Path) -> list[Path]:
    """One page of every kind, and calls that look different."""
    calls = [page_of(report, call_id) for call_id in ("dev-010", "mono", "silent")]
    agents = sorted(report.glob("agents/a0*.html"))
    teams = sorted(report.glob("teams/*.html"))
    return [*sorted(report.glob("*.html")), agents[-1], teams[0], *calls]


class Places(HTMLParser):
    """The ids of a page, and where its links lead."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if tag == "a" and found.get("href") else []


def test_pages_show_without_errors_ask_nobody_and_fit_the_screen(
    report: Path, tab: Callable[..., Any]
) -> None:
    opened = tab(offline=True)
    for path in pages(report):
        page = opened.open(path)
        assert page.title(), path
        assert page.locator("main h1").count() == 1, path
        assert opened.wrong == [], path
        assert page.evaluate("window.hacked") is None, path
        page.evaluate(UNFOLD)
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDTH) <= width, path
    assert all(url.startswith(("file:", "blob:", "data:")) for url in opened.asked)


def test_links_lead_to_pages_and_places_of_the_report(report: Path) -> None:
    places = {path.resolve(): Places(path) for path in pages(report)}
    for path, found in places.items():
        assert len(found.ids) == len(set(found.ids)), path
        for link in found.links:
            target, _, anchor = link.partition("#")
            leads = (path.parent / target).resolve() if target else path
            assert leads in places, f"{path}: {link}"
            assert not anchor or anchor in places[leads].ids, f"{path}: {link}"


@pytest.mark.parametrize(("report", "scheme"), [("zh", "light"), ("en", "dark")], indirect=["report"])
def test_axe_finds_nothing_serious(report: Path, tab: Callable[..., Any], scheme: str) -> None:
    opened = tab(color_scheme=scheme)
    for path in kinds(report):
        page = opened.open(path)
        page.evaluate(UNFOLD)
        grave = [v for v in Axe().run(page).response["violations"] if v["impact"] in GRAVE]
        told = [f"{v['id']}: {v['help']}: {n['html'][:200]}" for v in grave for n in v["nodes"][:3]]
        assert not told, f"{path}: {told}"


def test_paper_has_everything_but_what_must_be_clicked(chinese: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    for path in kinds(chinese):
        page = opened.open(path)
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.querySelectorAll('main details:not([open])').length") == 0, path
        seen = "found => found.filter(e => e.offsetParent !== null).length"
        assert page.eval_on_selector_all("audio, .marks-bar, .mark-place button, nav", seen) == 0, path
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
    assert page.pdf()[:4] == b"%PDF"
