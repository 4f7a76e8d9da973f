"""Whole reports of small stores: what is on the pages, and that nothing from outside becomes markup."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import made_calls as made
import pytest
from made_pages import Page, broken_links, pages_of
from made_sites import HOSTILE, SCRIPT, heard, judged, site_of, store_of, to_review

from pipeline.call import Failure
from pipeline.errors import ConfigError, StoreError
from pipeline.reports.language import Language
from pipeline.reports.pages.addresses import agent_page, call_page, finding_anchor, team_page
from pipeline.reports.pages.contents import CALL_PAGES
from pipeline.reports.pages.site import Clips
from pipeline.store import Store, expired_days, purge_day

FAIL = made.finding("OPS-01", "fail", confidence=0.95)
PASS = made.finding("OPS-01", "pass")
OPEN = made.finding("OPS-02", "undetermined")
DAY = "2026-10-09"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three agents: one clearly better, one clearly worse, one with a single call; one call to review."""
    calls, judgements = [], []
    for agent, values, finding in (("A01", (95, 97, 99), PASS), ("A02", (40, 44, 48), FAIL)):
        for number in range(24):
            day = f"2026-10-{number % 12 + 1:02}"
            call = heard(f"{agent}-{number}", agent=agent, day=day, team=f"{agent}组")
            calls.append(call)
            judgements.append(judged(call, float(values[number % 3]), finding, OPEN))
    single, bad = heard("single", agent="A03"), heard("bad", agent="A01")
    calls += [single, bad]
    judgements += [judged(single, 70.0, PASS), to_review(bad)]
    store = store_of(tmp_path_factory.mktemp("team") / "out", calls, judgements)
    with store.writing():
        store.write_failure(Failure("/calls/broken.wav", "hearing", "no audio"))
    return store


