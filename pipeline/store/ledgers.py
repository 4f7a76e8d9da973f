"""Tables that are only ever added to: what people said, and what was drawn for them.

What is added at once is one part, so that it is there whole or not at all. Parts are numbered in the order of
adding and never changed, except that a purge takes the rows of purged calls out of them.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import StoreError
from pipeline.store.files import call_part, encode, hashed, parts_in, remove, write
from pipeline.store.parts import read_parts
from pipeline.tables import LEDGERS, PARTITION, unescape


def ledger_parts(out: Path, table: str) -> list[Path]:
    """Return the parts of a ledger in the order in which they were added."""
    return parts_in(out / table)


def read_ledger(out: Path, table: str, *, without: Collection[str] = ()) -> pa.Table:
    """Return all rows of a ledger in the order in which they were added.

    Parameters
    ----------
    without : collection of str
        Parts to leave out, as `damaged_ledger_parts` names them.

    Raises
    ------
    StoreError
        When a part is damaged.
    """
    return read_parts(table, [part for part in ledger_parts(out, table) if str(part) not in without])


def damaged_ledger_parts(out: Path, table: str) -> dict[str, str]:
    """Return the parts of a ledger that cannot be read, with the reason; nobody can make them anew."""
    damaged = {}
    for part in ledger_parts(out, table):
        try:
            read_parts(table, [part])
        except StoreError as error:
            damaged[str(part)] = str(error)
    return damaged


def add_part(out: Path, table: str, rows: pa.Table) -> Path:
    """Add rows to a ledger as one part; return it."""
    taken = ledger_parts(out, table)
    number = int(taken[-1].stem.removeprefix("part-")) + 1 if taken else 1
    path = out / table / f"part-{number:08d}.parquet"
    write(path, encode(rows), root=out)
    return path


def take_out(out: Path, call_date: str, parts: Collection[str] | None = None) -> None:
    """Take a day's rows out of all ledgers, or those of the calls whose part files are named so.

    A damaged part stays as it is: nobody can say whose rows it holds, and `verify` names it.
    """
    for table in LEDGERS:
        for part in ledger_parts(out, table):
            try:
                rows = read_parts(table, [part])
            except StoreError:
                continue
            gone = pc.equal(rows[PARTITION], call_date)
            if parts is not None:
                own = [call_part(unescape(call_id)) in parts for call_id in rows["call_id"].to_pylist()]
                gone = pc.and_(gone, pa.array(own, pa.bool_()))
            kept = rows.filter(pc.invert(gone))
            if not len(kept):
                remove(part)
            elif len(kept) < len(rows):
                write(part, encode(kept), root=out)


def ledger_state(rows: pa.Table, call_date: str) -> str:
    """Return what changes whenever a day's rows do; the same for a day without any."""
    own = rows.filter(pc.equal(rows[PARTITION], call_date))
    return hashed(repr(own.to_pydict())) if len(own) else ""
