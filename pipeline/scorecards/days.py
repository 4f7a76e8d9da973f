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
from pipeline.scorecards.sums import CHANGES, KEYS, LABELS, LONGEST, MEASURED, Cards
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
# Hours of a shift are 0 to 23; this stands for none.
_NO_HOUR = 24
_VERDICTS = ("fail", "pass", "undetermined")
_Numbers = NDArray[np.float64]
_Whole = NDArray[np.int64]


def daily(
    call_date: str,
    calls: pa.Table,
    measurements: pa.Table,
    findings: pa.Table,
    scores: pa.Table,
    *,
    reviewed: pa.Table | None = None,
) -> pa.Table:
    """Add up a day's calls per agent, hour of the shift and rulebook.

    Parameters
    ----------
    call_date : str
        The day.
    calls, measurements, findings, scores : pyarrow.Table
        Of that day, with at least the columns in `READ`; texts may be dictionary-encoded.
    reviewed : pyarrow.Table or None
        The day's rows of ``reviewed_scores``.

    Returns
    -------
    pyarrow.Table
        The table ``scorecards``. Every call is in it: under each rulebook that scored it, or under no
        rulebook; an agent without an id goes by the name, without a name by none.
    """
    scored = _found(scores["call_id"], calls["call_id"])
    scores, scored = scores.filter(pa.array(scored >= 0)), scored[scored >= 0]
    standard, standards = _sorted(scores["standard"])
    # One line per call and rulebook, or per call that none has judged: the sums are taken over lines.
    unscored = np.setdiff1d(np.arange(len(calls)), scored)
    call = np.concatenate([scored, unscored])
    under = np.concatenate([standard, np.full(len(unscored), len(standards))])
    keys, group = _groups(calls, call, under, standards)
    # One row more than there are calls: -1, a call that is not there, leads to it.
    lines = np.full((len(calls) + 1, len(standards) + 1), -1)
    lines[scored, standard] = np.arange(len(scored))

    judged = _scored(scores, len(call))
    left_open, clauses = _verdicts(call_date, calls, findings, lines, standards, group)
    # What was heard too badly to judge is too bad to measure.
    measured = _measured(calls, measurements, call, judged["calls_to_review"] == 0)
    changed = _changed(calls, reviewed, lines, standards, len(call))
    sums = {"calls": np.ones(len(call)), **judged, **changed, "findings_undetermined": left_open, **measured}
    longest = sums.pop(f"{LONGEST}_s")
    columns: dict[str, NDArray[Any]] = {
        name: np.bincount(group, np.nan_to_num(sums[name]), len(keys)) for name in sums
    }
    columns[f"{LONGEST}_s"] = _maxima(longest, group, len(keys))
    dates = dict.fromkeys(("date", "date_first", "date_last"), call_date)
    rows = pd.concat([keys, pd.DataFrame(dates, index=keys.index), pd.DataFrame(columns)], axis="columns")
    schema = SCHEMAS["scorecards"]
    by = [*KEYS, "standard"]
    return Cards(rows, clauses).finished(by).select(schema.names).cast(schema)


def _groups(
    calls: pa.Table, call: _Whole, standard: _Whole, standards: Sequence[str]
) -> tuple[pd.DataFrame, _Whole]:
    """Return what tells scorecards apart, one row each, and which of them each line belongs to."""
    ids, names = (calls[name].cast(pa.string()) for name in ("agent_id", "agent_name"))
    agent, agents = _sorted(pc.coalesce(ids, names))
    shape = (len(agents) + 1, _NO_HOUR + 1, len(standards) + 1)
    codes = np.ravel_multi_index((agent[call], _shift_hours(calls)[call], standard), shape)
    rows, group = np.unique(codes, return_inverse=True)
    known = {"agent_id": agents, "shift_hour": range(_NO_HOUR), "standard": standards}
    keys = {
        name: [[*values, None][code] for code in place.tolist()]
        for (name, values), place in zip(known.items(), np.unravel_index(rows, shape), strict=True)
    }
    for label in LABELS:
        code, texts = _sorted(calls[label])
        last = np.full(len(rows), -1)
        np.maximum.at(last, group, np.where(code < len(texts), code, -1)[call])
        keys[label] = [[*texts, None][place] for place in last.tolist()]
    return pd.DataFrame(keys, dtype=object), group


