"""Reading part files: many small ones at once, each checked against its schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.errors import StoreError
from pipeline.tables import PARTITION, SCHEMAS

_PARTITIONING = ds.partitioning(pa.schema([pa.field(PARTITION, pa.string())]), flavor="hive")


def read_parts(
    root: Path, table: str, paths: Sequence[Path], *, columns: Sequence[str] | None = None
) -> pa.Table:
    """Read ``paths``, parts of ``table`` in the store at ``root``, in that order.

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
    if not paths:
        empty = schema.empty_table()
        return empty if columns is None else empty.select(list(columns))
    try:
        dataset = ds.dataset(
            [str(p) for p in paths],
            schema=schema,
            format="parquet",
            partitioning=_PARTITIONING,
            partition_base_dir=str(root / table),
        )
        for fragment in dataset.get_fragments():
            _check(table, fragment)
        return dataset.to_table(columns=None if columns is None else list(columns))
    except (pa.ArrowException, OSError) as error:
        raise _damage(table, paths, error) from error


def _check(table: str, fragment: ds.ParquetFileFragment) -> None:
    found = {column.name: column.type for column in fragment.physical_schema}
    wrong = [c.name for c in SCHEMAS[table] if found.get(c.name) != c.type]
    if wrong:
        raise StoreError(
            f"{fragment.path}: columns {', '.join(wrong)} are missing or of another type than the table "
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
            ds.dataset(str(path), format="parquet").to_table()
        except (pa.ArrowException, OSError):
            return path
    return paths[0].parent
