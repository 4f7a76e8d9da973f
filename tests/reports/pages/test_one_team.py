"""Pages of single teams: their own agents and calls, and nobody else's."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import made_calls as made
import pytest
from made_pages import Page, broken_links, pages_of
from made_sites import heard, judged, site_of, store_of

from pipeline.call import Finding
from pipeline.reports.language import Language
from pipeline.reports.pages.addresses import agent_page, call_page, one_team_page

FAIL = made.finding("OPS-01", "fail", confidence=0.95)
PASS = made.finding("OPS-01", "pass")


def written(
    folder: Path,
    teams: dict[str, str | None],
    standards: tuple[str, ...] = (made.STANDARD,),
    passed: Finding = PASS,
) -> Path:
    """A report of agents with twelve calls each; those whose id ends in 1 fail a clause."""
    calls, judgements = [], []
    for agent, team in teams.items():
        for n in range(12):
            call = heard(f"{agent}-{n}", agent=agent, team=team, day=f"2026-10-{n + 1:02}")
            bad = agent.endswith("1")
            calls.append(call)
            value = (40.0 if bad else 90.0) + n % 3
            judgements += [judged(call, value, FAIL if bad else passed, standard=name) for name in standards]
    site_of(store_of(folder / "out", calls, judgements), folder / "site", Language.EN)
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("teams"), {"A1": "一组", "A2": "一组", "B2": "二组", "B3": "二组"})


def test_a_teams_page_has_its_own_agents_calls_and_clauses(site: Path) -> None:
    page = Page(site / one_team_page("一组"))
    hrefs = {href.partition("#")[0].removeprefix("../") for href, _ in page.links}
    assert {agent_page("A1"), agent_page("A2")} <= hrefs
    assert not {agent_page("B2"), agent_page("B3")} & hrefs
    assert not [href for href in hrefs if href.startswith("calls/") and "/a" not in href]
    assert "of 24 calls heard" in page.text
    assert "Clearly below other teams" in page.text
    assert "1 clearly below the team, 1 clearly above" in page.text
    assert "12 of 24 calls (50%), clearly more" in page.text
    assert "Clearly above other teams" in Page(site / one_team_page("二组")).text


def test_teams_are_one_click_away_and_lead_back(site: Path) -> None:
    first = {href for href, _ in Page(site / "index.html").links}
    assert {one_team_page("一组"), one_team_page("二组")} <= first
    for path in (agent_page("A1"), call_page("2026-10-01", "A1-0")):
        up = "../" * path.count("/")
        assert f"{up}{one_team_page('一组')}" in {href for href, _ in Page(site / path).links}
    assert not broken_links(site, pages_of(site))


def test_teams_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    doubtful = made.finding("OPS-01", "pass", confidence=0.5)
    folder = written(tmp_path, {"A1": "三组", "A2": "一组", "B2": "二组"}, passed=doubtful)
    ordered = [one_team_page(team) for team in ("一组", "二组", "三组")]
    first = [href for href, _ in Page(folder / "index.html").links if href in ordered]
    assert first == [*ordered, *ordered]
    queue = (folder / "review.html").read_text(encoding="utf-8")
    order = re.search('data-order="(.*?)"', queue)
    assert order is not None
    assert json.loads(html.unescape(order[1])) == ["一组", "二组", "三组"]


def test_without_several_teams_there_are_no_pages_of_them(tmp_path: Path) -> None:
    folder = written(tmp_path, {"A1": "一组", "A2": "一组"})
    assert not (folder / "teams").exists()
    assert not broken_links(folder, pages_of(folder))


def test_calls_without_a_team_are_told_apart_from_the_only_one(tmp_path: Path) -> None:
    folder = written(tmp_path, {"A1": "一组", "A2": None})
    assert [path.name for path in (folder / "teams").iterdir()] == [Path(one_team_page("一组")).name]
    assert "Team 一组" in Page(folder / "index.html").text


def test_a_team_under_several_rulebooks_has_a_section_each(tmp_path: Path) -> None:
    folder = written(tmp_path, {"A1": "一组", "B2": "二组"}, ("telecom-10000", made.STANDARD))
    page = Page(folder / one_team_page("一组"))
    assert {"s-1", "s-2"} <= set(page.ids)
    assert len(page.all("h1")) == 1
    assert not page.misnested


def test_a_team_that_is_gone_loses_its_page(tmp_path: Path) -> None:
    folder = written(tmp_path, {"A1": "一组", "B2": "二组"})
    calls = [heard("C1-0", agent="C1", team="三组"), heard("C2-0", agent="C2", team="四组")]
    site_of(store_of(tmp_path / "new", calls, [judged(c, 80.0, PASS) for c in calls]), folder)
    assert {path.name for path in (folder / "teams").iterdir()} == {
        Path(one_team_page(team)).name for team in ("三组", "四组")
    }
