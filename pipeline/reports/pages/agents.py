"""A page for every agent: strengths and failures beside the team, under each rulebook."""

from __future__ import annotations

from pipeline.reports.pages.addresses import agent_page
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.sections import Grouping, groups_of, section_of
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standing import FEWEST_CALLS
from pipeline.reports.pages.team import CHANCE
from pipeline.reports.pages.texts import texts

CLAUSES_OVER_TIME = 8
"""Clauses shown over time where fewer clearly change."""


def write_agent_pages(site: Site, overview: Overview) -> None:
    """Write a page for each agent with judged calls, and one for calls whose agent is not known."""
    t = texts(site.language)
    grouping = Grouping("agent", overview.agents, overview.agent_days, overview.agent_hours)
    wholes = [groups_of(standard, overview, grouping) for standard in site.standards]
    for agent in dict.fromkeys(agent for whole in wholes for agent in whole.cards):
        sections = tuple(s for whole in wholes if (s := section_of(agent, whole, t)) is not None)
        named = [s.own for s in sections if s.own.name] or [sections[0].own]
        # Names and teams are those of the last day.
        latest = named[-1]
        site.write(
            agent_page(agent),
            "agent.html.jinja",
            name=t("no_agent") if agent is None else latest.name or agent,
            agent=agent,
            team=latest.team,
            sections=sections,
            fewest=FEWEST_CALLS,
            chance=CHANCE,
            over_time=CLAUSES_OVER_TIME,
        )
