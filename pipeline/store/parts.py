"""Reading part files, each checked against its schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.tables import HEARING_TABLES, PARTITION, SCHEMAS


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
    if table != "failures":
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


def _read(path: Path, table: str, schema: pa.Schema, groups: Sequence[int] | None) -> pa.Table:
    names = [n for n in schema.names if n != PARTITION]
    encoded = [n for n in names if pa.types.is_dictionary(schema.field(n).type)]
    # Parts are small: a data set and threads would cost more than they bring.
    with pq.ParquetFile(path, read_dictionary=encoded, page_checksum_verification=True) as file:
        _check(table, path, file.schema_arrow)
        wanted = range(file.num_row_groups) if groups is None else groups
        read = file.read_row_groups(list(wanted), columns=names, use_threads=False)
    if PARTITION in schema.names:
        day = path.parent.name.partition("=")[2]
        read = read.append_column(PARTITION, pa.array([day]).take(pa.repeat(0, len(read))))
    return pa.Table.from_arrays([read[name] for name in schema.names], schema=schema)


def _check(table: str, path: Path, found: pa.Schema) -> None:
    types = {c.name: c.type.value_type if pa.types.is_dictionary(c.type) else c.type for c in found}
    wrong = [c.name for c in SCHEMAS[table] if types.get(c.name) != c.type]
    if wrong:
        raise StoreError(
            f"{path}: columns {', '.join(wrong)} are missing or of another type than the table "
            f"'{table}' has; it was written by another version: remove the file and run again"
        )


def damage(table: str, paths: Sequence[Path], error: Exception) -> StoreError:
    """Return the error that names the first of ``paths``, parts of ``table``, that cannot be read."""
    mended = "run again to hear its calls again"
    if table not in HEARING_TABLES:
        mended = "remove it, if it is there, and run again"
    return StoreError(
        f"{_first_unreadable(paths)}: cannot be read as a part of the table '{table}' ({error}); "
        f"expected a whole Parquet file: {mended}"
    )


def _first_unreadable(paths: Sequence[Path]) -> Path:
    for path in paths:
        try:
            pq.ParquetFile(path, page_checksum_verification=True).read()
        except (pa.ArrowException, OSError):
            return path
    return paths[0].parent
