"""Parquet tables: documented schemas, and the way from the frozen values to rows and back."""

from pipeline.tables.calls import CallTables, call_tables, calls_from_tables
from pipeline.tables.columns import Row, escape, rows_of, unescape
from pipeline.tables.judgements import (
    Judgement,
    failure_table,
    failures_from_table,
    finding_table,
    judgements_from_tables,
    score_table,
)
from pipeline.tables.schemas import (
    ADDED_LATER,
    DIMENSIONS,
    HEARING_TABLES,
    LEDGERS,
    PARTITION,
    SCHEMAS,
    UNPARTITIONED,
    describe_tables,
)

__all__ = [
    "ADDED_LATER",
    "DIMENSIONS",
    "HEARING_TABLES",
    "LEDGERS",
    "PARTITION",
    "SCHEMAS",
    "UNPARTITIONED",
    "CallTables",
    "Judgement",
    "Row",
    "call_tables",
    "calls_from_tables",
    "describe_tables",
    "escape",
    "failure_table",
    "failures_from_table",
    "finding_table",
    "judgements_from_tables",
    "rows_of",
    "score_table",
    "unescape",
]
