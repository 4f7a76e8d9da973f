"""Putting the calls of a day together, so that a large archive is quick to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.store.aside import keep_damaged
from pipeline.store.bundles import BUNDLE, STEM, bundle_parts, own_parts, read_tables, with_generation
from pipeline.store.days import HeardDay
from pipeline.store.files import call_part, is_day, partition, parts_in, remove, staging
from pipeline.store.parts import read_parts
from pipeline.tables import HEARING_TABLES, PARTITION, SCHEMAS, CallTables, escape, unescape

OWN_PARTS = 100
"""A day with so many calls that have parts of their own is put together; fewer are read quickly enough."""

CALLS_PER_GROUP = 250
"""Calls of a row group: enough to make opening one cheap, few enough to be held in memory as values."""


def bundle_day(out: Path, call_date: str, *, own: int = OWN_PARTS) -> bool:
    """Put a day's calls together when that is worth its time.

    A call that was heard again since is always brought in, so that its rows are stored once. A bundle whose
    commit is damaged is removed when all its calls were heard again.

    Parameters
    ----------
    own : int
        How many calls with parts of their own make it worth.

    Returns
    -------
    bool
        Whether anything was done.

    Raises
    ------
    StoreError
        When a part is damaged; nothing has changed then.
    """
    _remove_replaced(out, call_date)
    repeated = _remove_repeated(out, call_date)
    day = HeardDay(out, call_date)
    if day.bundle is not None:
        _clear(day)
    if len(day.own) < own and not day.hidden:
        return repeated
    _rewrite(day, day.ids())
    return True


def _remove_replaced(out: Path, call_date: str) -> None:
    """Remove a bundle whose commit is damaged when every call of it has parts of its own.

    The other tables' files tell which calls those are. The commit may be damaged for a moment only, so that
    it stays as long as a call could be lost with it.

    Raises
    ------
    StoreError
        When it stays.
    """
    day = HeardDay(out, call_date)
    try:
        _ = day.bundle
    except StoreError:
        names: set[str] = set()
        for table in HEARING_TABLES[:-1]:
            newest = parts_in(partition(out / table, call_date), f"{STEM}-*.parquet")[-1:]
            ids = read_parts(table, newest, columns=["call_id"])["call_id"].unique()
            names.update(call_part(unescape(call_id)) for call_id in ids.to_pylist())
            if not newest or not names <= day.own_names:
                raise
        commit = partition(out / "calls", call_date) / BUNDLE
        keep_damaged(commit, root=out)
        remove(commit)
        _clear(HeardDay(out, call_date))


def _remove_repeated(out: Path, call_date: str) -> bool:
    """Remove own parts that say what the bundle says: a writer was stopped before all of them were gone.

    To put them together once more would give the same rows in another file. Returns whether there were any.
    """
    day = HeardDay(out, call_date)
    repeated = [call_id for call_id in sorted(day.hidden) if _repeated(day, call_id)]
    if repeated:
        _remove_own(day, repeated)
    return bool(repeated)


def _repeated(day: HeardDay, call_id: str) -> bool:
    try:
        # What commits it says at once that most calls were heard again.
        if day.commit(call_id) != day.bundled_commit(call_id):
            return False
        return day.call(call_id) == day.bundled(call_id)
    except StoreError:  # hearing the call again mends it
        return False


def _remove_own(day: HeardDay, ids: Sequence[str]) -> None:
    """Remove own parts of calls, first what commits them."""
    names = [call_part(call_id) for call_id in ids]
    for table in reversed(HEARING_TABLES):
        remove(*(partition(day.out / table, day.call_date) / name for name in names))


def clear_uncommitted(out: Path) -> None:
    """Remove the parts of hearing tables that no commit names: their writer was stopped at its work."""
    for call_date in _days(out):
        calls = partition(out / "calls", call_date)
        committed = {part.name for part in parts_in(calls)}
        for table in HEARING_TABLES[:-1]:
            parts = parts_in(partition(out / table, call_date))
            bundles = [part for part in parts if part.name.startswith(f"{STEM}-")]
            # One beside a commit is that which it names, or all that is left of it.
            stale = [] if BUNDLE in committed and len(bundles) == 1 else bundles
            if BUNDLE in committed and stale:
                bundle = HeardDay(out, call_date).readable_bundle
                stale = [] if bundle is None else [part for part in stale if part != bundle.parts()[table]]
            own = [part for part in parts if part.name not in committed and part not in bundles]
            remove(*own, *stale)


def _days(out: Path) -> list[str]:
    folders = (folder for table in HEARING_TABLES[:-1] for folder in (out / table).glob(f"{PARTITION}=*"))
    return sorted({day for folder in folders if is_day(day := folder.name.partition("=")[2])})


def take_out(out: Path, call_date: str, call_id: str) -> None:
    """Remove a call from a day, first what commits it."""
    day = HeardDay(out, call_date)
    name = call_part(call_id)
    if day.readable_bundle is not None and day.readable_bundle.position(call_id) is not None:
        _rewrite(day, [i for i in day.ids() if i != call_id])
    for table in reversed(HEARING_TABLES):
        remove(partition(out / table, call_date) / name)


def write_bundle(out: Path, call_date: str, groups: Iterable[CallTables], *, generation: int = 1) -> None:
    """Write a day's bundle, in place of its older one.

    Parameters
    ----------
    groups : iterable of CallTables
        Rows of some `CALLS_PER_GROUP` calls each, in order of the calls' ids within and between them.
    generation : int
        Greater than that of the older one.
    """
    with ExitStack() as undo:
        staged = []
        with ExitStack() as files:
            writers: dict[str, pq.ParquetWriter] = {}
            for table, path in bundle_parts(out, call_date, generation).items():
                part, file = files.enter_context(staging(path, root=out))
                undo.callback(part.discard)
                staged.append(part)
                schema = SCHEMAS[table] if table != "calls" else with_generation(SCHEMAS[table], generation)
                writer = pq.ParquetWriter(
                    file, schema, compression="zstd", write_statistics=["call_id"], write_page_checksum=True
                )
                writers[table] = files.enter_context(writer)
            for group in groups:
                for table, writer in writers.items():
                    rows = getattr(group, table).select(writer.schema.names).cast(writer.schema)
                    writer.write_table(rows, row_group_size=max(1, len(rows)))
        for part in staged:
            part.commit()


def _rewrite(day: HeardDay, ids: list[str]) -> None:
    """Write a bundle of those calls of a day, and remove what it replaces."""
    older = day.bundle
    if older is not None and day.hidden:  # of the others, all was read
        for path in older.parts().values():
            keep_damaged(path, root=day.out)
    if ids:
        write_bundle(
            day.out, day.call_date, _groups(day, ids), generation=older.generation + 1 if older else 1
        )
    elif older is not None:
        for path in reversed(older.parts().values()):
            remove(path)
    _clear(HeardDay(day.out, day.call_date), put_together=day.own)


def _groups(day: HeardDay, ids: list[str]) -> Iterator[CallTables]:
    """Read the calls of a day, a row group at a time."""
    for start in range(0, len(ids), CALLS_PER_GROUP):
        wanted = ids[start : start + CALLS_PER_GROUP]
        own = [name for i in wanted if (name := call_part(i)) in day.own_names]
        tables = [read_tables(own_parts(day.out, day.call_date, own))]
        if day.bundle is not None:
            within = day.bundle.groups(wanted[0], f"{wanted[-1]}\0", hidden=day.hidden)
            tables += [day.bundle.tables(n).map(partial(_without, day.hidden)) for n in within]
        yield CallTables(
            **{
                t: _ordered(pa.concat_tables([getattr(one, t) for one in tables]), wanted)
                for t in HEARING_TABLES
            }
        )


def _without(ids: Collection[str], table: pa.Table) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["call_id"], pa.array(map(escape, ids), pa.string()))))


def _ordered(table: pa.Table, ids: list[str]) -> pa.Table:
    """Return the rows of those calls, in the calls' order and within a call as they were."""
    places = pc.index_in(table["call_id"], pa.array(map(escape, ids), pa.string()))
    there = pc.is_valid(places)
    order = np.argsort(places.filter(there).to_numpy(), kind="stable")
    return table.filter(there).take(pa.array(order))


def _clear(day: HeardDay, *, put_together: Collection[str] = ()) -> None:
    """Remove own parts of calls that are in the bundle, first what commits them, and parts of no commit."""
    remove(*(partition(day.out / "calls", day.call_date) / name for name in put_together))
    kept = {*day.own} - {*put_together}
    for table in HEARING_TABLES[:-1]:
        bundle = day.bundle.parts()[table].name if day.bundle else None
        parts = parts_in(partition(day.out / table, day.call_date))
        remove(*(part for part in parts if part.name not in kept and part.name != bundle))
