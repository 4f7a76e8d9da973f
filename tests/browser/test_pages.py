"""Every page: no errors, no network, nothing wider than the screen, accessible, printable, harmless."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

GRAVE = ("serious", "critical")


def pages(report: Path) -> list[Path]:
    return sorted(report.rglob("*.html"))


def kinds(report: Path) -> list[Path]:
    """One page of every kind, and every odd call."""
    agents = sorted(report.glob("agents/*.html"))
    return [*sorted(report.glob("*.html")), *agents[:2], *sorted(report.glob("calls/*/*.html"))]


def test_pages_show_without_errors_and_ask_nobody(report: Path, tab: Callable[..., Any]) -> None:
    opened = tab(offline=True)
    for path in pages(report):
        page = opened.open(path)
        assert page.title(), path
        assert page.locator("main h1").count() == 1, path
        assert opened.wrong == [], path
        assert page.evaluate("window.hacked") is None, path
    assert all(url.startswith(("file:", "blob:", "data:")) for url in opened.asked)


def test_links_lead_to_pages_and_places_of_the_report(report: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    places = {
        path: set(opened.open(path).eval_on_selector_all("[id]", "found => found.map(e => e.id)"))
        for path in pages(report)
    }
    for path in pages(report):
        page = opened.open(path)
        for link in page.eval_on_selector_all("a[href]", "found => found.map(a => a.getAttribute('href'))"):
            target, _, anchor = link.partition("#")
            leads = (path.parent / target).resolve() if target else path
            assert leads in places, f"{path}: {link}"
            assert not anchor or anchor in places[leads], f"{path}: {link}"


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_is_wider_than_the_screen(report: Path, tab: Callable[..., Any], width: int) -> None:
    opened = tab(viewport={"width": width, "height": 800})
    for path in pages(report):
        page = opened.open(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(report: Path, tab: Callable[..., Any], scheme: str) -> None:
    opened = tab(color_scheme=scheme)
    for path in kinds(report):
        if "five-hours" in path.name:
            continue  # thousands of lines like those of other calls
        page = opened.open(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        grave = [v for v in Axe().run(page).response["violations"] if v["impact"] in GRAVE]
        told = [f"{v['id']}: {v['help']}: {n['html'][:200]}" for v in grave for n in v["nodes"][:3]]
        assert not told, f"{path}: {told}"


def test_paper_has_everything_but_what_must_be_clicked(report: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    for path in kinds(report):
        page = opened.open(path)
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.querySelectorAll('main details:not([open])').length") == 0, path
        seen = "found => found.filter(e => e.offsetParent !== null).length"
        assert page.eval_on_selector_all("audio, .marks-bar, .mark-place button, nav", seen) == 0, path
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
    assert page.pdf()[:4] == b"%PDF"
