"""Removing what is stored of calls that are too old, day by day; recordings are never touched.

The commits of a day's calls go first, so that after a crash at any moment readers see a call whole or not at
all, and the next purge finds what is left. Everything here must be done inside ``with store.writing():``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import StoreError
from pipeline.store.aside import DAMAGED, is_damaged
from pipeline.store.bundles import Bundle
from pipeline.store.bundling import write_bundle
from pipeline.store.days import HeardDay
from pipeline.store.files import call_part, encode, hashed, partition, parts_in, remove, standard_part
from pipeline.store.judged import JudgedPart, ScoredDay
from pipeline.store.ledgers import take_out as take_out_of_ledgers
from pipeline.store.parts import read_parts
from pipeline.store.writing import Store
from pipeline.tables import HEARING_TABLES, PARTITION, SCHEMAS, CallTables, Row, escape, rows_of, unescape

KEPT = "kept"
"""In place of the state that scorecards were made from: their calls were purged, they stay."""

UNDATED = "unknown"
"""The day of calls without a start."""

_JUDGED = ("findings", "scores")
# Of single calls, and made from those tables and the reviews.
_OF_CALLS = (*_JUDGED, "reviewed_scores")
_COMMITTED = ("call_id", "path")


@dataclass(frozen=True, slots=True)
class PurgedDay:
    """What was removed of a day, or would be.

    Attributes
    ----------
    calls : int
        How many; of a damaged day those that can still be counted.
    call_ids, paths : frozenset of str
        Of those calls, as far as they can be read.
    unread : frozenset of str
        Names of the parts of calls whose commit cannot be read.
    """

    call_date: str
    calls: int
    call_ids: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


def expired_days(store: Store, before: date, *, scorecards: bool = False) -> Iterator[PurgedDay]:
    """Yield what is stored of days before a date, and of calls without a start that are older than it.

    A call without a start is as old as its recording, or, where that is gone or cannot be told, as the part
    it is stored in.

    Parameters
    ----------
    store : Store
    before : date
    scorecards : bool
        Whether scorecards are to go as well.
    """
    tables = (*HEARING_TABLES, *_OF_CALLS, *(("scorecards",) if scorecards else ()))
    roots = [*(store.out / table for table in tables), *(store.out / DAMAGED / table for table in SCHEMAS)]
    folders = {f.name.partition("=")[2] for root in roots for f in root.glob(f"{PARTITION}=*")}
    for call_date in sorted(folders - {UNDATED}):
        if call_date < before.isoformat():
            rows = _committed(store, call_date)
            yield PurgedDay(
                call_date,
                HeardDay(store.out, call_date).count(),
                frozenset(row["call_id"] for row in rows),
                frozenset(row["path"] for row in rows),
                _unread(store, call_date),
            )
    unread = _unread(store, UNDATED)
    folder = partition(store.out / "calls", UNDATED)
    unread = frozenset(name for name in unread if _written_on(folder / name) < before)
    old = [row for row in _committed(store, UNDATED) if _stored_on(store, row) < before]
    if old or unread:
        ids, paths = (frozenset(row[name] for row in old) for name in _COMMITTED)
        yield PurgedDay(UNDATED, len(old) + len(unread), ids, paths, unread)


def purge_day(store: Store, day: PurgedDay, *, scorecards: bool = False) -> None:
    """Remove what `expired_days` has found of a day, with what reviewers wrote of its calls.

    Scorecards of a dated day are kept unless they are to go: sums per agent, from which the calls that they
    name as examples are taken out. Damaged ones go. Of calls without a start, damaged findings and scores go
    whole: those of the calls that stay are made again by judging.

    Raises
    ------
    StoreError
        When calls without a start that stay would have to be written anew and are damaged.
    """
    if day.call_date == UNDATED:
        _take_out(store, day)
        return
    if scorecards:
        _remove_all(store.out / "scorecards", day.call_date)
    else:
        _keep_scorecards(store, day.call_date)
    # Before the calls: what was written of a call is gone when it is, wherever a crash comes between.
    take_out_of_ledgers(store.out, day.call_date)
    for table in (*reversed(HEARING_TABLES), *_OF_CALLS):
        _remove_all(store.out / table, day.call_date)
    for table in SCHEMAS:
        _remove_all(store.out / DAMAGED / table, day.call_date)


def purge_failures(store: Store, before: date, paths: Collection[str], *, dry_run: bool = False) -> int:
    """Forget the failures of those recordings, and those noted before a date; return how many they are.

    A failure has no day of its own: what counts is when it was first noted. Damaged parts of failures that
    were set aside go by the same rule, and are not counted.
    """
    gone = {hashed(path) for path in paths}
    noted, aside = (
        [part for part in parts_in(folder) if part.name.split("-")[1] in gone or _written_on(part) < before]
        for folder in (store.out / "failures", store.out / DAMAGED / "failures")
    )
    if not dry_run:
        remove(*noted)
        remove(*aside)
    return len(noted)


def _committed(store: Store, call_date: str) -> list[Row]:
    """Return id and path of a day's calls; of a damaged day those that can be read."""
    # Rows that are damaged in other tables are no reason to pass a call over.
    try:
        rows = store.table("calls", call_date, columns=_COMMITTED, without=_unread(store, call_date))
    except StoreError:
        rows = store.table("calls", call_date, columns=_COMMITTED, without=store.damaged(call_date))
    return list(rows_of(rows))


