"""From a mark on a page to scores after review: export, import, and the page made anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from made_reports import HOSTILE, page_of

from pipeline.audit import current_cards
from pipeline.reports.language import Language
from pipeline.reports.pages import Clips, Wanted, write_site
from pipeline.reviews.importing import import_marks
from pipeline.store import Store


def test_exported_marks_come_back_as_scores_after_review(
    chinese: Path, store: Store, tab: Callable[..., Any], tmp_path: Path
) -> None:
    page = tab(accept_downloads=True, timezone_id="Asia/Shanghai").open(page_of(chinese, "script"))
    page.fill("#marks-reviewer", "+张敏")
    page.click("article.undetermined .agree")
    page.click("article.fail .overturn")
    page.select_option("article.fail select", "pass")
    page.fill("article.fail .overturning input", "-客户先挂断")
    page.click("article.fail button[type=submit]")
    with page.expect_download() as waiting:
        page.click("#marks-export")
    file = tmp_path / "marks.csv"
    waiting.value.save_as(file)

    shutil.copytree(store.out, tmp_path / "out")
    reviewed = Store(tmp_path / "out")
    with reviewed.writing():
        added = import_marks(reviewed, [file], zone=ZoneInfo("Asia/Shanghai")).added
    assert {(r.call_id, r.rule_id, r.reviewer) for r in added} == {
        (HOSTILE, "OPS-01", "+张敏"),
        (HOSTILE, "OPS-10", "+张敏"),
    }
    wanted = Wanted(language=Language.ZH, clips=Clips.NONE)
    write_site(
        reviewed.out,
        tmp_path / "report",
        wanted,
        version="0",
        cards_of=lambda day: current_cards(reviewed, day),
    )
    opened = tab()
    page = opened.open(page_of(tmp_path / "report", "script"))
    figures = page.inner_text(".score .figures")
    assert "系统评分\n50.0" in figures
    assert "复核后\n100.0" in figures
    told = page.inner_text("article.fail")
    mark = page.get_attribute(".marks .overturned, .marks .undetermined", "title") or ""
    assert "OPS-01 不合格 → 改判：合格" in mark
    assert "↺" in page.inner_text(".marks")
    here = page.inner_text(".transcript .here.overturned")
    assert here.split() == ["↺", "OPS-01", "改判：合格"]
    assert "已由复核改判" in page.inner_text(".legend")
    assert page.locator("article.fail h4 s").inner_text() == "✗ 不合格"
    assert "+张敏" in told
    assert "改判：合格" in told
    assert "-客户先挂断" in told
    assert opened.wrong == []
    waiting_rows = opened.open(tmp_path / "report" / "review.html").inner_text("#queue")
    assert "window.hacked" not in waiting_rows, "what was reviewed waits no longer"
    violations = Axe().run(tab().open(page_of(tmp_path / "report", "script"))).response["violations"]
    assert [v["id"] for v in violations if v["impact"] in ("serious", "critical")] == []
