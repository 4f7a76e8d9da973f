"""Review marks: made on the page, kept by the browser, exported as the file that is imported."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from made_reports import HOSTILE, page_of

from pipeline.reviews import COLUMNS


def exported(page: Any) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.click("#marks-export")
    data = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename.endswith(".csv")
    assert data.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def overturn(page: Any, finding: str, verdict: str, reason: str) -> None:
    page.click(f"{finding} .overturn")
    page.select_option(f"{finding} select", verdict)
    page.fill(f"{finding} .overturning input", reason)
    page.click(f"{finding} button[type=submit]")


def test_marks_need_a_name_and_an_overturn_its_reason(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab().open(page_of(chinese, "mono"))
    page.click("article.fail .agree")
    assert page.evaluate("document.activeElement.id") == "marks-reviewer"
    assert page.get_attribute("article.fail .agree", "aria-pressed") == "false"
    page.fill("#marks-reviewer", "张敏")
    page.click("article.undetermined .overturn")
    page.click("article.undetermined button[type=submit]")
    assert "理由" in page.inner_text("article.undetermined .overturning")
    assert page.get_attribute("article.undetermined .overturn", "aria-pressed") == "false"


def test_marks_survive_a_reload_and_can_be_taken_back(chinese: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    page = opened.open(page_of(chinese, "mono"))
    page.fill("#marks-reviewer", "张敏")
    page.click("article.fail .agree")
    overturn(page, "article.undetermined", "pass", "说清楚了")
    page.reload()
    assert page.input_value("#marks-reviewer") == "张敏"
    assert page.get_attribute("article.fail .agree", "aria-pressed") == "true"
    assert "说清楚了" in page.inner_text("article.undetermined .mark-status")
    assert "2 条" in page.inner_text("#marks-count")
    page.click("article.fail .undo")
    page.reload()
    assert "1 条" in page.inner_text("#marks-count")
    assert opened.wrong == []


def test_an_export_has_the_columns_of_an_import(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab(accept_downloads=True, timezone_id="Asia/Shanghai").open(page_of(chinese, "script"))
    page.fill("#marks-reviewer", "=HYPERLINK()")
    overturn(page, "article.fail", "not_applicable", '=1+1, "quoted"\u4e0d\u9002\u7528')
    (row,) = exported(page)
    assert tuple(row) == COLUMNS
    assert row["call_id"] == HOSTILE
    assert (row["call_date"], row["standard"], row["rule_id"]) == ("2026-10-13", "dinghao-380", "OPS-01")
    assert (row["verdict"], row["decision"], row["right_verdict"]) == ("fail", "overturn", "not_applicable")
    assert row["reason"] == '\'=1+1, "quoted"不适用'
    assert row["reviewer"] == "'=HYPERLINK()"
    assert datetime.fromisoformat(row["reviewed_at"]).utcoffset().total_seconds() == 8 * 3600
    assert row["sha256"]
    assert row["rulebook_hash"]


def test_what_was_exported_is_removed_only_on_request(chinese: Path, tab: Callable[..., Any]) -> None:
    page = tab(accept_downloads=True).open(page_of(chinese, "mono"))
    assert page.is_disabled("#marks-export")
    page.fill("#marks-reviewer", "张敏")
    page.click("article.fail .agree")
    assert not page.is_visible("#marks-clear")
    assert len(exported(page)) == 1
    page.click("article.undetermined .agree")
    page.click("#marks-clear")
    assert "2 条" in page.inner_text("#marks-count"), "asked once more before anything goes"
    page.click("#marks-clear")
    assert "1 条复核，1 条" in page.inner_text("#marks-count")
    assert len(exported(page)) == 1


def test_the_queue_knows_marks_and_filters(chinese: Path, tab: Callable[..., Any]) -> None:
    opened = tab()
    page = opened.open(page_of(chinese, "mono"))
    page.fill("#marks-reviewer", "张敏")
    page.click("article.undetermined .agree")
    page = opened.open(chinese / "review.html")
    shown = "found => found.filter(r => !r.hidden).length"
    every = page.eval_on_selector_all("#queue tbody tr", shown)
    assert page.locator("#queue tr.marked").count() == 1
    page.check("#unmarked")
    assert page.eval_on_selector_all("#queue tbody tr", shown) == every - 1
    page.uncheck("#unmarked")
    page.select_option("[data-filter=agent]", index=1)
    fewer = page.eval_on_selector_all("#queue tbody tr", shown)
    assert 0 < fewer < every
    assert str(fewer) in page.inner_text("#filtered")
    page.locator("#queue tbody tr:not([hidden]) a").first.click()
    page.locator("article.finding:target").wait_for()
    assert opened.wrong == []