def _unread(store: Store, call_date: str) -> frozenset[str]:
    """Return the names of the parts of single calls whose commit cannot be read."""
    day = HeardDay(store.out, call_date)
    folder = partition(store.out / "calls", call_date)
    try:
        read_parts("calls", [folder / name for name in day.own], columns=_COMMITTED)
    except StoreError:
        return frozenset(name for name in day.own if is_damaged(folder / name))
    return frozenset()


def _remove_all(table: Path, call_date: str) -> None:
    """Remove a day of a table with everything in its folder, also what is no part."""
    folder = partition(table, call_date)
    if folder.is_dir():
        remove(*(path for path in folder.iterdir() if path.is_file()))


def _keep_scorecards(store: Store, call_date: str) -> None:
    known = store.scored(call_date)
    if known is not None and known[0] == KEPT:
        return
    part = partition(store.out / "scorecards", call_date) / "part-0.parquet"
    try:
        cards = read_parts("scorecards", [part] if part.exists() else []).drop_columns([PARTITION])
    except StoreError:  # nobody could add them up again, and they name calls
        remove(part)
        return
    for name in ("clauses", "worst_clauses"):
        cards = cards.set_column(
            cards.schema.get_field_index(name), cards.schema.field(name), _without_examples(cards[name])
        )
    store.write_scorecards(ScoredDay.of(call_date, cards.cast(SCHEMAS["scorecards"]), inputs=KEPT))


def _without_examples(lists: pa.ChunkedArray) -> pa.Array:
    """Return clauses without the calls that they name."""
    kind = lists.type
    values = [
        [{**clause, "example_call_id": None, "example_call_date": None} for clause in clauses]
        for clauses in lists.to_pylist()
    ]
    return pa.array(values, kind)


def _stored_on(store: Store, row: Row) -> date:
    """Return the day a recording is of, or, without it, the day its call was written."""
    folder = partition(store.out / "calls", UNDATED)
    own = folder / call_part(row["call_id"])
    for path in (Path(row["path"]), own, folder / "part-day.parquet"):
        if path.exists():
            return _written_on(path)
    return date.today()


def _written_on(path: Path) -> date:
    return date.fromtimestamp(path.stat().st_mtime)


def _take_out(store: Store, purged: PurgedDay) -> None:
    """Remove calls without a start from their day, the others stay."""
    day = HeardDay(store.out, UNDATED)
    gone = purged.unread | {call_part(i) for i in purged.call_ids}
    take_out_of_ledgers(store.out, UNDATED, gone)
    _remove_all(store.out / "reviewed_scores", UNDATED)
    if day.bundle is not None and (bundled := {i for i in day.bundle.ids if call_part(i) in gone}):
        _write_without(day.bundle, bundled)
    for table in reversed(HEARING_TABLES):
        remove(*(partition(store.out / table, UNDATED) / name for name in gone))
    for standard in store.standards(UNDATED):
        store.write_judged(UNDATED, _judged_without(store, standard, gone))
    # Removes the files of the bundle that was replaced.
    store.bundle(UNDATED)
    for table in SCHEMAS:  # what was set aside says of no call that it is young
        _remove_all(store.out / DAMAGED / table, UNDATED)


def _judged_without(store: Store, standard: str, gone: Collection[str]) -> JudgedPart:
    try:
        findings, scores = (_judged_rows(store, table, standard, gone) for table in _JUDGED)
    except StoreError:
        return JudgedPart(standard, 0)
    return JudgedPart(standard, len(scores), encode(findings), encode(scores))


def _judged_rows(store: Store, table: str, standard: str, gone: Collection[str]) -> pa.Table:
    part = partition(store.out / table, UNDATED) / standard_part(standard)
    rows = read_parts(table, [part] if part.exists() else [])
    ids = [i for i in rows["call_id"].unique().to_pylist() if call_part(unescape(i)) not in gone]
    return rows.filter(pc.is_in(rows["call_id"], pa.array(ids, pa.string()))).drop_columns([PARTITION])


def _write_without(bundle: Bundle, call_ids: Collection[str]) -> None:
    groups = [n for n in range(len(bundle.bounds) - 1) if not set(bundle.ids_of(n)) <= set(call_ids)]
    if not groups:
        for path in reversed(bundle.parts().values()):
            remove(path)
        return
    gone = pa.array(map(escape, call_ids), pa.string())

    def kept(table: pa.Table) -> pa.Table:
        return table.filter(pc.invert(pc.is_in(table["call_id"], gone)))

    def tables() -> Iterator[CallTables]:
        for group in groups:
            yield bundle.tables(group).map(kept)

    write_bundle(bundle.out, bundle.call_date, tables(), generation=bundle.generation + 1)
