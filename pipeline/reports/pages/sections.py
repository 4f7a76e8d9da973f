"""What pages say of a group of calls beside all others under one rulebook: an agent's, or a team's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.estimates import Estimate, share
from pipeline.reports.pages.cards import NOTHING, Card, Counted, cards
from pipeline.reports.pages.clause_course import ClauseCourses, clause_courses
from pipeline.reports.pages.clause_rates import ClauseRate, beside_others, clause_rates, proofs_by_clause
from pipeline.reports.pages.course import Course, course
from pipeline.reports.pages.figures import Figure, days_figure, hours_figure
from pipeline.reports.pages.listening import Suggestion, suggestions
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.standards import Standard
from pipeline.reports.pages.standing import FEWEST_CALLS, Compared, Standing, compare
from pipeline.reports.pages.team import CHANCE, Dimension, dimensions
from pipeline.reports.pages.texts import Texts
from pipeline.tables import unescape


@dataclass(frozen=True, slots=True)
class Section:
    """A group's calls under one rulebook.

    Attributes
    ----------
    own, team : Card
        The group's calls, and all.
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
    clause_courses: ClauseCourses
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
class Grouping:
    """How calls are grouped.

    Attributes
    ----------
    by : str
        ``"agent"`` or ``"team"``, as cards and frames name it.
    groups, days : pandas.DataFrame
        Scorecards by group, and by group and day.
    hours : pandas.DataFrame or None
        By group and hour of the shift.
    """

    by: str
    groups: pd.DataFrame
    days: pd.DataFrame
    hours: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups under one rulebook and what they are compared with, worked out once."""

    standard: Standard
    whole: Card
    dimensions: tuple[Dimension, ...]
    cards: Mapping[str | None, Card]
    days: Mapping[str | None, list[Card]]
    hours: Mapping[str | None, list[Card]]
    judged: Mapping[str | None, pd.DataFrame]
    proofs: Mapping[str | None, pd.DataFrame]
    no_judged: pd.DataFrame
    no_proofs: pd.DataFrame


def groups_of(standard: Standard, overview: Overview, grouping: Grouping) -> Groups:
    """Gather what pages say of groups under one rulebook."""
    judged = overview.judged[overview.judged["standard"] == standard.name]
    proofs = overview.proofs[overview.proofs["standard"] == standard.name]
    by = grouping.by
    hours = () if grouping.hours is None else cards(grouping.hours, standard.name)
    return Groups(
        standard=standard,
        whole=next(iter(cards(overview.whole, standard.name)), NOTHING),
        dimensions=dimensions(judged[judged["score"].notna()]),
        cards={_key(card, by): card for card in cards(grouping.groups, standard.name)},
        days=_by_key(cards(grouping.days, standard.name), by),
        hours=_by_key(hours, by),
        judged=_split(judged, by),
        proofs=_split(proofs, by),
        no_judged=judged.iloc[:0],
        no_proofs=proofs.iloc[:0],
    )


def section_of(key: str | None, groups: Groups, t: Texts) -> Section | None:
    """Return what is said of one group; None where it has no calls under the rulebook."""
    own = groups.cards.get(key)
    if own is None:
        return None
    judged = groups.judged.get(key, groups.no_judged)
    proofs = groups.proofs.get(key, groups.no_proofs)
    days = groups.days.get(key, [])
    over_days = course(days)
    rates = clause_rates(groups.standard, own.clauses, proofs_by_clause(proofs))
    weaker, stronger, kept, others = _parted(beside_others(rates, groups.whole.clauses))
    return Section(
        standard=groups.standard,
        own=own,
        team=groups.whole,
        compared=compare(own.score, groups.whole.score),
        critical=share(own.critical, own.scored),
        own_dimensions=dimensions(judged[judged["score"].notna()]),
        team_dimensions=groups.dimensions,
        course=over_days,
        clause_courses=clause_courses(days, over_days, rates),
        days=days_figure(over_days, own.mean, t),
        hours=hours_figure(groups.hours.get(key, []), own.mean, t),
        weaker=weaker,
        stronger=stronger,
        kept=kept,
        others=others,
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


def _key(card: Card, by: str) -> str | None:
    return card.agent if by == "agent" else card.team


def _by_key(found: Sequence[Card], by: str) -> dict[str | None, list[Card]]:
    by_key: dict[str | None, list[Card]] = {}
    for card in found:
        by_key.setdefault(_key(card, by), []).append(card)
    return by_key


def _split(frame: pd.DataFrame, by: str) -> dict[str | None, pd.DataFrame]:
    groups = frame.groupby(by, dropna=False, sort=False)
    return {(unescape(key) if isinstance(key, str) else None): rows for key, rows in groups}
