"""A page for every agent: strengths and failures beside the team, under each rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.estimates import Estimate, share
from pipeline.reports.pages.addresses import agent_page
from pipeline.reports.pages.cards import NOTHING, Card, Counted, cards
from pipeline.reports.pages.clause_rates import ClauseRate, beside_others, clause_rates, proofs_by_clause
from pipeline.reports.pages.course import Course, course
from pipeline.reports.pages.figures import Figure, days_figure, hours_figure
from pipeline.reports.pages.listening import Suggestion, suggestions
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standards import Standard
from pipeline.reports.pages.standing import FEWEST_CALLS, Compared, Standing, compare
from pipeline.reports.pages.team import CHANCE, Dimension, dimensions
from pipeline.reports.pages.texts import Texts, texts
from pipeline.tables import unescape


@dataclass(frozen=True, slots=True)
class AgentSection:
    """An agent's calls under one rulebook.

    Attributes
    ----------
    own, team : Card
        The agent's calls, and all.
    own_dimensions, team_dimensions : tuple of Dimension
    weaker, stronger, others : tuple of ClauseRate
        Clauses that fail clearly more often than in all other calls, clearly less often, and all others.
    kept : tuple of ClauseRate
        Of the others, those that never failed in as many calls as are needed to say something.
    listening : tuple of Suggestion
    """

    standard: Standard
    own: Card
    team: Card
    compared: Compared
    critical: Estimate
    own_dimensions: tuple[Dimension, ...]
    team_dimensions: tuple[Dimension, ...]
    course: Course
    days: Figure
    hours: Figure
    weaker: tuple[ClauseRate, ...]
    stronger: tuple[ClauseRate, ...]
    kept: tuple[ClauseRate, ...]
    others: tuple[ClauseRate, ...]
    listening: tuple[Suggestion, ...]

    @property
    def compared_clauses(self) -> int:
        """Clauses of which enough calls were decided to compare them."""
        rates = (*self.weaker, *self.stronger, *self.kept, *self.others)
        return sum(rate.standing is not Standing.FEW for rate in rates)

    @property
    def chance(self) -> float:
        """How many of them would clearly fail more often by chance alone."""
        return CHANCE * self.compared_clauses


@dataclass(frozen=True, slots=True)
class _Whole:
    """What all agents are compared with under one rulebook, worked out once."""

    standard: Standard
    card: Card
    dimensions: tuple[Dimension, ...]
    agents: Mapping[str | None, Card]
    days: Mapping[str | None, list[Card]]
    hours: Mapping[str | None, list[Card]]
    judged: Mapping[str | None, pd.DataFrame]
    proofs: Mapping[str | None, pd.DataFrame]
    no_judged: pd.DataFrame
    no_proofs: pd.DataFrame


def write_agent_pages(site: Site, overview: Overview) -> None:
    """Write a page for each agent with judged calls, and one for calls whose agent is not known."""
    t = texts(site.language)
    wholes = [_whole(standard, overview) for standard in site.standards]
    for agent in dict.fromkeys(agent for whole in wholes for agent in whole.agents):
        sections = tuple(section for whole in wholes for section in _sections(agent, whole, t))
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
        )


def _whole(standard: Standard, overview: Overview) -> _Whole:
    judged = overview.judged[overview.judged["standard"] == standard.name]
    proofs = overview.proofs[overview.proofs["standard"] == standard.name]
    return _Whole(
        standard=standard,
        card=next(iter(cards(overview.whole, standard.name)), NOTHING),
        dimensions=dimensions(judged[judged["score"].notna()]),
        agents={card.agent: card for card in cards(overview.agents, standard.name)},
        days=_by_agent(cards(overview.agent_days, standard.name)),
        hours=_by_agent(cards(overview.agent_hours, standard.name)),
        judged=_split(judged),
        proofs=_split(proofs),
        no_judged=judged.iloc[:0],
        no_proofs=proofs.iloc[:0],
    )


def _sections(agent: str | None, whole: _Whole, t: Texts) -> Iterator[AgentSection]:
    own = whole.agents.get(agent)
    if own is None:
        return
    judged = whole.judged.get(agent, whole.no_judged)
    proofs = whole.proofs.get(agent, whole.no_proofs)
    over_days = course(whole.days.get(agent, []))
    rates = clause_rates(whole.standard, own.clauses, proofs_by_clause(proofs))
    parted = _parted(beside_others(rates, whole.card.clauses))
    yield AgentSection(
        standard=whole.standard,
        own=own,
        team=whole.card,
        compared=compare(own.score, whole.card.score),
        critical=share(own.critical, own.scored),
        own_dimensions=dimensions(judged[judged["score"].notna()]),
        team_dimensions=whole.dimensions,
        course=over_days,
        days=days_figure(over_days, own.mean, t),
        hours=hours_figure(whole.hours.get(agent, []), own.mean, t),
        weaker=parted[0],
        stronger=parted[1],
        kept=parted[2],
        others=parted[3],
        listening=suggestions(judged, proofs),
    )


def _parted(rates: Sequence[ClauseRate]) -> tuple[tuple[ClauseRate, ...], ...]:
    """Part clauses into weaker, stronger, kept and others."""
    weaker = tuple(r for r in rates if r.standing is Standing.ABOVE)
    stronger = tuple(r for r in rates if r.standing is Standing.BELOW)
    rest = [r for r in rates if r.standing not in (Standing.ABOVE, Standing.BELOW)]
    kept = tuple(r for r in rest if _never_failed(r.counted))
    return weaker, stronger, kept, tuple(r for r in rest if not _never_failed(r.counted))


def _never_failed(counted: Counted) -> bool:
    return counted.failed == 0 and counted.decided >= FEWEST_CALLS


def _by_agent(found: Sequence[Card]) -> dict[str | None, list[Card]]:
    by_agent: dict[str | None, list[Card]] = {}
    for card in found:
        by_agent.setdefault(card.agent, []).append(card)
    return by_agent


def _split(frame: pd.DataFrame) -> dict[str | None, pd.DataFrame]:
    groups = frame.groupby("agent", dropna=False, sort=False)
    return {(unescape(agent) if isinstance(agent, str) else None): rows for agent, rows in groups}
