"""A day's calls added up to scorecards, in columns: thousands of calls, and hundreds of rows of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.scorecards.clauses import Clauses
from pipeline.scorecards.sums import KEYS, LABELS, LONGEST, MEASURED, Cards
from pipeline.tables import DIMENSIONS, SCHEMAS

READ = {
    "calls": ("call_id", "agent_id", "agent_name", "team", "started_at", "shift_started_at"),
    "measurements": ("call_id", "name", "role", "value", "unit"),
    "findings": ("call_id", "standard", "rule_id", "verdict"),
    "scores": ("call_id", "standard", "score", "critical_failures", *DIMENSIONS, "status"),
}
"""The columns that are needed of each table."""

_PACE = ("spoken_chars", "turn_time", "net_pace", "speech_time")
_MEASURES = (*MEASURED, *_PACE, LONGEST)
_Numbers = NDArray[np.float64]
_Whole = NDArray[np.int64]


def daily(
    call_date: str, calls: pa.Table, measurements: pa.Table, findings: pa.Table, scores: pa.Table
) -> pa.Table:
    """Add up a day's calls per agent, hour of the shift and rulebook.

    Parameters
    ----------
    call_date : str
        The day.
    calls, measurements, findings, scores : pyarrow.Table
        Of that day, with at least the columns in `READ`; texts may be dictionary-encoded.

    Returns
    -------
    pyarrow.Table
        The table ``scorecards``. Every call is in it: under each rulebook that scored it, or under no
        rulebook; an agent without an id goes by the name, without a name by none.
    """
    scored = _found(scores["call_id"], calls["call_id"])
    scores, scored = scores.filter(pa.array(scored >= 0)), scored[scored >= 0]
    unscored = np.setdiff1d(np.arange(len(calls)), scored)
    # One row of sums per call and rulebook: the scorecard of a single call.
    call = np.concatenate([scored, unscored])
    rows = _calls(call_date, calls).iloc[call].reset_index(drop=True)
    judged = _scored(scores).reindex(range(len(call)))
    # What was heard too badly to judge is too bad to measure.
    measured = _measured(calls, measurements).iloc[call].reset_index(drop=True)
    measured.loc[judged["calls_to_review"].eq(1.0)] = np.nan
    rows = pd.concat([rows, judged, measured], axis=1)
    found, card = _cards_of_findings(calls, findings, scored, rows["standard"])
    undetermined = card[_equal(found["verdict"], "undetermined")]
    rows["findings_undetermined"] = np.bincount(undetermined, minlength=len(rows)).astype(float)
    cards = Cards(rows, _clauses(call_date, found, card)).added_up([*KEYS, "standard"])
    schema = SCHEMAS["scorecards"]
    return cards.finished([*KEYS, "standard"]).select(schema.names).cast(schema)


def _calls(call_date: str, calls: pa.Table) -> pd.DataFrame:
    """Whose each call is, and how many whole hours into the shift it began."""
    frame: pd.DataFrame = calls.select([*READ["calls"]]).to_pandas()
    agents = frame[["agent_id", *LABELS]].astype(object)
    agents["agent_id"] = agents["agent_id"].where(agents["agent_id"].notna(), agents["agent_name"])
    began = pd.to_datetime(frame["started_at"], utc=True, format="ISO8601")
    shift = pd.to_datetime(frame["shift_started_at"].astype(object), utc=True, format="ISO8601")
    hours = (began - shift).dt.total_seconds() // 3600
    shift_hour = hours.where(hours.between(0, 23)).astype("Int64").astype(object)
    days = {"date": call_date, "date_first": call_date, "date_last": call_date}
    return agents.assign(shift_hour=shift_hour.where(shift_hour.notna(), None), calls=1.0, **days)


def _scored(scores: pa.Table) -> pd.DataFrame:
    sums = pd.DataFrame({"standard": _texts(scores["standard"])})
    score = scores["score"].to_numpy()
    sums["calls_scored"], sums["score_sum"], sums["score_sq_sum"] = ~np.isnan(score), score, score**2
    sums["calls_to_review"] = _equal(scores["status"], "review")
    critical = scores["critical_failures"].to_numpy()
    sums["critical_failures"], sums["calls_with_critical_failure"] = critical, critical > 0
    for dimension in DIMENSIONS:
        value = scores[dimension].to_numpy()
        sums[f"{dimension}_calls"], sums[f"{dimension}_sum"] = ~np.isnan(value), value
    return sums.astype(dict.fromkeys(sums.columns.drop("standard"), float))


def _measured(calls: pa.Table, measurements: pa.Table) -> pd.DataFrame:
    """Per call, the sums that come from its measurements of the agent or of the call as a whole."""
    wide = dict(zip(_MEASURES, _wide(calls, measurements), strict=True))
    sums: dict[str, NDArray[Any]] = {}
    for measure, (total, count) in MEASURED.items():
        sums[total], sums[count] = wide[measure], ~np.isnan(wide[measure])
    paces = {
        "gross": (wide["spoken_chars"], wide["turn_time"]),
        "net": (wide["net_pace"] * wide["speech_time"] / 60.0, wide["speech_time"]),
    }
    for pace, (chars, seconds) in paces.items():
        known = ~np.isnan(chars) & (seconds > 0)
        sums[f"{pace}_pace_calls"] = known
        sums[f"{pace}_pace_chars"] = np.where(known, chars, np.nan)
        sums[f"{pace}_pace_time_s"] = np.where(known, seconds, np.nan)
    sums[f"{LONGEST}_s"] = wide[LONGEST]
    return pd.DataFrame(sums).astype(float)


def _wide(calls: pa.Table, measurements: pa.Table) -> _Numbers:
    """Return each measure as a row of one value per call; NaN where there is none."""
    call = _found(measurements["call_id"], calls["call_id"])
    name = _found(measurements["name"], _MEASURES)
    value = measurements["value"].to_numpy()
    # Words a minute are not characters a minute.
    wanted = (call >= 0) & (name >= 0) & ~_equal(measurements["unit"], "words/min")
    wide = np.full((len(_MEASURES), len(calls)), np.nan)
    # A measure kept for both counts once, as the agent's; of two of one kind the first counts.
    of_call, of_agent = measurements["role"].is_null().to_numpy(), _equal(measurements["role"], "agent")
    for whose in (of_call, of_agent):
        taken = np.flatnonzero(wanted & whose)[::-1]
        wide[name[taken], call[taken]] = value[taken]
    return wide


def _cards_of_findings(
    calls: pa.Table, findings: pa.Table, scored: _Whole, standards: pd.Series[Any]
) -> tuple[pa.Table, _Whole]:
    """Return the findings of judged calls, and the place of each one's row of sums."""
    names = sorted(set(standards.dropna()))
    # One column more, for rulebooks that have scored no call.
    cards = np.full((len(calls), len(names) + 1), -1)
    cards[scored, [names.index(name) for name in standards[: len(scored)]]] = np.arange(len(scored))
    call = _found(findings["call_id"], calls["call_id"])
    card = cards[call, _found(findings["standard"], names)]
    kept = (call >= 0) & (card >= 0)
    return findings.filter(pa.array(kept)), card[kept]


