"""Pages after review: what people overturned is no failure any more, wherever it is counted or shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import made_calls as made
import pandas as pd
import pytest
from made_pages import Page
from made_sites import heard, judged, site_of, store_of

from pipeline.audit import score_night
from pipeline.reports.language import Language
from pipeline.reports.pages.addresses import agent_page, call_page, finding_place, one_team_page
from pipeline.reports.pages.reviewed_clauses import after_review, changes_of, with_changes
from pipeline.reviews import Review
from pipeline.reviews.marks import review_table
from pipeline.store import Store

FAIL = made.finding("OPS-01", "fail", confidence=0.95)
PASS = made.finding("OPS-02", "pass")
OPEN = made.finding("OPS-10", "undetermined")
DAY = "2026-10-09"


def reviewed(out: Path, marks: dict[str, Sequence[tuple[str, str]]]) -> Store:
    """Twelve calls of two agents and teams that fail one clause each, and what reviewers say of some."""
    calls = [heard(f"c{n}", agent=f"A{n % 2}", team=f"T{n % 2}") for n in range(12)]
    judgements = [judged(call, 50.0, FAIL, PASS, OPEN) for call in calls]
    store = store_of(out, calls, judgements)
    found = {f.rule_id: f for f in (FAIL, PASS, OPEN)}
    said: list[Review] = [
        made.review(found[rule_id], judgements[int(call_id[1:])], right)
        for call_id, verdicts in marks.items()
        for rule_id, right in verdicts
    ]
    with store.writing():
        store.add("reviews", review_table(said))
        score_night(store)
    return store


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reviewed")
    marks = {
        "c0": [("OPS-01", "pass"), ("OPS-02", "fail")],
        "c2": [("OPS-01", "not_applicable"), ("OPS-10", "fail")],
        "c4": [("OPS-01", "fail")],
    }
    site_of(reviewed(folder / "out", marks), folder / "site", Language.EN)
    return folder / "site"


def rate(page: Page, rule_id: str) -> str:
    """What a page's table of clauses says of one."""
    at = page.source.rindex(f'<span class="rule-id">{rule_id}</span>')
    return " ".join(page.source[at:].partition('<td class="num">')[2].partition("</td>")[0].split())


def test_rates_of_clauses_count_what_holds_after_review(site: Path) -> None:
    whole, own = Page(site / "index.html"), Page(site / agent_page("A0"))
    assert rate(whole, "OPS-01").startswith("10 / 11 <span")
    assert "2 overturned by review" in rate(whole, "OPS-01")
    assert rate(own, "OPS-01").startswith("4 / 5 ")
    assert rate(own, "OPS-02").startswith("1 / 6 ")
    assert rate(own, "OPS-10").startswith("1 / 1 ")
    assert rate(Page(site / one_team_page("T0")), "OPS-01").startswith("4 / 5 ")
    assert rate(Page(site / agent_page("A1")), "OPS-01") == "6 / 6"


def test_what_was_overturned_is_no_proof_and_what_people_failed_is(site: Path) -> None:
    links = [href for href, _ in Page(site / agent_page("A0")).links]
    for rule_id, calls in (("OPS-01", {4, 6, 8, 10}), ("OPS-02", {0}), ("OPS-10", {2})):
        shown = {n for n in range(12) if f"../{finding_place(DAY, f'c{n}', made.STANDARD, rule_id)}" in links}
        assert shown
        assert shown <= calls


def test_the_calls_page_says_so_wherever_it_shows_the_finding(site: Path) -> None:
    page = Page(site / call_page(DAY, "c0"))
    marks = [given for given in page.all("a") if (given.get("class") or "").startswith("mark ")]
    assert "OPS-01 fail → overturned: pass" in " ".join(given["title"] or "" for given in marks)
    assert "↺ OPS-01 overturned: pass" in page.text
    assert "✗ OPS-02 overturned: fail" in page.text
    assert "Failed (1) 1 of them overturned" in page.text
    assert "1 more was overturned by a reviewer" in page.source
    agreed = Page(site / call_page(DAY, "c4"))
    assert "overturned" not in agreed.text
    assert "✗ OPS-01" in agreed.text


def test_changes_are_added_up_like_the_cards() -> None:
    calls = pd.DataFrame(
        {"call_id": ["c0", "c1"], "agent": ["A1", None], "team": [None, "T"], "call_date": [DAY, DAY]}
    )
    judgement = judged(heard("c0"), 50.0, FAIL)
    marks = [made.review(FAIL, judgement, "pass"), made.review(OPEN, judgement, "fail")]
    marks += [made.review(FAIL, judgement), made.review(FAIL, judged(heard("gone"), 1.0, FAIL), "pass")]
    changes = changes_of(marks, calls)
    assert changes[["rule_id", "decided", "failed"]].values.tolist() == [["OPS-01", 0, -1], ["OPS-10", 1, 1]]
    cards = pd.DataFrame(
        {
            "agent_id": ["A1", "A2", None],
            "standard": made.STANDARD,
            "clauses": [[{"rule_id": "OPS-01", "decided": 3, "failed": 2}]] * 3,
        }
    )
    changed = with_changes(cards, changes, ["agent_id"])["clauses"].tolist()
    assert changed[0] == [
        {"rule_id": "OPS-01", "decided": 3, "failed": 1, "overturned": 1},
        {"rule_id": "OPS-10", "decided": 1, "failed": 1, "overturned": 1},
    ]
    assert changed[1:] == cards["clauses"].tolist()[1:]
    assert with_changes(cards, changes.iloc[:0], ["agent_id"]) is cards


def test_findings_get_the_verdicts_of_people_who_are_sure() -> None:
    findings = pd.DataFrame(
        {
            "call_id": ["c0", "c0", "c1"],
            "standard": made.STANDARD,
            "rule_id": ["OPS-01", "OPS-02", "OPS-01"],
            "verdict": pd.Categorical(["fail", "pass", "fail"]),
            "confidence": [0.9, 0.6, 0.9],
        }
    )
    judgement = judged(heard("c0"), 50.0, FAIL, PASS)
    found = after_review(
        findings, [made.review(FAIL, judgement, "pass"), made.review(PASS, judgement, "fail")]
    )
    assert found["verdict"].tolist() == ["pass", "fail", "fail"]
    assert found["confidence"].tolist() == [1.0, 1.0, 0.9]
    assert findings["verdict"].tolist() == ["fail", "pass", "fail"]
    assert after_review(findings, [made.review(FAIL, judgement)]) is findings
