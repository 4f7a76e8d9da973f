"""Whether the figures are fair: what they rest on, what was left open, what comparing alike would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.call import Verdict
from pipeline.estimates import Estimate, Sums, mean_difference, share
from pipeline.reports.pages.addresses import agent_page, fairness_page
from pipeline.reports.pages.cards import NOTHING, Card, cards
from pipeline.reports.pages.figures import Figure, hours_figure
from pipeline.reports.pages.overview import Overview, ReviewCount
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standards import Clause, Standard
from pipeline.reports.pages.standing import FEWEST_CALLS, Standing, compare, hour_mix, standing
from pipeline.reports.pages.texts import Texts, texts

WORST = 12
"""Clauses shown before the others are folded away."""

_HEARD_WELL = 0.9
_HOUR_EFFECT = 1.0


@dataclass(frozen=True, slots=True)
class OpenClause:
    """How often a clause that applied was left open, 0..1."""

    clause: Clause
    open: int
    applied: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class OverturnedClause:
    """How often reviewers came to another verdict, 0..1."""

    clause: Clause
    overturned: int
    reviewed: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class MovedAgent:
    """An agent whose hours of the shift matter.

    Attributes
    ----------
    effect : float
        How much higher the others' mean is at the hours the agent worked [points].
    before, after : Standing
        What can be said beside all others without and with regard to it.
    """

    name: str
    target: str
    effect: float
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Hearing:
    """How well calls were heard, 0..1.

    Attributes
    ----------
    low, middle : float or None
        A tenth of the calls was heard worse than this, and half of them than that.
    well : Estimate
        Share of the calls heard with a quality of 0.9 and more.
    difference : Estimate
        How much higher the mean score of the better heard half is than that of the other [points].
    """

    low: float | None
    middle: float | None
    well: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True)
class FairnessPage:
    """What the page shows under one rulebook.

    Attributes
    ----------
    heard, elsewhere, unscored, failures : int
        Calls of the period; of these judged under other rulebooks only, or none; judged and without a
        decided clause; and inputs that could not be heard.
    undetermined : Estimate
        Share of the findings that applied and were left to a person.
    reviewed, overturned : int
        Findings that a person has looked at, and decided otherwise.
    """

    standard: Standard
    whole: Card
    heard: int
    elsewhere: int
    unscored: int
    failures: int
    undetermined: Estimate
    applied: int
    hearing: Hearing
    open_clauses: tuple[OpenClause, ...]
    reviewed: int
    overturned: int
    reviews: tuple[OverturnedClause, ...]
    hours: Figure
    moved: tuple[MovedAgent, ...]
    compared: int
    for_a_person: tuple[Clause, ...]
    not_observable: tuple[Clause, ...]


def write_fairness_pages(site: Site, overview: Overview) -> None:
    """Write a page for each rulebook."""
    for standard in site.standards:
        tabs = [
            (s.title_in(site.language), fairness_page(s.name, first=site.is_first(s.name)), s is standard)
            for s in site.standards
        ]
        site.write(
            fairness_page(standard.name, first=site.is_first(standard.name)),
            "fairness.html.jinja",
            page=fairness_page_of(standard, overview, texts(site.language)),
            tabs=tabs,
            worst=WORST,
            fewest=FEWEST_CALLS,
        )


def fairness_page_of(standard: Standard, overview: Overview, t: Texts) -> FairnessPage:
    """Gather what the page shows under one rulebook."""
    whole = next(iter(cards(overview.whole, standard.name)), NOTHING)
    judged = overview.judged[overview.judged["standard"] == standard.name]
    verdicts = _verdicts(overview.verdicts, standard.name)
    hours = _by_hour(cards(overview.agent_hours, standard.name))
    agents = [card for card in cards(overview.agents, standard.name) if card.agent is not None]
    applied = sum(_applied(counts) for counts in verdicts.values())
    left_open = sum(counts.get(Verdict.UNDETERMINED, 0) for counts in verdicts.values())
    marks = [mark for mark in overview.reviews if mark.standard == standard.name]
    return FairnessPage(
        standard=standard,
        whole=whole,
        heard=len(overview.heard),
        elsewhere=len(overview.heard) - len(judged),
        unscored=whole.calls - whole.scored - whole.to_review,
        failures=overview.failures,
        undetermined=share(left_open, applied),
        applied=applied,
        hearing=_hearing(judged),
        open_clauses=_open_clauses(standard, verdicts),
        reviewed=sum(mark.reviewed for mark in marks),
        overturned=sum(mark.overturned for mark in marks),
        reviews=_overturned(standard, marks),
        hours=hours_figure(tuple(hours.values()), whole.mean, t),
        moved=_moved(overview, standard.name, agents, whole, tuple(hours.values())),
        compared=sum(compare(c.score, whole.score).standing is not Standing.FEW for c in agents),
        for_a_person=tuple(c for c in standard.clauses.values() if c.for_a_person),
        not_observable=tuple(standard.clauses[rule_id] for rule_id in standard.not_observable),
    )


def _verdicts(rows: pd.DataFrame, standard: str) -> dict[str, dict[str, int]]:
    """Return how often each verdict was given, by clause."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows[rows["standard"] == standard].to_dict("records"):
        counts.setdefault(row["rule_id"], {})[row["verdict"]] = int(row["findings"])
    return counts


