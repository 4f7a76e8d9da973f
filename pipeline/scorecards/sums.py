"""What a scorecard counts and sums, what follows from it, and how scorecards are added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
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
)
_MAXIMA = (f"{LONGEST}_s",)
_RANGE = ("date_first", "date_last")
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
        if len(parts) == 1:
            return parts[0]
        rows = pd.concat([part.rows for part in parts], ignore_index=True)
        return cls(rows, Clauses.concat([p.clauses for p in parts], [len(p.rows) for p in parts]))

    def added_up(self, keys: Sequence[str]) -> Cards:
        """Add up scorecards that agree in ``keys``."""
        keys = list(keys)
        rows = self.rows.assign(**{k: nulled(self.rows[k]) for k in (*keys, *LABELS) if k in self.rows})
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
            The columns of the table ``scorecards`` that ``rows`` have, and ``date_first`` and ``date_last``.
        """
        total = self.rows.astype({name: "int64" for name in _SUMS if name in _COUNTS})
        if "shift_hour" in keys:
            total["shift_hour"] = total["shift_hour"].astype("Int64")
        for mean, (part, whole, factor) in _MEANS.items():
            total[mean] = factor * total[part] / total[whole].where(total[whole] > 0)
        total["score_ci_low"], total["score_ci_high"] = _interval(total)
        if "agent_id" in keys:
            known = total["agent_name"].notna() | total["agent_id"].notna()
            total["agent_name"] = total["agent_name"].where(known, NO_AGENT)
        lists = {"clauses": self.clauses.lists(len(total)), "worst_clauses": self.clauses.worst(len(total))}
        schema = SCHEMAS["scorecards"]
        fields = [*(pa.field(name, pa.string()) for name in _RANGE), *schema]
        columns = {
            field.name: lists[field.name]
            if field.name in lists
            else pa.array(total[field.name], field.type, from_pandas=True)
            for field in fields
            if field.name in lists or field.name in total
        }
        return pa.table(columns)


def nulled(column: pd.Series[Any]) -> pd.Series[Any]:
    """Texts with None for every kind of missing value."""
    texts = column.astype(object)
    return texts.where(texts.notna(), None)


def _interval(total: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """95 % interval of the mean score by Student's t over calls, inside 0..100.

    None for fewer than two calls, or when all scored alike: a spread that was not seen is not zero.
    """
    n = total["calls_scored"].where(total["calls_scored"] >= 2)
    variance = (total["score_sq_sum"] - total["score_sum"] ** 2 / n).clip(lower=0.0) / (n - 1)
    variance = variance.where(variance > SAME_SCORE_VARIANCE)
    half = stdtrit(n - 1, 0.975) * np.sqrt(variance / n)
    return (total["score_mean"] - half).clip(0.0, 100.0), (total["score_mean"] + half).clip(0.0, 100.0)
