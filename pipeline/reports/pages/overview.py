"""What is known of all calls together: scorecards added up in several ways, and a row per judged call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pipeline.reports.pages.days import DayColumns, DayReader, surest
from pipeline.reports.pages.queue import Queue, queue
from pipeline.reports.pages.reviewed_clauses import with_changes
from pipeline.reviews import Review
from pipeline.scorecards import merge

DayExecutor = Callable[[DayReader, Sequence[str]], Iterable[DayColumns]]
"""Reads days, in this process or in others, and yields what is kept of each in the order given."""


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """How many findings of a clause a person has looked at, and how many of them decided otherwise."""

    standard: str
    rule_id: str
    reviewed: int
    overturned: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of all calls together.

    Attributes
    ----------
    agents, teams, days, agent_days, team_days, agent_hours, whole : pandas.DataFrame
        Scorecards added up by agent, by team, by day and so on, as `pipeline.scorecards.merge` makes them;
        a row per group and rulebook. But for those of hours their clauses count what holds after review.
    heard, judged : pandas.DataFrame
        A row per call, and per call and rulebook (`pipeline.reports.pages.days`).
    verdicts : pandas.DataFrame
        How often a verdict was given, by ``standard``, ``rule_id`` and ``verdict``.
    proofs : pandas.DataFrame
        Calls to show for a failed clause, by ``standard``, ``rule_id`` and ``agent``, surest first.
    queue : Queue
        What waits for a person.
    failures : int
        Inputs that could not be heard.
    unreadable : tuple of str
        Why some of what is stored is in none of them.
    reviews : tuple of ReviewCount
        Marks of reviewers that hold for findings as they are now.
    """

    agents: pd.DataFrame
    teams: pd.DataFrame
    days: pd.DataFrame
    agent_days: pd.DataFrame
    team_days: pd.DataFrame
    agent_hours: pd.DataFrame
    whole: pd.DataFrame
    heard: pd.DataFrame
    judged: pd.DataFrame
    verdicts: pd.DataFrame
    proofs: pd.DataFrame
    queue: Queue
    failures: int = 0
    unreadable: tuple[str, ...] = ()
    reviews: tuple[ReviewCount, ...] = ()


def overview(
    cards: Sequence[pa.Table],
    read: Iterable[DayColumns],
    *,
    failures: int = 0,
) -> Overview:
    """Put together what was read of days.

    Parameters
    ----------
    cards : sequence of pyarrow.Table
        The scorecards of each day.
    read : iterable of DayColumns
        The days' columns; they are taken one after the other.
    failures : int
        Inputs that could not be heard.
    """
    heard, judged, verdicts, proofs, waiting, changes = [], [], [], [], [], []
    marks: list[Review] = []
    unreadable: list[str] = []
    for day in read:
        heard.append(day.heard)
        judged.append(day.judged.merge(day.heard, on="call_id"))
        verdicts.append(day.verdicts)
        proofs.append(day.proofs)
        waiting.append(day.queue)
        changes.append(day.changes)
        marks += day.marks
        unreadable += day.unreadable
    failed = _joined(proofs).sort_values(
        ["confidence", "call_date", "call_id"], ascending=[False, True, True]
    )
    changed = _joined([rows for rows in changes if len(rows)] or changes[:1])

    def added_up(*by: str) -> pd.DataFrame:
        return with_changes(merge(cards, by=by), changed, by)

    counts = _joined(verdicts).groupby(["standard", "rule_id", "verdict"])["findings"].sum()
    return Overview(
        agents=added_up("agent_id"),
        teams=added_up("team"),
        days=added_up("date"),
        agent_days=added_up("agent_id", "date"),
        team_days=added_up("team", "date"),
        agent_hours=merge(cards, by=["agent_id", "shift_hour"]),
        whole=added_up(),
        heard=_joined(heard),
        judged=_joined(judged),
        verdicts=counts.reset_index(),
        proofs=surest(failed),
        queue=queue(waiting),
        failures=failures,
        unreadable=tuple(unreadable),
        reviews=_counts(marks),
    )


def _counts(marks: Iterable[Review]) -> tuple[ReviewCount, ...]:
    """Count marks by rulebook and clause."""
    reviewed, overturned = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for mark in marks:
        reviewed[mark.standard, mark.rule_id] += 1
        overturned[mark.standard, mark.rule_id] += mark.overturns
    return tuple(ReviewCount(*key, reviewed[key], overturned[key]) for key in sorted(reviewed))


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)