def _shift_hours(calls: pa.Table) -> _Whole:
    """Return how many whole hours into the shift each call began; `_NO_HOUR` where it is not known."""
    code, texts = _sorted(calls["shift_started_at"])
    shifts = pd.to_datetime(pd.Series([*texts, None]), utc=True, format="ISO8601")
    began = pd.to_datetime(calls["started_at"].to_pandas(), utc=True)
    hours = (began - shifts.iloc[code].reset_index(drop=True)).dt.total_seconds() // 3600
    whole: _Whole = hours.where(hours.between(0, 23), _NO_HOUR).to_numpy().astype(np.int64)
    return whole


def _scored(scores: pa.Table, lines: int) -> dict[str, _Numbers]:
    """Return, per line, what comes from its score; 0 on the last lines, which have none."""
    score, critical = scores["score"].to_numpy(), scores["critical_failures"].to_numpy()
    sums = {
        "calls_scored": ~np.isnan(score),
        "score_sum": score,
        "score_sq_sum": score**2,
        "calls_to_review": _found(scores["status"], ["review"]) == 0,
        "critical_failures": critical,
        "calls_with_critical_failure": critical > 0,
    }
    for dimension in DIMENSIONS:
        value = scores[dimension].to_numpy()
        sums[f"{dimension}_calls"], sums[f"{dimension}_sum"] = ~np.isnan(value), value
    return {name: np.pad(value.astype(float), (0, lines - len(scores))) for name, value in sums.items()}


def _changed(
    calls: pa.Table, reviewed: pa.Table | None, lines: _Whole, standards: Sequence[str], size: int
) -> dict[str, _Numbers]:
    """Return, per line, what review changes; 0 for calls that nobody reviewed."""
    sums = {name: np.zeros(size) for name in CHANGES}
    if reviewed is None:
        return sums
    call = _found(reviewed["call_id"], calls["call_id"])
    line = lines[call, _found(reviewed["standard"], standards)]
    there = np.flatnonzero(line >= 0)
    before, after = (reviewed[name].to_numpy()[there] for name in ("score", "score_after_review"))
    values = {
        "calls_reviewed": np.ones(len(there)),
        "findings_reviewed": reviewed["findings_reviewed"].to_numpy()[there],
        "findings_overturned": reviewed["findings_overturned"].to_numpy()[there],
        "calls_scored_change": (~np.isnan(after)).astype(float) - ~np.isnan(before),
        "score_change_sum": np.nan_to_num(after) - np.nan_to_num(before),
    }
    for name, total in sums.items():
        total[line[there]] = values[name]
    return sums


def _measured(
    calls: pa.Table, measurements: pa.Table, call: _Whole, kept: NDArray[np.bool_]
) -> dict[str, _Numbers]:
    """Return, per line that is kept, what comes from measurements of the agent or of the call as a whole."""
    wide = np.where(kept, _wide(calls, measurements)[:, call], np.nan)
    value = dict(zip(_MEASURES, wide, strict=True))
    sums: dict[str, NDArray[Any]] = {}
    for measure, (total, count) in MEASURED.items():
        sums[total], sums[count] = value[measure], ~np.isnan(value[measure])
    paces = {
        "gross": (value["spoken_chars"], value["turn_time"]),
        "net": (value["net_pace"] * value["speech_time"] / 60.0, value["speech_time"]),
    }
    for pace, (chars, seconds) in paces.items():
        known = ~np.isnan(chars) & (seconds > 0)
        sums[f"{pace}_pace_calls"] = known
        sums[f"{pace}_pace_chars"] = np.where(known, chars, np.nan)
        sums[f"{pace}_pace_time_s"] = np.where(known, seconds, np.nan)
    sums[f"{LONGEST}_s"] = value[LONGEST]
    return {name: column.astype(float) for name, column in sums.items()}


