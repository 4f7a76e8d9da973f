"""Scorecards as values: what is shown of a group of calls under one rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.estimates import Estimate, Sums, mean
from pipeline.reports.pages.formats import is_absent
from pipeline.tables import DIMENSIONS, unescape

MEASURES = (
    "gross_pace_chars_per_min",
    "net_pace_chars_per_min",
    "first_response_mean_s",
    "answer_latency_mean_of_medians_s",
    "answer_latency_over_5s_mean",
    "talk_share_mean",
    "holds_per_call",
    "hold_time_per_call_s",
    "longest_wait_without_agent_s",
    "interruptions_per_call",
)
"""What is measured in calls, as the table ``scorecards`` names it, in the order it is shown."""


@dataclass(frozen=True, slots=True)
class Counted:
    """In how many calls a clause was decided, and in how many of them it failed, after review.

    Attributes
    ----------
    overturned : int
        Of its findings, those that reviewers decided otherwise than the audit.
    """

    decided: int
    failed: int
    overturned: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A group of calls under one rulebook.

    Attributes
    ----------
    agent, name, team, date, hour : str or int or None
        Those that the group is of; None where it is of all, or where it is not known.
    calls, scored, to_review : int
        Calls heard, with a score, and heard too badly for one.
    critical : int
        Calls whose score a critical failure made 0.
    undetermined : int
        Findings left to a person.
    score : Sums
        Of the calls' scores, 0..100.
    measures : tuple of float or None
        In the order of `MEASURES`.
    clauses : mapping of str to Counted
        By ``rule_id``.
    reviewed, overturned : int
        Findings that a person has looked at, and decided otherwise.
    after_review : float or None
        The mean score with what reviewers decided, 0..100.
    """

    calls: int
    scored: int
    to_review: int
    critical: int
    undetermined: int
    score: Sums
    dimensions: tuple[float | None, ...]
    measures: tuple[float | None, ...]
    agent: str | None = None
    name: str | None = None
    team: str | None = None
    date: str | None = None
    hour: int | None = None
    clauses: Mapping[str, Counted] = field(default_factory=dict)
    reviewed: int = 0
    overturned: int = 0
    after_review: float | None = None

    @property
    def mean(self) -> Estimate:
        """The mean score with its interval, inside 0..100."""
        return mean(self.score, lowest=0.0, highest=100.0)

    def measure(self, name: str) -> float | None:
        """Return one of `MEASURES`."""
        return self.measures[MEASURES.index(name)]


_READ = (
    "calls",
    "calls_scored",
    "calls_to_review",
    "calls_with_critical_failure",
    "findings_undetermined",
    "score_sum",
    "score_sq_sum",
    *(f"{d}_mean" for d in DIMENSIONS),
    *MEASURES,
    "agent_id",
    "agent_name",
    "team",
    "date",
    "shift_hour",
    "findings_reviewed",
    "findings_overturned",
    "score_after_review_mean",
    "clauses",
)

NOTHING = Card(0, 0, 0, 0, 0, Sums(), (None,) * len(DIMENSIONS), (None,) * len(MEASURES))
"""A group without calls."""


def cards(frame: pd.DataFrame, standard: str | None) -> tuple[Card, ...]:
    """Return the scorecards of one rulebook among those that `pipeline.scorecards.merge` made.

    Parameters
    ----------
    standard : str or None
        None for calls that no rulebook has judged.
    """
    wanted = frame["standard"].isna() if standard is None else frame["standard"] == standard
    rows = frame.loc[wanted, [name for name in _READ if name in frame]]
    columns = [str(name) for name in rows]
    values = [rows[name].tolist() for name in columns]
    return tuple(_card(dict(zip(columns, row, strict=True))) for row in zip(*values, strict=True))


def _card(row: Mapping[str, Any]) -> Card:
    hour = row.get("shift_hour")
    return Card(
        calls=int(row["calls"]),
        scored=int(row["calls_scored"]),
        to_review=int(row["calls_to_review"]),
        critical=int(row["calls_with_critical_failure"]),
        undetermined=int(row["findings_undetermined"]),
        score=Sums(int(row["calls_scored"]), row["score_sum"], row["score_sq_sum"]),
        dimensions=tuple(_known(row[f"{d}_mean"]) for d in DIMENSIONS),
        measures=tuple(_known(row[name]) for name in MEASURES),
        agent=_text(row.get("agent_id")),
        name=_text(row.get("agent_name")) if not is_absent(row.get("agent_id")) else None,
        team=_text(row.get("team")),
        date=_text(row.get("date")),
        hour=None if is_absent(hour) or hour is None else int(hour),
        reviewed=int(row["findings_reviewed"]),
        overturned=int(row["findings_overturned"]),
        after_review=_known(row["score_after_review_mean"]),
        clauses={
            c["rule_id"]: Counted(c["decided"], c["failed"], c.get("overturned", 0)) for c in row["clauses"]
        },
    )


def _text(value: Any) -> str | None:
    return None if is_absent(value) else unescape(str(value))


def _known(value: float) -> float | None:
    return None if is_absent(value) else float(value)
