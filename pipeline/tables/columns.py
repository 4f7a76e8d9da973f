r"""Columns of a table from values, and values from columns.

Optional texts are null when absent; an empty one is stored as null too, so that no column has two
ways of saying "nothing". Lone surrogates, which is how Python shows the undecodable bytes of a file
name, cannot be stored as UTF-8: they are written ``\udcXX`` and come back as they were.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

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
    schema = SCHEMAS[name]
    columns = [_array(name, column, [row[column.name] for row in rows]) for column in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def rows_of(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of ``table`` by column name, texts as they were before storing."""
    columns = []
    for column in table.columns:
        values = column.to_pylist()
        if pa.types.is_string(column.type):
            values = [None if v is None else unescape(v) for v in values]
        columns.append(values)
    return (dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True))


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
    if pa.types.is_string(column.type):
        values = _storable(values, nullable=column.nullable)
    try:
        array = pa.array(values, type=column.type)
    except (pa.ArrowException, OverflowError) as error:
        _expect_finite(table, column, values)
        raise StoreError(f"{table}.{column.name} cannot be stored as {column.type}: {error}") from error
    if pa.types.is_floating(column.type):
        _expect_finite(table, column, values)
    if array.null_count and not column.nullable:
        raise StoreError(f"{table}.{column.name} has no value; expected one in every row")
    return array


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
