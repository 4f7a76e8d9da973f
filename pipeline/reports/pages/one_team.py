"""A page for each of several teams: its own agents, score and clauses, without those of all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.reports.natural import natural_key
from pipeline.reports.pages.addresses import one_team_page
from pipeline.reports.pages.cards import NOTHING, cards
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.sections import Grouping, Section, groups_of, section_of
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standards import Standard
from pipeline.reports.pages.standing import FEWEST_CALLS, Standing
from pipeline.reports.pages.team import CHANCE, WORST, GroupRow, agent_rows
from pipeline.reports.pages.texts import texts


@dataclass(frozen=True, slots=True)
class TeamSection:
    """A team's calls under one rulebook.

    Attributes
    ----------
    section : Section
        The team beside all others.
    agents : mapping of Standing to tuple of GroupRow
        Its agents, each beside all other calls of the report, in the order of their ids.
    """

    section: Section
    agents: Mapping[Standing, tuple[GroupRow, ...]]


def teams_of(overview: Overview, standards: tuple[Standard, ...]) -> tuple[str, ...]:
    """Return the teams that have pages, by name; none where all calls are of one team, or of none."""
    found = {card.team for standard in standards for card in cards(overview.teams, standard.name)}
    named = [team for team in found if team is not None]
    return tuple(sorted(named, key=natural_key)) if len(found) > 1 else ()


def write_one_team_pages(site: Site, overview: Overview) -> None:
    """Write a page for each team."""
    if not site.teams:
        return
    t = texts(site.language)
    grouping = Grouping("team", overview.teams, overview.team_days)
    wholes = [groups_of(standard, overview, grouping) for standard in site.standards]
    agents = [_agents_by_team(standard, overview) for standard in site.standards]
    for team in site.teams:
        sections = [
            TeamSection(section, {s: tuple(r for r in rows if r.compared.standing is s) for s in Standing})
            for whole, by_team in zip(wholes, agents, strict=True)
            if (section := section_of(team, whole, t)) is not None
            for rows in [by_team.get(team, [])]
        ]
        site.write(
            one_team_page(team),
            "one_team.html.jinja",
            name=team,
            sections=sections,
            fewest=FEWEST_CALLS,
            chance=CHANCE,
            worst=WORST,
        )


def _agents_by_team(standard: Standard, overview: Overview) -> dict[str, list[GroupRow]]:
    """Return the agents of each team, that of their last day."""
    whole = next(iter(cards(overview.whole, standard.name)), NOTHING)
    proofs = overview.proofs[overview.proofs["standard"] == standard.name]
    by_team: dict[str, list[GroupRow]] = {}
    for row in agent_rows(cards(overview.agents, standard.name), whole, standard, proofs):
        if row.card.team is not None:
            by_team.setdefault(row.card.team, []).append(row)
    return by_team
