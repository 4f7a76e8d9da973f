"""Calls: whether their rows can be read, belong to them and are there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.store import StoreReader
from pipeline.store.lock import LOCK, writer_of
from pipeline.tables import HEARING_TABLES, SCHEMAS, rows_of
from pipeline.verification.parts import StoredDay
from pipeline.verification.problems import Problem, some

HEAR_AGAIN = "run the same recordings again: what is missing is heard again"
_KEY = ("call_id", "sha256", "hearing_key")
_CALL = (*_KEY, "path", "customer_path", "standards")


@dataclass(frozen=True, slots=True)
class HeardCall:
    """What the other tables must agree with.

    Attributes
    ----------
    paths : tuple of str
        The recording, or both legs.
    standards : tuple of str
        Rulebooks that the call names.
    """

    call_id: str
    sha256: str
    hearing_key: str
    paths: tuple[str, ...]
    standards: tuple[str, ...]


Calls = Mapping[str, HeardCall]


def calls_of(day: StoredDay) -> Calls:
    """Return the calls of a day that can be read, by their ids."""
    return {
        row["call_id"]: HeardCall(
            row["call_id"],
            row["sha256"],
            row["hearing_key"],
            tuple(path for path in (row["path"], row["customer_path"]) if path),
            tuple(filter(None, (row["standards"] or "").split(";"))),
        )
        for row in rows_of(day.table("calls", _CALL))
    }


def damage(day: StoredDay) -> Iterator[Problem]:
    """Name calls that cannot be read back: damaged or missing parts, rows of different hearings."""
    for name, reason in day.damaged.items():
        yield Problem(day.folder("calls") / name, f"its call cannot be read back: {reason}", HEAR_AGAIN)


def rows_and_calls(day: StoredDay, calls: Calls) -> Iterator[Problem]:
    """Name rows that agree with no call, calls without rows, and what is there twice."""
    keys = {(c.call_id, c.sha256, c.hearing_key) for c in calls.values()}
    for table in HEARING_TABLES[:-1]:
        there = set(_distinct(day.table(table, _KEY), _KEY))
        if strange := there - keys:
            seen = f"rows of {some(key[0] for key in strange)} that agree with no row of calls"
            yield Problem(day.folder(table), seen, HEAR_AGAIN)
        if table == "measurements" and (bare := keys - there):
            seen = f"no row of {some(key[0] for key in bare)}; expected the measurements of every call"
            yield Problem(day.folder(table), seen, HEAR_AGAIN)
    for table, unique in (("utterances", ("call_id", "idx")), ("calls", ("call_id",))):
        if doubled := _repeated(day.table(table, unique), unique):
            seen = f"rows of {some(key[0] for key in doubled)} are there twice"
            yield Problem(day.folder(table), seen, HEAR_AGAIN)


def elsewhere(day: StoredDay, calls: Calls, known: dict[tuple[str, str], str]) -> Iterator[Problem]:
    """Name calls that are stored on an earlier day from the same recording.

    Parameters
    ----------
    known : dict of (call id, hash) to day
        Of the days before; the calls of this one are added.
    """
    for call in calls.values():
        other = known.setdefault((call.call_id, call.sha256), day.call_date)
        if other != day.call_date:
            seen = f"call {call.call_id!r} is stored here and on {other} from the same recording"
            yield Problem(day.folder("calls"), seen, "run its recording again with its right start")


def left_over(store: StoreReader) -> Iterator[Problem]:
    """Name what a writer left that was stopped; nothing while one is at work."""
    if (writer := writer_of(store.out / LOCK)) is not None and writer.active:
        return
    for table in SCHEMAS:
        for path in sorted((store.out / table).rglob(".tmp-part-*.parquet")):
            yield Problem(path, "left by a writer that was stopped", "run again: it is cleared away")


def _distinct(rows: pa.Table, columns: Sequence[str]) -> list[tuple[str, ...]]:
    found = rows.group_by(list(columns)).aggregate([])
    return [tuple(row[name] for name in columns) for row in rows_of(found)]


def _repeated(rows: pa.Table, columns: Sequence[str]) -> list[tuple[str, ...]]:
    counted = rows.group_by(list(columns)).aggregate([([], "count_all")])
    more = counted.filter(pc.greater(counted["count_all"], 1)).select(list(columns))
    return [tuple(row[name] for name in columns) for row in rows_of(more)]