def _wide(calls: pa.Table, measurements: pa.Table) -> _Numbers:
    """Return each measure as a row of one value per call; NaN where there is none."""
    call, name = _found(measurements["call_id"], calls["call_id"]), _found(measurements["name"], _MEASURES)
    value = measurements["value"].to_numpy()
    # Words a minute are not characters a minute.
    wanted = (call >= 0) & (name >= 0) & (_found(measurements["unit"], ["words/min"]) < 0)
    wide = np.full((len(_MEASURES), len(calls)), np.nan)
    # A measure kept for both counts once, as the agent's; of two of one kind the first counts.
    of_agent = _found(measurements["role"], ["agent"]) == 0
    for whose in (measurements["role"].is_null().to_numpy(), of_agent):
        taken = np.flatnonzero(wanted & whose)[::-1]
        wide[name[taken], call[taken]] = value[taken]
    return wide


def _verdicts(
    call_date: str,
    calls: pa.Table,
    findings: pa.Table,
    lines: _Whole,
    standards: Sequence[str],
    group: _Whole,
) -> tuple[_Numbers, Clauses]:
    """Return, per line, the clauses left open, and per group how often each was decided and failed."""
    verdict = _found(findings["verdict"], _VERDICTS)
    call = _found(findings["call_id"], calls["call_id"])
    line = lines[call, _found(findings["standard"], standards)]
    left_open = np.bincount(line[(verdict == 2) & (line >= 0)], minlength=len(group)).astype(float)
    # One code per group and clause.
    rules = sorted({*pc.unique(findings["rule_id"].cast(pa.string())).to_pylist()})
    decided = (line >= 0) & ((verdict == 0) | (verdict == 1))
    entry = group[line[decided]] * len(rules) + _found(findings["rule_id"], rules)[decided]
    failed = verdict[decided] == 0
    size = len(rules) * (int(group.max()) + 1) if len(group) else 0
    times = np.bincount(entry, minlength=size)
    used = np.flatnonzero(times)
    ids = calls["call_id"].cast(pa.string()).combine_chunks()
    order = pc.sort_indices(ids).to_numpy().astype(np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    first = np.full(size, len(order))
    np.minimum.at(first, entry[failed], rank[call[decided][failed]])
    none = first[used] == len(order)
    return left_open, Clauses(
        card=used // max(1, len(rules)),
        rule_id=pa.array(rules, pa.string()).take(pa.array(used % max(1, len(rules)))),
        decided=times[used],
        failed=np.bincount(entry[failed], minlength=size)[used],
        example_date=pa.array([call_date]).take(pa.array(np.zeros(len(used), np.int64), mask=none)),
        example_id=ids.take(pa.array(np.append(order, 0)[first[used]], mask=none)),
    )


def _maxima(values: _Numbers, group: _Whole, groups: int) -> _Numbers:
    maxima = np.full(groups, np.nan)
    np.fmax.at(maxima, group, values)
    return maxima


def _sorted(column: pa.ChunkedArray) -> tuple[_Whole, list[str]]:
    """Return the different texts of a column, sorted, and the place of each row's; their number for none."""
    texts = sorted(pc.unique(column.cast(pa.string())).drop_null().to_pylist())
    places = _found(column, texts)
    return np.where(places < 0, len(texts), places), texts


def _found(column: pa.ChunkedArray, values: Sequence[str] | pa.ChunkedArray) -> _Whole:
    """Return the place of each text of a column among ``values``; -1 where it is none of them."""
    if isinstance(values, pa.ChunkedArray):
        values = values.cast(pa.string()).combine_chunks()
    wanted = pa.array(values, pa.string())
    if not pa.types.is_dictionary(column.type):
        found: _Whole = pc.index_in(column, value_set=wanted).fill_null(-1).to_numpy().astype(np.int64)
        return found
    # All dictionaries are looked up at once: to make ready for looking up takes longer than to do it.
    dictionaries = pa.chunked_array([chunk.dictionary for chunk in column.chunks], pa.string())
    known = pc.index_in(dictionaries, value_set=wanted).fill_null(-1).to_numpy().astype(np.int64)
    places, row, first = np.full(len(column), -1), 0, 0
    for chunk in column.chunks:
        some = known[first : first + len(chunk.dictionary)]
        if chunk.null_count:
            there = np.flatnonzero(chunk.is_valid().to_numpy(zero_copy_only=False))
            places[row + there] = some[chunk.indices.drop_null().to_numpy()]
        elif len(chunk):
            places[row : row + len(chunk)] = some[chunk.indices.to_numpy()]
        row, first = row + len(chunk), first + len(chunk.dictionary)
    return places
