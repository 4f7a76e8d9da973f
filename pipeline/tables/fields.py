"""Columns of the stored tables: builders, and those that several tables share."""

from __future__ import annotations

import pyarrow as pa

DIMENSIONS = ("patience", "courtesy", "communication", "compliance")

ADDED_LATER = b"added_later"
"""Metadata of a column that parts of earlier versions lack: it reads as 0 there, or null where it may be."""


def added_later(column: pa.Field) -> pa.Field:
    """Return a column as one that parts of earlier versions lack."""
    return column.with_metadata({**column.metadata, ADDED_LATER: b"yes"})


def column(
    name: str, kind: pa.DataType, description: str, *, unit: str = "", nullable: bool = False
) -> pa.Field:
    """Return a column with its meaning and unit."""
    return pa.field(name, kind, nullable=nullable, metadata={"description": description, "unit": unit})


def text(name: str, description: str, *, nullable: bool = False, unit: str = "") -> pa.Field:
    """Return a column of text."""
    return column(name, pa.string(), description, unit=unit, nullable=nullable)


def number(name: str, description: str, unit: str, *, nullable: bool = False) -> pa.Field:
    """Return a column of numbers."""
    return column(name, pa.float64(), description, unit=unit, nullable=nullable)


def count(name: str, description: str, unit: str = "count") -> pa.Field:
    """Return a column of whole numbers, in every row."""
    return column(name, pa.int64(), description, unit=unit)


def schema(description: str, *columns: pa.Field) -> pa.Schema:
    """Return a table's columns with what a row is."""
    return pa.schema(list(columns), metadata={"description": description})


def mean(name: str, description: str, unit: str) -> pa.Field:
    """Return a column of means."""
    return number(name, f"{description}; null when no call has it", unit, nullable=True)


CALL_ID = text("call_id", "The call, unique within its call_date")
SHA256 = text("sha256", "SHA-256 of the recording's bytes", unit="hex")
HEARING_KEY = text("hearing_key", "Identifies the engine, weights and settings that heard the call")
RULEBOOK_HASH = text("rulebook_hash", "Identifies the rulebook's content that judged the call")
HEARD = (CALL_ID, SHA256, HEARING_KEY)
STANDARD = text("standard", "Rulebook that judged the call")
START = number("start_s", "Start, from the start of the recording", "s")
END = number("end_s", "End, from the start of the recording", "s")
