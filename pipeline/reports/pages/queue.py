"""What waits for a person: verdicts left open, and those the checks are least sure of.

A month of many agents leaves tens of thousands open, most under a few clauses. So clauses take turns: the
first of each, then the second of each, and so on; in a turn critical clauses come first, then those worth
most. Of one clause, open verdicts come before doubtful ones, then the less sure, then the newer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.call import Verdict
from pipeline.reviews import Review
from pipeline.store import StoreReader
from pipeline.tables import escape

SHOWN = 400
"""Findings that the page lists."""
DOUBTFUL_BELOW = 0.7
"""A verdict of which the check is less sure than this is worth a second look."""

# Of a clause, as many a day as could ever be listed if it were alone in the month.
_KEPT = 40
_COLUMNS = (
    *("call_id", "standard", "rule_id", "verdict", "confidence", "points", "critical", "reason"),
    *("sha256", "rulebook_hash"),
)
_CLAUSE = ["standard", "rule_id"]
_ORDER = ["open", "confidence", "call_date", "call_id"]
_ASCENDING = [False, True, False, True]


@dataclass(frozen=True, slots=True)
class DayQueue:
    """What waits of a day.

    Attributes
    ----------
    rows : pandas.DataFrame
        The first of every clause.
    open, doubtful : int
        How many there are in all.
    """

    rows: pd.DataFrame
    open: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits of all days.

    Attributes
    ----------
    rows : pandas.DataFrame
        At most `SHOWN`, the most urgent first.
    open, doubtful : int
        How many there are in all.
    """

    rows: pd.DataFrame
    open: int
    doubtful: int

    @property
    def left(self) -> int:
        """How many are not listed."""
        return self.open + self.doubtful - len(self.rows)


def day_queue(
    store: StoreReader,
    call_date: str,
    standards: Collection[str],
    calls: pd.DataFrame,
    marks: Iterable[Review] = (),
) -> DayQueue:
    """Read what waits of a day.

    Parameters
    ----------
    standards : collection of str
        Rulebooks that are wanted; findings under others are not read.
    calls : pandas.DataFrame
        Calls that can be shown, with ``call_id``, ``agent``, ``agent_name`` and ``team``.
    marks : iterable of Review
        The day's marks that hold: what they are on waits no more.
    """
    encoded = ["standard", "rule_id", "verdict", "rulebook_hash"]
    others = {*store.standards(call_date)} - {*standards}
    table = store.table("findings", call_date, columns=_COLUMNS, encoded=encoded, without_standards=others)
    found = table.filter(_waiting(table)).to_pandas()
    found = found.astype(dict.fromkeys((*encoded, "call_id"), str))
    found["call_id"] = found["call_id"].astype(object)
    found = found[found["standard"].isin(standards) & found["call_id"].isin(calls["call_id"])]
    done = {(escape(mark.call_id), mark.standard, mark.rule_id) for mark in marks}
    if done:
        keys = found[["call_id", "standard", "rule_id"]]
        left = [key not in done for key in keys.itertuples(index=False, name=None)]
        found = found[pd.Series(left, index=found.index, dtype=bool)]
    found = found.assign(call_date=call_date, open=found["verdict"] == Verdict.UNDETERMINED.value)
    first = _sorted(found).groupby(_CLAUSE).head(_KEPT)
    agents = calls[["call_id", "agent", "agent_name", "team"]]
    opened = int(found["open"].sum())
    return DayQueue(first.merge(agents, on="call_id", how="left"), opened, len(found) - opened)


def queue(days: Sequence[DayQueue]) -> Queue:
    """Put the days together and let clauses take turns."""
    rows = [day.rows for day in days if len(day.rows)]
    if not rows:
        return Queue(pd.DataFrame(columns=[*_COLUMNS, "call_date", "agent", "agent_name", "team"]), 0, 0)
    every = _sorted(pd.concat(rows, ignore_index=True))
    every["turn"] = every.groupby(_CLAUSE).cumcount()
    every = every.sort_values(
        ["turn", "critical", "points", "standard", "rule_id"], ascending=[True, False, False, True, True]
    )
    return Queue(
        every.head(SHOWN).reset_index(drop=True), sum(d.open for d in days), sum(d.doubtful for d in days)
    )


def _waiting(table: pa.Table) -> pa.ChunkedArray:
    verdict = table["verdict"].cast(pa.string())
    decided = pc.is_in(verdict, pa.array([Verdict.PASS.value, Verdict.FAIL.value]))
    doubtful = pc.and_(decided, pc.less(table["confidence"], DOUBTFUL_BELOW))
    return pc.or_(pc.equal(verdict, Verdict.UNDETERMINED.value), doubtful)


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(_ORDER, ascending=_ASCENDING)
