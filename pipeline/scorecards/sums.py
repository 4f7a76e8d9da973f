"""What a scorecard counts and sums, what follows from it, and how scorecards are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import stdtrit

from pipeline.scorecards.clauses import Clauses
from pipeline.tables import DIMENSIONS, SCHEMAS

NO_AGENT = "(no agent)"

MEASURED = {
    # measure: (sum, count of calls that have it)
    "answer_latency_median": ("answer_latency_median_sum_s", "answer_latency_calls"),
    "answer_latency_over_5s": ("answer_latency_over_5s_sum", "answer_latency_over_5s_calls"),
    "first_response": ("first_response_sum_s", "first_response_calls"),
    "talk_share": ("talk_share_sum", "talk_share_calls"),
    "hold_count": ("hold_count", "hold_count_calls"),
    "hold_time": ("hold_time_s", "hold_time_calls"),
    "interruption_count": ("interruption_count", "interruption_calls"),
}
LONGEST = "longest_wait_without_agent"
CHANGES = (
    "calls_reviewed",
    "findings_reviewed",
    "findings_overturned",
    "calls_scored_change",
    "score_change_sum",
)
"""What review adds: differences, so that cards from before there were reviews count as unchanged."""
KEYS = ("agent_id", "date", "shift_hour")
LABELS = ("agent_name", "team")

_MEANS = {
    # mean: (sum, count, factor)
    "score_mean": ("score_sum", "calls_scored", 1.0),
    **{f"{d}_mean": (f"{d}_sum", f"{d}_calls", 1.0) for d in DIMENSIONS},
    "gross_pace_chars_per_min": ("gross_pace_chars", "gross_pace_time_s", 60.0),
    "net_pace_chars_per_min": ("net_pace_chars", "net_pace_time_s", 60.0),
    "answer_latency_mean_of_medians_s": ("answer_latency_median_sum_s", "answer_latency_calls", 1.0),
    "answer_latency_over_5s_mean": ("answer_latency_over_5s_sum", "answer_latency_over_5s_calls", 1.0),
    "first_response_mean_s": ("first_response_sum_s", "first_response_calls", 1.0),
    "talk_share_mean": ("talk_share_sum", "talk_share_calls", 1.0),
    "holds_per_call": ("hold_count", "hold_count_calls", 1.0),
    "hold_time_per_call_s": ("hold_time_s", "hold_time_calls", 1.0),
    "interruptions_per_call": ("interruption_count", "interruption_calls", 1.0),
}
_SUMS = (
    "calls",
    "calls_scored",
    "calls_to_review",
    "score_sum",
    "score_sq_sum",
    "critical_failures",
    "calls_with_critical_failure",
    "findings_undetermined",
    *(f"{d}_{part}" for d in DIMENSIONS for part in ("calls", "sum")),
    *(f"{pace}_pace_{part}" for pace in ("gross", "net") for part in ("calls", "chars", "time_s")),
    *(column for pair in MEASURED.values() for column in pair),
    *CHANGES,
)
_MAXIMA = (f"{LONGEST}_s",)
_RANGE = ("date_first", "date_last")
SUMMED = (*KEYS, "standard", *LABELS, *_SUMS, *_MAXIMA)
"""Columns of the table ``scorecards`` that tell rows apart and that add up."""
_Numbers = NDArray[np.float64]
_COUNTS = frozenset(c.name for c in SCHEMAS["scorecards"] if c.type == "int64")
# Sums of squares cancel to this and less when every score is the same.
SAME_SCORE_VARIANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Cards:
    """Scorecards that can still be added up.

    Attributes
    ----------
    rows : pandas.DataFrame
        What tells them apart, counts, sums and maxima; what is missing of them is not known.
    clauses : Clauses
        Of the rows, by their place.
    """

    rows: pd.DataFrame
    clauses: Clauses

    @classmethod
    def concat(cls, parts: Sequence[Cards]) -> Cards:
        """Return scorecards put one after the other."""
        parts = [part for part in parts if len(part.rows)] or [*parts[:1]]
        if len(parts) == 1:
            return parts[0]
        rows = pd.concat([part.rows for part in parts], ignore_index=True)
        return cls(rows, Clauses.concat([p.clauses for p in parts], [len(p.rows) for p in parts]))

    def added_up(self, keys: Sequence[str]) -> Cards:
        """Add up scorecards that agree in ``keys``."""
        keys = list(keys)
        # Hours stay numbers: among objects, pandas sorts nothing where one is missing.
        hours = {k: self.rows[k].astype("Int64") for k in keys if k == "shift_hour"}
        texts = {k: nulled(self.rows[k]) for k in (*keys, *LABELS) if k in self.rows and k not in hours}
        rows = self.rows.assign(**texts, **hours)
        rows = rows.reindex(columns=[*dict.fromkeys([*keys, *LABELS, *_RANGE, *_SUMS, *_MAXIMA])])
        rows = rows.astype(dict.fromkeys((*_SUMS, *_MAXIMA), float))
        grouped = rows.groupby(keys, dropna=False)
        total = grouped[[*_SUMS]].sum().join(grouped[[*_MAXIMA]].max())
        total["date_first"], total["date_last"] = grouped["date_first"].min(), grouped["date_last"].max()
        for label in set(LABELS) - set(keys):
            latest = rows.sort_values(["date_last", label]).groupby(keys, dropna=False)
            total[label] = nulled(latest[label].last())
        return Cards(total.reset_index(), self.clauses.added_up(np.asarray(grouped.ngroup(), np.int64)))

    def finished(self, keys: Sequence[str]) -> pa.Table:
        """Compute what follows from the sums of cards that were added up by ``keys``.

        Returns
        -------
        pyarrow.Table
            The columns of the table ``scorecards`` that apply to ``keys``, and the first and last date.
        """
        total = {name: self.rows[name].to_numpy(float) for name in (*_SUMS, *_MAXIMA)}
        for mean, (part, whole, factor) in _MEANS.items():
            total[mean] = _divided(factor * total[part], total[whole])
        total["score_ci_low"], total["score_ci_high"] = _interval(total)
        total["score_after_review_mean"] = _divided(
            total["score_sum"] + total["score_change_sum"],
            total["calls_scored"] + total["calls_scored_change"],
        )
        size = len(self.rows)
        columns = {"clauses": self.clauses.lists(size), "worst_clauses": self.clauses.worst(size)}
        for field in (*(pa.field(name, pa.string()) for name in _RANGE), *SCHEMAS["scorecards"]):
            if field.name in total:
                values = total[field.name]
                known = values.astype(np.int64) if field.name in _COUNTS else values
                columns[field.name] = pa.array(known, field.type, from_pandas=True)
            elif field.name in self.rows:
                columns[field.name] = pa.array(nulled(self.rows[field.name]), field.type)
        if "agent_id" in keys:
            unnamed = pc.and_(columns["agent_name"].is_null(), columns["agent_id"].is_null())
            columns["agent_name"] = pc.if_else(unnamed, NO_AGENT, columns["agent_name"])
        return pa.table(columns)


def nulled(column: pd.Series[Any]) -> pd.Series[Any]:
    """Texts with None for every kind of missing value."""
    texts = column.astype(object)
    return texts.where(texts.notna(), None)


def _divided(part: _Numbers, whole: _Numbers) -> _Numbers:
    """Return the quotients, NaN where there is nothing to divide by."""
    quotients = np.full(len(part), np.nan)
    np.divide(part, whole, out=quotients, where=whole > 0)
    return quotients


def _interval(total: Mapping[str, _Numbers]) -> tuple[_Numbers, _Numbers]:
    """95 % interval of the mean score by Student's t over calls, inside 0..100.

    NaN for fewer than two calls, or when all scored alike: a spread that was not seen is not zero.
    """
    calls, mean = total["calls_scored"], total["score_mean"]
    n = np.where(calls >= 2, calls, np.nan)
    variance = np.maximum(total["score_sq_sum"] - total["score_sum"] ** 2 / n, 0.0) / (n - 1)
    variance = np.where(variance > SAME_SCORE_VARIANCE, variance, np.nan)
    half = stdtrit(n - 1, 0.975) * np.sqrt(variance / n)
    return np.clip(mean - half, 0.0, 100.0), np.clip(mean + half, 0.0, 100.0)
