"""Reading part files: many small ones at once, each checked against its schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.tables import PARTITION, SCHEMAS


def read_parts(table: str, paths: Sequence[Path], *, columns: Sequence[str] | None = None) -> pa.Table:
    """Read ``paths``, parts of ``table``, in that order.

    Returns
    -------
    pyarrow.Table
        The table's columns, then ``call_date`` where the table is partitioned.

    Raises
    ------
    StoreError
        When a part is missing, damaged, or not of the table's schema.
    """
    schema = SCHEMAS[table]
    if table != "failures":
        schema = schema.append(pa.field(PARTITION, pa.string()))
    if columns is not None:
        schema = pa.schema([schema.field(name) for name in columns])
    try:
        return pa.concat_tables([schema.empty_table(), *(_read(path, table, schema) for path in paths)])
    except (pa.ArrowException, OSError) as error:
        raise _damage(table, paths, error) from error


def _read(path: Path, table: str, schema: pa.Schema) -> pa.Table:
    # Parts are small: a data set and threads would cost more than they bring.
    with pq.ParquetFile(path) as file:
        _check(table, path, file.schema_arrow)
        read = file.read(columns=[n for n in schema.names if n != PARTITION], use_threads=False)
    if PARTITION in schema.names:
        day = path.parent.name.partition("=")[2]
        read = read.append_column(PARTITION, pa.array([day] * len(read), type=pa.string()))
    return pa.Table.from_arrays([read[name] for name in schema.names], schema=schema)


def _check(table: str, path: Path, found: pa.Schema) -> None:
    wrong = [
        c.name for c in SCHEMAS[table] if c.name not in found.names or found.field(c.name).type != c.type
    ]
    if wrong:
        raise StoreError(
            f"{path}: columns {', '.join(wrong)} are missing or of another type than the table "
            f"'{table}' has; it was written by another version: remove the file and run again"
        )


def _damage(table: str, paths: Sequence[Path], error: Exception) -> StoreError:
    return StoreError(
        f"{_first_unreadable(paths)}: cannot be read as a part of the table '{table}' ({error}); "
        "expected a whole Parquet file: remove it, if it is there, and run again"
    )


def _first_unreadable(paths: Sequence[Path]) -> Path:
    for path in paths:
        try:
            pq.ParquetFile(path).read()
        except (pa.ArrowException, OSError):
            return path
    return paths[0].parent
