"""Reading part files, each checked against its schema."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.places import readable
from pipeline.tables import ADDED_LATER, HEARING_TABLES, LEDGERS, PARTITION, SCHEMAS, UNPARTITIONED, escape


def read_parts(
    table: str,
    paths: Sequence[Path],
    *,
    columns: Sequence[str] | None = None,
    encoded: Sequence[str] = (),
    groups: Sequence[int] | None = None,
) -> pa.Table:
    """Read ``paths``, parts of ``table``, in that order.

    Parameters
    ----------
    columns : sequence of str or None
        Which; None for all, then with ``call_date`` last where the table is partitioned.
    encoded : sequence of str
        Columns to leave dictionary-encoded: a text that many rows share is then read once.
    groups : sequence of int or None
        Row groups to read of each part; None for all.

    Raises
    ------
    StoreError
        When a part is missing, damaged, or not of the table's schema.
    """
    schema = SCHEMAS[table]
    if table not in UNPARTITIONED:
        schema = schema.append(pa.field(PARTITION, pa.string()))
    schema = pa.schema(
        [
            schema.field(n).with_type(pa.dictionary(pa.int32(), pa.string()))
            if n in encoded
            else schema.field(n)
            for n in (schema.names if columns is None else columns)
        ]
    )
    try:
        return pa.concat_tables(
            [schema.empty_table(), *(_read(path, table, schema, groups) for path in paths)]
        )
    except (pa.ArrowException, OSError) as error:
        raise damage(table, paths, error) from error


def read_calls(table: str, paths: Sequence[Path], call_ids: Collection[str]) -> pa.Table:
    """Read the rows of some calls, a row group at a time: a large day is not held in memory for a few.

    Raises
    ------
    StoreError
        As `read_parts`.
    """
    wanted = pa.array(map(escape, sorted(call_ids)), pa.string())
    found = [read_parts(table, ())]
    for path in paths:
        try:
            with pq.ParquetFile(readable(path)) as file:
                groups = range(file.num_row_groups)
        except (pa.ArrowException, OSError) as error:
            raise damage(table, [path], error) from error
        for group in groups:
            rows = read_parts(table, [path], groups=[group])
            found.append(rows.filter(pc.is_in(rows["call_id"], wanted)))
    return pa.concat_tables(found)


def _read(path: Path, table: str, schema: pa.Schema, groups: Sequence[int] | None) -> pa.Table:
    by_day = PARTITION in schema.names and table not in UNPARTITIONED
    names = [n for n in schema.names if n != PARTITION or not by_day]
    encoded = [n for n in names if pa.types.is_dictionary(schema.field(n).type)]
    # Parts are small: a data set and threads would cost more than they bring.
    with pq.ParquetFile(readable(path), read_dictionary=encoded, page_checksum_verification=True) as file:
        found = file.schema_arrow
        _check(table, path, found)
        wanted = range(file.num_row_groups) if groups is None else groups
        there = [n for n in names if n in found.names]
        read = file.read_row_groups(list(wanted), columns=there, use_threads=False)
    for name in set(names) - set(there):
        field = schema.field(name)
        nothing = pa.scalar(None if field.nullable else 0, field.type)
        read = read.append_column(field, pa.repeat(nothing, len(read)))
    if by_day:
        day = path.parent.name.partition("=")[2]
        read = read.append_column(PARTITION, pa.array([day]).take(pa.repeat(0, len(read))))
    return pa.Table.from_arrays([read[name] for name in schema.names], schema=schema)


def _check(table: str, path: Path, found: pa.Schema) -> None:
    types = {c.name: c.type.value_type if pa.types.is_dictionary(c.type) else c.type for c in found}
    lacking = {c.name for c in SCHEMAS[table] if ADDED_LATER in c.metadata} - types.keys()
    wrong = [c.name for c in SCHEMAS[table] if c.name not in lacking and types.get(c.name) != c.type]
    if wrong:
        raise StoreError(
            f"{path}: columns {', '.join(wrong)} are missing or of another type than the table "
            f"'{table}' has; it was written by another version: remove the file and run again"
        )


def damage(table: str, paths: Sequence[Path], error: Exception) -> StoreError:
    """Return the error that names the first of ``paths``, parts of ``table``, that cannot be read."""
    mended = "remove it, if it is there, and run again"
    if table in HEARING_TABLES:
        mended = "run again to hear its calls again"
    elif table in LEDGERS:
        mended = "bring it back from a backup, or remove it and import or draw again what it held"
    return StoreError(
        f"{_first_unreadable(paths)}: cannot be read as a part of the table '{table}' ({error}); "
        f"expected a whole Parquet file: {mended}"
    )


def _first_unreadable(paths: Sequence[Path]) -> Path:
    for path in paths:
        try:
            pq.ParquetFile(readable(path), page_checksum_verification=True).read()
        except (pa.ArrowException, OSError):
            return path
    return paths[0].parent
