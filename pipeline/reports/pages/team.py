"""The team's page of every rulebook, the first of which is the report's first page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.estimates import Estimate, Sums, mean, share
from pipeline.reports.natural import natural_key
from pipeline.reports.pages.addresses import INDEX, agent_page, one_team_page, team_page
from pipeline.reports.pages.cards import NOTHING, Card, cards
from pipeline.reports.pages.clause_course import ClauseCourses, clause_courses
from pipeline.reports.pages.clause_rates import (
    ClauseRate,
    Proof,
    beside_others,
    clause_rates,
    proofs_by_clause,
    weakest,
)
from pipeline.reports.pages.course import Course, course
from pipeline.reports.pages.figures import Figure, days_figure, paces_figure, scores_figure
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standards import Standard
from pipeline.reports.pages.standing import FEWEST_CALLS, Compared, Standing, compare
from pipeline.reports.pages.texts import Texts, texts
from pipeline.tables import DIMENSIONS, unescape

WEAKEST = 3
"""Clauses named of an agent."""

WORST = 12
"""Clauses shown of the team before the others are folded away."""

CHANCE = 0.025
"""Of agents who are like all others, the share whose interval lies above by chance alone; as many below."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """An agent or a team in a list.

    Attributes
    ----------
    name : str
        Shown.
    target : str or None
        Path of its page.
    weakest : tuple of ClauseRate
        Clauses that clearly fail more often than in other calls.
    """

    card: Card
    name: str
    compared: Compared
    target: str | None = None
    weakest: tuple[ClauseRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """The scores of one dimension."""

    name: str
    sums: Sums

    @property
    def mean(self) -> Estimate:
        """The mean score with its interval, inside 0..100."""
        return mean(self.sums, lowest=0.0, highest=100.0)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """What a team's page shows.

    Attributes
    ----------
    whole : Card
        All calls.
    critical : Estimate
        Share of the scored calls with a critical failure.
    agents : mapping of Standing to tuple of GroupRow
        By what can be said of them, in the order of their ids: they are not ranked.
    chance : float
        How many agents would lie clearly above by chance alone; as many below.
    unknown : int
        Calls whose agent is not known.
    waiting : int
        Findings that wait for a person, under all rulebooks.
    """

    standard: Standard
    whole: Card
    critical: Estimate
    dimensions: tuple[Dimension, ...]
    scores: Figure
    paces: Figure
    course: Course
    clause_courses: ClauseCourses
    days: Figure
    agents: Mapping[Standing, tuple[GroupRow, ...]]
    chance: float
    unknown: int
    teams: tuple[GroupRow, ...]
    waiting: int
    clauses: tuple[ClauseRate, ...]

    @property
    def clauses_chance(self) -> float:
        """How many clauses of an agent would clearly fail more often by chance alone."""
        return CHANCE * len(self.clauses)


def write_team_pages(site: Site, overview: Overview) -> None:
    """Write a page for each rulebook; one that says what to do when no call was judged."""
    if not site.standards:
        write_nothing(site, heard=len(overview.heard), failures=overview.failures)
    for standard in site.standards:
        page = team_page_of(standard, overview, texts(site.language))
        path = team_page(standard.name, first=site.is_first(standard.name))
        tabs = [
            (s.title_in(site.language), team_page(s.name, first=site.is_first(s.name)), s is standard)
            for s in site.standards
        ]
        site.write(
            path, "team.html.jinja", page=page, tabs=tabs, worst=WORST, fewest=FEWEST_CALLS, chance=CHANCE
        )


def write_nothing(site: Site, *, heard: int, failures: int) -> None:
    """Write a first page that says what to do when no call was judged."""
    site.write(INDEX, "nothing.html.jinja", heard=heard, failures=failures)


def team_page_of(standard: Standard, overview: Overview, t: Texts) -> TeamPage:
    """Gather what the team's page shows under one rulebook."""
    whole = next(iter(cards(overview.whole, standard.name)), NOTHING)
    judged = overview.judged[overview.judged["standard"] == standard.name]
    scored = judged[judged["score"].notna()]
    proofs = overview.proofs[overview.proofs["standard"] == standard.name]
    agents = cards(overview.agents, standard.name)
    rows = agent_rows(agents, whole, standard, proofs)
    days = cards(overview.days, standard.name)
    over_days = course(days)
    clauses = clause_rates(standard, whole.clauses, proofs_by_clause(proofs))
    band = next(iter(standard.bands), None)
    pace = band.measure if band else "gross_pace"
    known = sum(row.compared.standing is not Standing.FEW for row in rows)
    return TeamPage(
        standard=standard,
        whole=whole,
        critical=share(whole.critical, whole.scored),
        dimensions=dimensions(scored),
        scores=scores_figure(scored["score"], whole.mean, t),
        paces=paces_figure(judged[pace], band, t),
        course=over_days,
        clause_courses=clause_courses(days, over_days, clauses),
        days=days_figure(over_days, whole.mean, t),
        agents={s: tuple(r for r in rows if r.compared.standing is s) for s in Standing},
        chance=CHANCE * known,
        unknown=sum(card.calls for card in agents if card.agent is None),
        teams=team_rows(cards(overview.teams, standard.name), whole, standard, proofs),
        waiting=overview.queue.open + overview.queue.doubtful,
        clauses=clauses,
    )


def agent_rows(
    agents: Sequence[Card], whole: Card, standard: Standard, proofs: pd.DataFrame
) -> tuple[GroupRow, ...]:
    """Return the agents beside all others, in the order of their ids; calls without one are left out."""
    of = _proofs_of(proofs, "agent")
    rows = [
        _row(card, card.name or card.agent, agent_page(card.agent), whole, standard, of.get(card.agent))
        for card in agents
        if card.agent is not None
    ]
    return tuple(sorted(rows, key=lambda row: row.card.agent or ""))


def team_rows(
    teams: Sequence[Card], whole: Card, standard: Standard, proofs: pd.DataFrame
) -> tuple[GroupRow, ...]:
    """Return the teams beside all others, by name; nothing where all calls are of one team."""
    if len(teams) < 2:
        return ()
    of = _proofs_of(proofs, "team")
    rows = [
        _row(card, card.team, one_team_page(card.team), whole, standard, of.get(card.team))
        for card in teams
        if card.team is not None
    ]
    return tuple(sorted(rows, key=lambda row: natural_key(row.name)))


def _row(
    card: Card, name: str, target: str, whole: Card, standard: Standard, proofs: pd.DataFrame | None
) -> GroupRow:
    found: Mapping[str, tuple[Proof, ...]] = {} if proofs is None else proofs_by_clause(proofs, 1)
    rates = beside_others(clause_rates(standard, card.clauses, found), whole.clauses)
    return GroupRow(card, name, compare(card.score, whole.score), target, weakest(rates, WEAKEST))


def _proofs_of(proofs: pd.DataFrame, by: str) -> dict[str, pd.DataFrame]:
    return {unescape(str(key)): own for key, own in proofs.groupby(by, sort=False)}


def dimensions(scored: pd.DataFrame) -> tuple[Dimension, ...]:
    """Return the scores of calls by dimension."""
    found = []
    for name in DIMENSIONS:
        values = scored[name].dropna()
        found.append(Dimension(name, Sums(len(values), float(values.sum()), float((values**2).sum()))))
    return tuple(found)