def _applied(counts: Mapping[str, int]) -> int:
    return sum(counts.values()) - counts.get(Verdict.NOT_APPLICABLE, 0)


def _open_clauses(standard: Standard, verdicts: Mapping[str, Mapping[str, int]]) -> tuple[OpenClause, ...]:
    """Return the clauses that were left open, those left open most surely first."""
    found = []
    for rule_id, counts in verdicts.items():
        left_open = counts.get(Verdict.UNDETERMINED, 0)
        applied = _applied(counts)
        clause = standard.clause(rule_id)
        # Those that only find moments for a person are open by their nature; they are listed of their own.
        if left_open and not clause.for_a_person:
            found.append(OpenClause(clause, left_open, applied, share(left_open, applied)))
    return tuple(sorted(found, key=lambda c: (-(c.rate.low or 0.0), c.clause.rule_id)))


def _overturned(standard: Standard, marks: list[ReviewCount]) -> tuple[OverturnedClause, ...]:
    found = [
        OverturnedClause(
            standard.clause(m.rule_id), m.overturned, m.reviewed, share(m.overturned, m.reviewed)
        )
        for m in marks
    ]
    return tuple(sorted(found, key=lambda c: (-(c.rate.low or 0.0), -c.reviewed, c.clause.rule_id)))


def _hearing(judged: pd.DataFrame) -> Hearing:
    quality = judged["hearing_quality"].to_numpy(float)
    scored = judged[judged["score"].notna()]
    if not len(quality):
        return Hearing(None, None, share(0, 0), Estimate(None))
    middle = float(judged["hearing_quality"].median())
    better = scored["hearing_quality"] >= middle
    return Hearing(
        float(judged["hearing_quality"].quantile(0.1)),
        middle,
        share(int((quality >= _HEARD_WELL).sum()), len(quality)),
        mean_difference(_sums(scored.loc[better, "score"]), _sums(scored.loc[~better, "score"])),
    )


def _sums(values: pd.Series[float]) -> Sums:
    return Sums(len(values), float(values.sum()), float((values**2).sum()))


def _by_hour(found: tuple[Card, ...]) -> dict[int | None, Card]:
    """Add up scorecards of agents and hours to those of hours; only counts and scores are kept."""
    hours: dict[int | None, Card] = {}
    for card in found:
        before = hours.get(card.hour)
        scored = card.scored + (before.scored if before else 0)
        score = card.score + before.score if before else card.score
        hours[card.hour] = Card(
            scored, scored, 0, 0, 0, score, NOTHING.dimensions, NOTHING.measures, hour=card.hour
        )
    return hours


def _moved(
    overview: Overview, standard: str, agents: list[Card], whole: Card, hours: tuple[Card, ...]
) -> tuple[MovedAgent, ...]:
    """Return the agents of whom something else can be said once the hours they worked are regarded."""
    by_agent: dict[str | None, list[Card]] = {}
    for card in cards(overview.agent_hours, standard):
        by_agent.setdefault(card.agent, []).append(card)
    found = []
    for card in agents:
        mix = hour_mix(by_agent.get(card.agent, []), hours)
        before = compare(card.score, whole.score)
        if mix.effect is None or before.difference.low is None or before.standing is Standing.FEW:
            continue
        alike = before.difference.less(mix.effect)
        after = standing(alike, card.scored)
        if after is not before.standing or abs(mix.effect) >= _HOUR_EFFECT:
            target = agent_page(card.agent)
            found.append(
                MovedAgent(card.name or card.agent or "", target, mix.effect, before.standing, after)
            )
    return tuple(sorted(found, key=lambda a: -abs(a.effect)))
