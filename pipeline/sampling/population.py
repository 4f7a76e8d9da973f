"""The findings that are drawn from."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.sampling.plans import Plan
from pipeline.store import StoreReader

KEY = ("call_date", "call_id", "standard", "rule_id")
_FINDINGS = ("call_id", "standard", "rule_id", "verdict", "confidence", "critical", "start_s", "end_s")
_HASHES = ("sha256", "rulebook_hash")
_CALLS = ("call_id", "agent_id", "agent_name", "path")
COLUMNS = ("call_date", *_FINDINGS, *_HASHES, "agent", "path")


def population(store: StoreReader, plan: Plan) -> pd.DataFrame:
    """Return the stored findings that apply and that a plan covers, a row each, in order of their keys.

    Returns
    -------
    pandas.DataFrame
        With the columns `COLUMNS`, texts as they are stored; ``agent`` is the agent's id, or name where
        there is no id, or None.

    Raises
    ------
    StoreError
        When a day cannot be read.
    """
    days = [_day(store, day, plan) for day in store.dates("findings") if plan.covers(day)]
    frame = pd.concat(days, ignore_index=True) if days else pd.DataFrame(columns=[*COLUMNS])
    return frame.sort_values([*KEY], ignore_index=True)


def _day(store: StoreReader, day: str, plan: Plan) -> pd.DataFrame:
    repeated = ("call_id", "standard", "rule_id", "verdict", *_HASHES)
    findings = store.table("findings", day, columns=(*_FINDINGS, *_HASHES), encoded=repeated)
    applies = pc.not_equal(findings["verdict"].cast(pa.string()), "not_applicable")
    if plan.standards:
        of_plan = pc.is_in(findings["standard"].cast(pa.string()), pa.array(plan.standards, pa.string()))
        applies = pc.and_(applies, of_plan)
    calls = store.table("calls", day, columns=_CALLS).to_pandas()
    calls["agent"] = calls["agent_id"].fillna(calls["agent_name"])
    rows: pd.DataFrame = findings.filter(applies).to_pandas()
    rows = rows.astype(dict.fromkeys(repeated, object))
    rows = rows.merge(calls[["call_id", "agent", "path"]], on="call_id").assign(call_date=day)
    return rows[[*COLUMNS]]