@pytest.fixture(scope="module")
def site(team: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team's report in English."""
    folder = tmp_path_factory.mktemp("site")
    site_of(team, folder, Language.EN)
    return folder


def test_every_page_is_whole_and_every_link_leads_somewhere(site: Path) -> None:
    pages = pages_of(site)
    assert {"index.html", "fairness.html", "glossary.html", agent_page("A01")} <= set(pages)
    for name, page in pages.items():
        assert not page.misnested, name
        assert not [i for i, times in page.ids.items() if times > 1], name
        assert page.all("html") == [{"lang": "en"}]
        assert len(page.all("h1")) == len(page.all("main")) == 1, name
        assert not re.search(r"https?://(?!www\.w3\.org)", page.source), name
    unwritten = () if CALL_PAGES else ("calls/", "review.html")
    assert not broken_links(site, pages, unwritten=unwritten)


def test_pages_are_in_the_language_asked_for(team: Store, site: Path, tmp_path: Path) -> None:
    site_of(team, tmp_path / "site", Language.ZH)
    zh, en = pages_of(tmp_path / "site"), pages_of(site)
    assert sorted(zh) == sorted(en)
    for name, page in zh.items():
        assert page.all("html") == [{"lang": "zh-CN"}]
        assert not page.misnested, name
        assert [t for t, _ in page.tags] == [t for t, _ in en[name].tags], name


def test_agents_are_grouped_and_not_ranked(site: Path) -> None:
    page = Page(site / "index.html")
    assert (
        "1 clearly below the team, 1 clearly above, 0 not distinguishable, 1 with fewer than 10" in page.text
    )
    below, above = (
        page.text.index("Clearly below the team 1 agent"),
        page.text.index("Clearly above the team 1"),
    )
    assert below < page.text.index("坐席A02") < above < page.text.index("坐席A01")


def test_a_failing_clause_leads_to_the_finding_in_a_call(site: Path) -> None:
    page = Page(site / "index.html")
    proofs = [href for href, _ in page.links if href.startswith("calls/")]
    assert proofs
    assert all(href.endswith(f"#{finding_anchor(made.STANDARD, 'OPS-01')}") for href in proofs)
    assert all("/a02-" in href for href in proofs)


def test_an_agents_page_has_strengths_failures_and_calls(site: Path) -> None:
    good, bad = (Page(site / agent_page(agent)) for agent in ("A01", "A02"))
    assert "24 of 24 calls (100%), clearly more" in bad.text
    assert "0 of 24 calls (0%), clearly less" in good.text
    assert "Lost many points, surely: OPS-01" in bad.text
    assert "nearest to this agent's median" in good.text
    assert "best score" in good.text
    assert "1 call with a score, fewer than 10" in Page(site / agent_page("A03")).text


def test_what_is_left_to_people_is_counted(site: Path) -> None:
    page = Page(site / "fairness.html")
    assert "Calls heard 50" in page.text
    assert "Whole calls for a person 1" in page.text
    assert "Recordings not heard 1" in page.text
    assert "Left to a person 49.5% of 97 findings" in page.text
    assert "OPS-02" in page.text
    assert "Nobody has reviewed findings yet" in page.text


def test_the_first_page_says_what_review_has_changed(tmp_path: Path) -> None:
    calls = [heard(f"c{n}") for n in range(3)]
    judgements = [judged(call, 50.0 + n, FAIL) for n, call in enumerate(calls)]
    store = store_of(tmp_path / "out", calls, judgements)
    mark = made.review(FAIL, judgements[0], "pass")
    from pipeline.audit import score_night
    from pipeline.reviews.marks import review_table

    with store.writing():
        store.add("reviews", review_table([mark]))
        score_night(store)
    site_of(store, tmp_path / "site", Language.EN)
    assert "1 verdict overturned" in Page(tmp_path / "site" / "index.html").text
    assert "1 finding was reviewed, 1 of them overturned" in Page(tmp_path / "site" / "fairness.html").text


def test_nothing_from_outside_becomes_markup_or_a_path(tmp_path: Path) -> None:
    calls = [
        heard(f"{text}{n}", agent=text, agent_name=text, team=text, customer_name=text)
        for n, text in enumerate(HOSTILE)
    ]
    quoted = made.finding("OPS-01", "fail", quote=SCRIPT, reason=SCRIPT, confidence=0.95)
    strange = made.finding('"><script>alert(1)</script>', "fail", confidence=0.95)
    judgements = [judged(call, 50.0 + n, quoted, strange) for n, call in enumerate(calls)]
    site_of(store_of(tmp_path / "out", calls, judgements), tmp_path / "site")
    pages = pages_of(tmp_path / "site")
    assert len([name for name in pages if name.startswith("agents/")]) == len(HOSTILE)
    assert not broken_links(tmp_path / "site", pages)
    undecodable = [page.text for name, page in pages.items() if name.startswith("agents/gbk")]
    assert ["失分多，判定把握大" in text for text in undecodable] == [True]
    written = [p for p in tmp_path.rglob("*") if not p.is_relative_to(tmp_path / "out")]
    assert all(re.fullmatch(r"[\w.-]+", p.name) and len(p.name) < 80 for p in written)
    for name, page in pages.items():
        assert not page.misnested, name
        assert not page.all("img"), name
        assert all(s.get("src") or s.get("type") == "application/json" for s in page.all("script")), name
        assert "alert(1)</script>" not in page.source.replace("&lt;/script", "").replace("\\u003c", ""), name
        assert not set(page.source) & {"\x1b", "‮"}, name
        assert "49" not in {text for _, text in page.links}, name


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    store = store_of(tmp_path / "out", [], [])
    (tmp_path / "out" / "calls").mkdir(exist_ok=True)
    written = site_of(store, tmp_path / "site", Language.EN)
    page = Page(written.first_page)
    assert "callaudit run" in page.text
    assert not broken_links(
        tmp_path / "site", pages_of(tmp_path / "site"), unwritten=("review.html", "fairness.html")
    )


def test_calls_that_nobody_judged_say_what_to_do(tmp_path: Path) -> None:
    written = site_of(store_of(tmp_path / "out", [heard("c1")], []), tmp_path / "site", Language.EN)
    assert "1 call was heard, but not judged" in Page(written.first_page).text


def test_a_single_call_without_an_agent_has_its_pages(tmp_path: Path) -> None:
    call = heard("c1", agent=None, team=None, day=None)
    site_of(store_of(tmp_path / "out", [call], [judged(call, 80.0, FAIL)]), tmp_path / "site", Language.EN)
    page = Page(tmp_path / "site" / "index.html")
    assert "1 call has no known agent" in page.text
    assert "80.0 too few different scores for an interval" in page.text
    assert "Agent not known" in Page(tmp_path / "site" / agent_page(None)).text


def test_a_store_of_calls_to_review_only_has_pages(tmp_path: Path) -> None:
    calls = [heard("c1"), heard("c2", agent="A02")]
    site_of(store_of(tmp_path / "out", calls, map(to_review, calls)), tmp_path / "site", Language.EN)
    assert "Whole calls for a person 2" in Page(tmp_path / "site" / "index.html").text


def test_rulebooks_have_tabs_the_one_of_most_calls_first(tmp_path: Path) -> None:
    calls = [heard("c1"), heard("c2"), heard("c3")]
    judgements = [judged(c, 80.0, FAIL, standard="telecom-10000") for c in calls]
    judgements += [judged(calls[0], 60.0, FAIL), judged(calls[1], 70.0, FAIL, standard="my-own")]
    store = store_of(tmp_path / "out", calls, judgements)
    site_of(store, tmp_path / "site", Language.EN)
    pages = pages_of(tmp_path / "site")
    assert {"index.html", team_page(made.STANDARD, first=False), team_page("my-own", first=False)} <= set(
        pages
    )
    assert "Telecom hotline" in pages["index.html"].text
    assert "This rulebook is not at hand" in pages["glossary.html"].text
    site_of(store, tmp_path / "one", Language.EN, standards=(made.STANDARD,))
    assert "Airline-ticket" in Page(tmp_path / "one" / "index.html").text
    assert team_page("my-own", first=False) not in pages_of(tmp_path / "one")
    with pytest.raises(ConfigError, match="none-such"):
        site_of(store, tmp_path / "two", standards=("none-such",))


def test_only_the_days_asked_for_are_in_it(tmp_path: Path) -> None:
    calls = [heard("c1", day="2026-10-01"), heard("c2", day="2026-10-02"), heard("c3", day=None)]
    store = store_of(tmp_path / "out", calls, [judged(c, 80.0, FAIL) for c in calls])
    written = site_of(store, tmp_path / "site", Language.EN, first_day="2026-10-02", last_day="2026-10-31")
    assert written.days == 1
    assert "of 1 call heard" in Page(written.first_page).text


def test_an_earlier_report_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    calls = [heard("c1"), heard("c2", agent="A02")]
    store = store_of(tmp_path / "out", calls, [judged(c, 80.0, FAIL) for c in calls])
    site_of(store, tmp_path / "site")
    old = tmp_path / "site" / agent_page("A02")
    assert old.is_file()
    keep = tmp_path / "site" / "notes.txt"
    keep.write_text("mine", encoding="utf-8")
    os.utime(old, ns=(1, 1))
    fewer = store_of(tmp_path / "fewer", calls[:1], [judged(calls[0], 80.0, FAIL)])
    site_of(fewer, tmp_path / "site")
    assert not old.exists()
    assert keep.is_file()
    assert (tmp_path / "site" / agent_page("A01")).is_file()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    store = store_of(tmp_path / "out", [heard("c1")], [])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds other files"):
        site_of(store, tmp_path / "mine")
    assert (tmp_path / "mine" / "index.html").read_text(encoding="utf-8") == "mine"


def test_a_folder_without_tables_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tables"):
        site_of(Store(tmp_path / "none"), tmp_path / "site")


def test_the_same_store_makes_the_same_pages(team: Store, site: Path, tmp_path: Path) -> None:
    site_of(team, tmp_path / "again", Language.EN)
    first, again = ({n: p.source for n, p in pages_of(f).items()} for f in (site, tmp_path / "again"))
    assert first == again


def test_scorecards_out_of_date_are_added_up_anew(tmp_path: Path) -> None:
    call = heard("c1")
    store = store_of(tmp_path / "out", [call], [judged(call, 80.0, FAIL)])
    with store.writing():
        store.write_findings(DAY, made.STANDARD, [judged(call, 60.0, FAIL)])
    written = site_of(store, tmp_path / "site", Language.EN)
    assert "Mean score 60.0" in Page(written.first_page).text
    assert call_page(DAY, "c1").startswith("calls/")


@pytest.mark.parametrize("table", ["scores", "findings"])
def test_what_cannot_be_read_back_is_left_out_and_told(tmp_path: Path, table: str) -> None:
    calls = [heard("c1"), heard("c2", day="2026-10-10")]
    store = store_of(tmp_path / "out", calls, [judged(c, 80.0, FAIL) for c in calls])
    (tmp_path / "out" / table / f"call_date={DAY}" / f"part-{made.STANDARD}.parquet").write_bytes(b"x")
    written = site_of(store, tmp_path / "site", Language.EN)
    assert [f"{table}/call_date={DAY}" in why for why in written.unreadable] == [True]
    assert written.calls == 2
    assert "1 call" in Page(written.first_page).text
    assert "OPS-01" not in Page(tmp_path / "site" / call_page(DAY, "c1")).text


def test_what_is_left_of_purged_calls_is_shown(tmp_path: Path) -> None:
    calls = [heard(f"c{n}") for n in range(3)]
    store = store_of(tmp_path / "out", calls, [judged(c, 80.0 + n, FAIL) for n, c in enumerate(calls)])
    with store.writing():
        (day,) = expired_days(store, before=date(2026, 11, 1))
        purge_day(store, day)
    written = site_of(store, tmp_path / "site", Language.EN)
    assert written.calls == 0
    assert "Mean score 81.0" in Page(written.first_page).text
    assert not broken_links(tmp_path / "site", pages_of(tmp_path / "site"))


def test_listed_clips_are_of_all_calls_that_other_pages_point_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[str] = []
    monkeypatch.setattr(
        "pipeline.reports.pages.players._cut", lambda call, *_: cut.append(call.record.call_id)
    )
    calls = [heard(f"c{n}") for n in range(9)]
    judgements = [judged(c, 80.0 + n, FAIL if n < 5 else PASS) for n, c in enumerate(calls)]
    folder = tmp_path / "site"
    site_of(store_of(tmp_path / "out", calls, judgements), folder, clips=Clips.LISTED)
    others = [page for name, page in pages_of(folder).items() if not name.startswith("calls/")]
    hrefs = {Path(href.partition("#")[0]).name for page in others for href, _ in page.links}
    assert sorted(cut) == [f"c{n}" for n in range(9) if Path(call_page(DAY, f"c{n}")).name in hrefs]
    assert 0 < len(cut) < 9
