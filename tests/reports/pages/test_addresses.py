from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from made_sites import HOSTILE

from pipeline.reports.pages.addresses import (
    agent_page,
    call_page,
    finding_anchor,
    finding_place,
    root_of,
    slug,
    team_page,
)

PLAIN = re.compile(r"[a-z0-9.-]{10,60}")


@given(st.text(st.characters(), max_size=80) | st.sampled_from(HOSTILE))
def test_whatever_an_id_is_its_place_is_plain(identifier: str) -> None:
    assert PLAIN.fullmatch(slug(identifier))
    assert not slug(identifier).startswith((".", "-"))


@given(st.text(max_size=20), st.text(max_size=20))
def test_two_ids_never_share_a_place(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) == (one == other)


def test_ids_that_differ_in_case_or_marks_alone_have_places_of_their_own() -> None:
    assert len({slug(i) for i in ("a1", "A1", "a 1", "a-1", "a/1")}) == 5


def test_an_id_can_be_read_in_its_place() -> None:
    assert call_page("2026-10-15", "dev-005").startswith("calls/2026-10-15/dev-005-")
    assert agent_page(None) == "agents/no-agent.html"
    assert agent_page("no-agent") != agent_page(None)


def test_a_finding_has_a_place_on_the_page_of_its_call() -> None:
    place = finding_place("2026-10-15", "c1", "dinghao-380", "OPS-25")
    assert place == f"{call_page('2026-10-15', 'c1')}#{finding_anchor('dinghao-380', 'OPS-25')}"
    assert finding_anchor("mine", "OPS-25") != finding_anchor("dinghao-380", "OPS-25")
    assert re.fullmatch(r"[A-Za-z0-9.-]+", finding_anchor("../x", '"><b>'))


def test_the_first_rulebook_has_the_first_page() -> None:
    assert team_page("dinghao-380", first=True) == "index.html"
    assert team_page("dinghao-380", first=False) == "team-dinghao-380.html"


def test_the_way_back_is_as_long_as_the_way_there() -> None:
    assert [root_of(p) for p in ("index.html", "agents/a.html", "calls/d/c.html")] == ["", "../", "../../"]
