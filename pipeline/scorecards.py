"""Scorecards: what an agent's calls add up to, per day and rulebook, so that a week is a merge of days.

A scorecard row holds counts, sums and maxima, which add up exactly over days and agents, and the means,
rates and intervals computed from them. One call is a scorecard of its own; a day is the merge of its
calls, and a week the merge of its days: there is one way of adding up. Medians do not merge, so the
median answer latency of each call is averaged and named so.

Rows of different rulebooks are never added up: their scores do not mean the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from pipeline.tables import DIMENSIONS, SCHEMAS

NO_AGENT = "(no agent)"
WORST_CLAUSES = 3

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
_MEASURED = {
    # measure: (sum, count of calls that have it)
    "answer_latency_median": ("answer_latency_median_sum_s", "answer_latency_calls"),
    "answer_latency_over_5s": ("answer_latency_over_5s_sum", "answer_latency_over_5s_calls"),
    "first_response": ("first_response_sum_s", "first_response_calls"),
    "talk_share": ("talk_share_sum", "talk_share_calls"),
    "hold_count": ("hold_count", "hold_count_calls"),
    "hold_time": ("hold_time_s", "hold_time_calls"),
    "interruption_count": ("interruption_count", "interruption_calls"),
}
_PACE = ("spoken_chars", "turn_time", "net_pace", "speech_time")
_LONGEST = "longest_wait_without_agent"
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
    *(column for pair in _MEASURED.values() for column in pair),
)
_MAXIMA = (f"{_LONGEST}_s",)
_COUNTS = frozenset(c.name for c in SCHEMAS["scorecards"] if c.type == "int64")
# Sums of squares cancel to this and less when every score is the same.
SAME_SCORE_VARIANCE = 1e-6
_CALL = ["call_date", "call_id"]
_KEYS = ("agent_id", "date", "shift_hour")
_LABELS = ("agent_name", "team")
_RANGE = ("date_first", "date_last")
_CLAUSE = ("rule_id", "decided", "failed", "example_call_id", "example_call_date")


def daily(
    calls: pd.DataFrame, measurements: pd.DataFrame, findings: pd.DataFrame, scores: pd.DataFrame
) -> pd.DataFrame:
    """Add up calls per agent, day, hour of the shift and rulebook.

    Parameters
    ----------
    calls, measurements, findings, scores : pandas.DataFrame
        Of the same days, as ``Store.frame`` reads them.

    Returns
    -------
    pandas.DataFrame
        The columns of the table ``scorecards``. Every call is in it: under each rulebook that scored
        it, or under no rulebook; an agent without an id goes by the name, without a name by none.
    """
    agents = _agents(calls)
    names: list[str] = SCHEMAS["scorecards"].names
    rows = _sums_of_calls(agents, measurements, findings, scores)
    clauses = _clauses_of_calls(agents, findings)
    return _add_up(rows, clauses, [*_KEYS, "standard"])[names]


def merge(frames: Iterable[pd.DataFrame], *, by: Sequence[str] = ("agent_id",)) -> pd.DataFrame:
    """Add up scorecards over days, and over agents where ``by`` does not tell them apart.

    Parameters
    ----------
    frames : iterable of pandas.DataFrame
        From `daily` or from `merge`; no call may be in two of them. Their order does not matter.
    by : sequence of str
        Any of ``agent_id``, ``team``, ``date`` and ``shift_hour``; rulebooks are always kept apart.

    Returns
    -------
    pandas.DataFrame
        One row per group: the columns of the table ``scorecards`` that apply to it, and
        ``date_first`` and ``date_last``. Names and teams are those of the group's last day.
    """
    keys = [*dict.fromkeys([*by, "standard"])]
    names: list[str] = SCHEMAS["scorecards"].names
    given = [_with_date_range(f) for f in frames if len(f)] or [_with_date_range(pd.DataFrame(columns=names))]
    rows = pd.concat(given, ignore_index=True)
    merged = _add_up(rows, _clauses_of_scorecards(rows), keys)
    labels = {"agent_id": ("agent_id", "agent_name", "team")}
    shown = {label for key in by for label in labels.get(key, (key,))}
    dropped = {"agent_name", "team", *_KEYS} - shown
    return merged[["date_first", "date_last", *(n for n in names if n not in dropped)]]


def _with_date_range(frame: pd.DataFrame) -> pd.DataFrame:
    if "date_first" in frame:
        return frame
    return frame.assign(date_first=frame["date"], date_last=frame["date"])


def _agents(calls: pd.DataFrame) -> pd.DataFrame:
    """Whose each call is, on which day, and how many whole hours into the shift it began."""
    agents = calls[[*_CALL, "agent_id", "agent_name", "team"]].astype(object)
    agents["agent_id"] = agents["agent_id"].where(agents["agent_id"].notna(), agents["agent_name"])
    began = pd.to_datetime(calls["started_at"], utc=True, format="ISO8601")
    shift = pd.to_datetime(calls["shift_started_at"], utc=True, format="ISO8601")
    hours = (began - shift).dt.total_seconds() // 3600
    shift_hour = hours.where(hours.between(0, 23)).astype("Int64").astype(object)
    return agents.assign(date=agents["call_date"], shift_hour=shift_hour.where(shift_hour.notna(), None))


def _sums_of_calls(
    agents: pd.DataFrame, measurements: pd.DataFrame, findings: pd.DataFrame, scores: pd.DataFrame
) -> pd.DataFrame:
    """One row of sums per call and rulebook: the scorecard of a single call."""
    undetermined = findings.loc[findings["verdict"].eq("undetermined"), [*_CALL, "standard"]].astype(object)
    left_open = (
        undetermined.groupby([*_CALL, "standard"]).size().rename("findings_undetermined").reset_index()
    )
    measured = _measured(measurements)
    rows = agents.merge(measured, how="left", on=_CALL)
    rows = rows.merge(_scored(scores), how="left", on=_CALL)
    # What was heard too badly to judge is too bad to measure.
    kept = ~rows["calls_to_review"].eq(True)
    taken = [name for name in measured.columns if name not in _CALL]
    rows[taken] = rows[taken].astype(object).where(kept)
    rows = rows.merge(left_open, how="left", on=[*_CALL, "standard"])
    return _with_date_range(rows.assign(calls=1))


def _measured(measurements: pd.DataFrame) -> pd.DataFrame:
    """Per call, the sums that come from its measurements of the agent or of the call as a whole."""
    names = [*_MEASURED, *_PACE, _LONGEST]
    wanted = measurements["name"].isin(names) & (
        measurements["role"].isna() | measurements["role"].eq("agent")
    )
    # "agent" sorts before the missing role, so a measure kept for both counts once, as the agent's.
    # Words a minute are not characters a minute.
    wanted &= ~measurements["unit"].eq("words/min")
    rows = measurements[wanted].sort_values("role").drop_duplicates([*_CALL, "name"])
    wide = rows.pivot_table(index=_CALL, columns="name", values="value", aggfunc="first", dropna=True)
    wide = wide.reindex(columns=names).astype(float)
    sums = pd.DataFrame(index=wide.index)
    for measure, (total, count) in _MEASURED.items():
        sums[total] = wide[measure]
        sums[count] = wide[measure].notna()
    paces = {
        "gross": (wide["spoken_chars"], wide["turn_time"]),
        "net": (wide["net_pace"] * wide["speech_time"] / 60.0, wide["speech_time"]),
    }
    for pace, (chars, seconds) in paces.items():
        known = chars.notna() & seconds.gt(0)
        sums[f"{pace}_pace_calls"] = known
        sums[f"{pace}_pace_chars"] = chars.where(known)
        sums[f"{pace}_pace_time_s"] = seconds.where(known)
    sums[f"{_LONGEST}_s"] = wide[_LONGEST]
    return sums.reset_index().astype(dict.fromkeys(_CALL, object))


def _scored(scores: pd.DataFrame) -> pd.DataFrame:
    sums = scores[[*_CALL, "standard"]].astype(object)
    score = scores["score"].astype(float)
    sums["calls_scored"], sums["score_sum"], sums["score_sq_sum"] = score.notna(), score, score**2
    sums["calls_to_review"] = scores["status"].eq("review")
    sums["critical_failures"] = scores["critical_failures"]
    sums["calls_with_critical_failure"] = scores["critical_failures"] > 0
    for dimension in DIMENSIONS:
        of_dimension = scores[dimension].astype(float)
        sums[f"{dimension}_calls"], sums[f"{dimension}_sum"] = of_dimension.notna(), of_dimension
    return sums


def _clauses_of_calls(agents: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """One row per decided clause and call."""
    rows = findings.loc[
        findings["verdict"].isin(("pass", "fail")), [*_CALL, "standard", "rule_id", "verdict"]
    ]
    clauses = rows.astype(object).merge(agents, how="inner", on=_CALL)
    failed = clauses["verdict"].eq("fail")
    return clauses.assign(
        decided=1,
        failed=failed.astype("int64"),
        example_call_date=clauses["call_date"].where(failed),
        example_call_id=clauses["call_id"].where(failed),
    )


def _clauses_of_scorecards(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per clause and scorecard."""
    keys = [*_KEYS, "team", "standard"]
    kept = rows.reindex(columns=keys).astype(object)
    exploded = [
        {**clause, **dict(zip(keys, identity, strict=True))}
        for identity, clauses in zip(kept.itertuples(index=False), rows["clauses"], strict=True)
        for clause in clauses
    ]
    return pd.DataFrame(exploded, columns=[*keys, *_CLAUSE])