def _clauses(call_date: str, findings: pa.Table, card: _Whole) -> Clauses:
    failed, passed = (_equal(findings["verdict"], verdict) for verdict in ("fail", "pass"))
    decided = failed | passed
    rows = findings.select(["call_id", "rule_id"]).filter(pa.array(decided))
    ids, rules = (rows[name].cast(pa.string()).combine_chunks() for name in rows.column_names)
    dates = pa.array([call_date]).take(pa.array(np.zeros(len(rows), np.int64)))
    return Clauses.of_calls(card[decided], rules, failed[decided], dates, ids)


def _found(column: pa.ChunkedArray, values: Sequence[str] | pa.ChunkedArray) -> _Whole:
    """Return the place of each text of a column among ``values``; -1 where it is none of them."""
    if isinstance(values, pa.ChunkedArray):
        values = values.cast(pa.string()).combine_chunks()
    wanted = pa.array(values, pa.string())
    places = [np.zeros(0, np.int64)]
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            known = pc.index_in(chunk.dictionary, value_set=wanted).fill_null(-1).to_numpy()
            rows = chunk.indices.fill_null(len(known)).to_numpy()
            places.append(np.append(known, -1)[rows])
        else:
            places.append(pc.index_in(chunk, value_set=wanted).fill_null(-1).to_numpy())
    return np.concatenate(places)


def _equal(column: pa.ChunkedArray, text: str) -> NDArray[np.bool_]:
    """Return where a column holds ``text``."""
    equal: NDArray[np.bool_] = _found(column, [text]) == 0
    return equal


def _texts(column: pa.ChunkedArray) -> list[Any]:
    texts: list[Any] = column.cast(pa.string()).to_pylist()
    return texts
