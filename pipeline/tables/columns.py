r"""Columns of a table from values, and values from columns.

Optional texts are null when absent; an empty one is stored as null too, so that no column has two
ways of saying "nothing". Lone surrogates, which is how Python shows the undecodable bytes of a file
name, cannot be stored as UTF-8: they are written ``\udcXX`` and come back as they were.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.call import Role
from pipeline.errors import StoreError
from pipeline.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = dict[str, Any]

# A backslash that would read as an escape is itself escaped, which makes the way back unambiguous.
_TO_ESCAPE = re.compile(r"[\ud800-\udfff]|\\(?=u(?:005c|d[89a-f][0-9a-f]{2}))")
_ESCAPED = re.compile(r"\\u(005c|d[89a-f][0-9a-f]{2})")


def table_of(name: str, rows: Sequence[Row]) -> pa.Table:
    """Return ``rows`` as the table ``name``.

    Raises
    ------
    StoreError
        When a value does not fit its column: NaN, nothing where something is required, another type.
    """
    return table_of_columns(name, {column: [row[column] for row in rows] for column in SCHEMAS[name].names})


def table_of_columns(
    name: str,
    columns: Mapping[str, Sequence[Any]],
    *,
    groups: Mapping[str, Sequence[Any]] = MappingProxyType({}),
    counts: Sequence[int] = (),
) -> pa.Table:
    """Return columns of values as the table ``name``.

    Parameters
    ----------
    columns : mapping of str to sequence
        The value of every row.
    groups : mapping of str to sequence
        Columns of which whole groups of rows share a value: one value per group.
    counts : sequence of int
        Rows of each group.

    Raises
    ------
    StoreError
        As `table_of`.
    """
    schema = SCHEMAS[name]
    rows = np.repeat(np.arange(len(counts)), counts)
    arrays = [
        _array(name, field, list(groups[field.name])).take(pa.array(rows))
        if field.name in groups
        else _array(name, field, list(columns[field.name]))
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def rows_of(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of ``table`` by column name, texts as they were before storing."""
    columns = [values_of(column) for column in table.columns]
    return (dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True))


def values_of(column: pa.ChunkedArray, decode: Callable[[Any], Any] | None = None) -> list[Any]:
    """Return the values of a column, texts as they were before storing, None for what is missing.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Plain or dictionary-encoded.
    decode : callable or None
        What is made of a value; called once for all rows of a chunk that hold the same.
    """
    if decode is None and not pa.types.is_dictionary(column.type):
        return _unescaped(column)
    values: list[Any] = []
    for chunk in column.chunks:
        encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        known = _unescaped(encoded.dictionary)
        known = [*(known if decode is None else map(decode, known)), None]
        places = encoded.indices.fill_null(len(known) - 1).to_numpy()
        values.extend(map(known.__getitem__, places.tolist()))
    return values


def _unescaped(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    if not pa.types.is_string(column.type):
        # NumPy makes Python's numbers several times faster than Arrow does, but has no missing ones.
        numbers = not pa.types.is_temporal(column.type) and not column.null_count
        plain: list[Any] = column.to_numpy(zero_copy_only=False).tolist() if numbers else column.to_pylist()
        return plain
    values: list[Any] = column.to_pylist()
    if not pc.any(pc.match_substring(column, "\\u")).as_py():
        return values
    return [None if v is None else unescape(v) for v in values]


def columns_of(kind: type[DataclassInstance], values: Sequence[DataclassInstance]) -> dict[str, list[Any]]:
    """Return each field of frozen values of ``kind`` as a column."""
    return {name: list(map(attrgetter(name), values)) for name in _fields(kind)[0]}


def fields_of(value: DataclassInstance) -> Row:
    """Return the fields of a frozen value as a row."""
    names, values = _fields(type(value))
    return dict(zip(names, values(value), strict=True))


def fields_for(kind: type[DataclassInstance], row: Row) -> Row:
    """Return the part of ``row`` that a frozen value of ``kind`` is made of."""
    return {name: row[name] for name in _fields(kind)[0]}


@cache
def _fields(kind: type[DataclassInstance]) -> tuple[tuple[str, ...], attrgetter[tuple[Any, ...]]]:
    names = tuple(f.name for f in fields(kind))
    return names, attrgetter(*names)


def role_of(row: Row) -> Role | None:
    """Return the role of ``row``, or None where it has none."""
    return None if row["role"] is None else Role(row["role"])


def escape(text: str) -> str:
    r"""Write lone surrogates as ``\udXXX``, so that ``text`` can be stored as UTF-8."""
    return _TO_ESCAPE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def unescape(text: str) -> str:
    """Undo `escape`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text


def _array(table: str, column: pa.Field, values: list[Any]) -> pa.Array:
    repeated: pa.Array | None = None
    if pa.types.is_string(column.type):
        places = {text: place for place, text in enumerate(dict.fromkeys(values))}
        if 2 * len(places) < len(values):  # most rows say what another one says
            repeated = pa.array(np.fromiter(map(places.__getitem__, values), np.int32, len(values)))
            values = list(places)
        values = _storable(values, nullable=column.nullable)
    try:
        array = pa.array(values, type=column.type)
    except (pa.ArrowException, OverflowError) as error:
        _expect_finite(table, column, values)
        raise StoreError(f"{table}.{column.name} cannot be stored as {column.type}: {error}") from error
    if pa.types.is_floating(column.type) and pc.all(pc.is_finite(array)).as_py() is False:
        _expect_finite(table, column, values)
    if array.null_count and not column.nullable:
        raise StoreError(f"{table}.{column.name} has no value; expected one in every row")
    return array if repeated is None else array.take(repeated)


def _storable(texts: list[Any], *, nullable: bool) -> list[Any]:
    """Return texts escaped where one of them needs it, and empty ones as None where there may be none."""
    together = "".join(v for v in texts if isinstance(v, str))
    if _TO_ESCAPE.search(together):
        texts = [escape(v) if isinstance(v, str) else v for v in texts]
    return [None if v == "" else v for v in texts] if nullable else texts


def _expect_finite(table: str, column: pa.Field, values: list[Any]) -> None:
    if any(isinstance(v, float) and not math.isfinite(v) for v in values):
        raise StoreError(
            f"{table}.{column.name} is NaN or infinite; expected a number, or none with a reason"
        )