def _add_up(rows: pd.DataFrame, clauses: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Add up scorecards that agree in ``keys``, and compute what follows from the sums."""
    rows = rows.assign(**{k: _nulled(rows[k]) for k in (*keys, "agent_name", "team") if k in rows})
    rows = rows.reindex(columns=[*dict.fromkeys([*keys, *_LABELS, *_RANGE, *_SUMS, *_MAXIMA])])
    rows = rows.astype(dict.fromkeys((*_SUMS, *_MAXIMA), float))
    grouped = rows.groupby(keys, dropna=False)
    total = grouped[[*_SUMS]].sum().join(grouped[[*_MAXIMA]].max())
    total["date_first"], total["date_last"] = grouped["date_first"].min(), grouped["date_last"].max()
    for label in set(_LABELS) - set(keys):
        latest = rows.sort_values(["date_last", label]).groupby(keys, dropna=False)
        total[label] = _nulled(latest[label].last())
    total = total.reset_index()
    if "shift_hour" in keys:
        total["shift_hour"] = total["shift_hour"].astype("Int64")
    for mean, (part, whole, factor) in _MEANS.items():
        total[mean] = factor * total[part] / total[whole].where(total[whole] > 0)
    total["score_ci_low"], total["score_ci_high"] = _interval(total)
    total = total.astype({name: "int64" for name in _SUMS if name in _COUNTS})
    listed = _listed(clauses.assign(**{k: _nulled(clauses[k]) for k in keys}), keys)
    identities = [_identity(key) for key in total[keys].itertuples(index=False)]
    total["clauses"] = pd.Series([listed.get(key, []) for key in identities], dtype=object)
    total["worst_clauses"] = pd.Series([_worst(c) for c in total["clauses"]], dtype=object)
    if "agent_id" in keys:
        total["agent_name"] = total["agent_name"].where(
            total["agent_name"].notna() | total["agent_id"].notna(), NO_AGENT
        )
    return total


def _interval(total: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """95 % interval of the mean score by Student's t over calls, inside 0..100.

    None for fewer than two calls, or when all scored alike: a spread that was not seen is not zero.
    """
    n = total["calls_scored"].where(total["calls_scored"] >= 2)
    variance = (total["score_sq_sum"] - total["score_sum"] ** 2 / n).clip(lower=0.0) / (n - 1)
    variance = variance.where(variance > SAME_SCORE_VARIANCE)
    half = stdtrit(n - 1, 0.975) * np.sqrt(variance / n)
    return (total["score_mean"] - half).clip(0.0, 100.0), (total["score_mean"] + half).clip(0.0, 100.0)


def _listed(clauses: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Clauses added up per group, by clause; the example is the group's first failing call."""
    ordered = clauses.sort_values(["example_call_date", "example_call_id"])
    grouped = ordered.groupby([*keys, "rule_id"], dropna=False)
    total = grouped[["decided", "failed"]].sum().astype("int64")
    examples = grouped[["example_call_id", "example_call_date"]].first().astype(object)
    total = total.join(examples.where(examples.notna(), None)).reset_index()
    listed: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    identities = total[keys].itertuples(index=False)
    for key, clause in zip(identities, total[[*_CLAUSE]].to_dict("records"), strict=True):
        listed.setdefault(_identity(key), []).append({str(name): value for name, value in clause.items()})
    return listed


def _worst(clauses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Clauses failed most surely: one failure in one call is not worse than nine in ten."""
    rated = [{**c, "failure_rate": c["failed"] / c["decided"]} for c in clauses if c["failed"]]
    rated.sort(key=lambda c: (-_at_least(c["failed"], c["decided"]), c["rule_id"]))
    return rated[:WORST_CLAUSES]


def _at_least(failed: int, decided: int) -> float:
    """Lower end of a rate's 95 % interval (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
    z, rate = 1.96, failed / decided
    centre = rate + z * z / (2 * decided)
    spread = z * math.sqrt(rate * (1 - rate) / decided + z * z / (4 * decided**2))
    return (centre - spread) / (1 + z * z / decided)


def _nulled(column: pd.Series[Any]) -> pd.Series[Any]:
    """Texts with None for every kind of missing value."""
    texts = column.astype(object)
    return texts.where(texts.notna(), None)


def _identity(key: Iterable[Any]) -> tuple[Any, ...]:
    """A group's key with None for what is missing: NaN is not equal to itself."""
    return tuple(None if pd.isna(part) else part for part in key)
