"""The page of a call: clips play, keys work, and nothing needs JavaScript but marking."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_reports import page_of

PLAYED = """a => new Promise(done => {
  const seen = () => a.currentTime > 0.3 ? done(true) : setTimeout(seen, 50);
  seen();
})"""
LOADED = """source => new Promise(done => {
  const a = new Audio(source);
  a.onloadedmetadata = () => done(a.duration > 0.5);
  a.onerror = () => done(false);
})"""


def test_a_clip_plays_for_as_long_as_it_says(chinese: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    page = opened.open(page_of(chinese, "dev-003"))
    for audio in page.query_selector_all("article.fail audio")[:3]:
        said = audio.get_attribute("aria-label")
        audio.evaluate("a => a.play()")
        assert audio.evaluate(PLAYED)
        start_s, end_s = clock_times(said)
        assert audio.evaluate("a => a.duration") == pytest.approx(end_s - start_s, abs=1.1)
        assert audio.evaluate("a => a.error") is None
    assert page.eval_on_selector_all("audio", "found => found.filter(a => !a.paused).length") == 1
    assert opened.wrong == []


def clock_times(text: str) -> list[int]:
    times = re.findall(r"(\d+):(\d\d)", text)
    return [60 * int(minutes) + int(seconds) for minutes, seconds in times]


def test_every_failed_or_open_finding_with_a_place_has_a_clip_that_is_there(
    chinese: Path, tab: Callable[..., Any]
) -> None:
    page = tab().open(page_of(chinese, "dev-010"))
    sources = page.eval_on_selector_all("article audio", "found => found.map(a => a.src)")
    assert len(sources) > 10
    assert len(set(sources)) < len(sources), "findings on one stretch share a clip"
    for source in set(sources):
        assert page.evaluate(LOADED, source), source


def test_a_call_whose_recording_is_gone_says_so(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab().open(page_of(chinese, "mono"))
    assert page.locator("audio").count() == 0
    assert "录音已不在原处" in page.inner_text("main")


def test_keys_go_from_finding_to_finding_and_play(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab().open(page_of(chinese, "dev-003"))
    focused = "document.activeElement.id"
    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    assert first.startswith("dinghao-380.")
    assert second not in ("", first)
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    page.keyboard.press("Space")
    assert page.eval_on_selector(f"[id='{first}'] audio", PLAYED)
    page.keyboard.press("p")
    assert page.eval_on_selector(f"[id='{first}'] audio", "a => a.paused")


def test_keys_leave_fields_alone_and_can_be_switched_off(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab().open(page_of(chinese, "dev-003"))
    page.fill("#marks-reviewer", "")
    page.focus("#marks-reviewer")
    page.keyboard.type("jkpao")
    assert page.input_value("#marks-reviewer") == "jkpao"
    page.uncheck("#keys-on")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.reload()
    assert not page.is_checked("#keys-on")


def test_the_keyboard_is_not_trapped(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab().open(page_of(chinese, "silent"))
    seen = []
    for _ in range(200):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        if page.evaluate("document.activeElement === document.body"):
            break
    assert seen[-1].startswith("<body"), "Tab leads through the page and out of it"


def test_a_link_to_a_folded_finding_opens_its_fold(chinese: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    page = opened.open(page_of(chinese, "mono"))
    anchor = page.get_attribute("article.pass", "id")
    page = opened.open(page_of(chinese, "mono"), anchor)
    assert page.is_visible(f"[id='{anchor}']")


def test_without_javascript_everything_but_marking_is_there(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab(java_script_enabled=False).open(page_of(chinese, "dev-003"))
    assert page.is_visible(".timeline svg")
    assert page.is_visible("article.fail audio")
    assert not page.is_visible("#marks-bar")
    assert page.locator("noscript").count() == 1


def test_quotes_are_marked_in_the_transcript_and_lead_to_their_findings(
    chinese: Path, tab: Callable[..., Any]
) -> None:
    page = tab().open(page_of(chinese, "dev-010"))
    assert page.locator(".transcript mark").count() > 3
    link = page.locator(".transcript a.here").first
    link.click()
    page.locator("article.finding:target").wait_for()


def test_a_call_of_five_hours_is_drawn_in_bounds(chinese: Path, tab: Callable[..., Any]) -> None:
    path = page_of(chinese, "five-hours")
    page = tab().open(path)
    assert len(page.get_attribute(".lane.agent path", "d")) < 40_000
    assert page.locator(".timeline .axis text").count() <= 14
    assert "5:00:00" in page.text_content(".timeline .axis")
