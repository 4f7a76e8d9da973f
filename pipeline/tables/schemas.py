"""The stored tables: column names, types, units and meanings.

Every column carries ``description`` and ``unit`` in its Arrow field metadata, and Parquet keeps both.
Tables other than those in `UNPARTITIONED` are partitioned by ``call_date``, the day of the call at the desk
(``YYYY-MM-DD``, or ``unknown`` for a call without a start).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

from pipeline.tables.call_schemas import CALLS, EVENTS, FAILURES, MEASUREMENTS, UTTERANCES
from pipeline.tables.fields import ADDED_LATER, DIMENSIONS
from pipeline.tables.judged_schemas import FINDINGS, SCORES
from pipeline.tables.review_schemas import REVIEWED_SCORES, REVIEWS, SAMPLES
from pipeline.tables.scorecard_schemas import SCORECARDS

__all__ = [
    "ADDED_LATER",
    "DIMENSIONS",
    "HEARING_TABLES",
    "LEDGERS",
    "PARTITION",
    "SCHEMAS",
    "UNPARTITIONED",
    "describe_tables",
]

HEARING_TABLES = ("utterances", "events", "measurements", "calls")
"""What hearing a call writes, in the order of writing: ``calls`` comes last and commits the others."""

PARTITION = "call_date"

LEDGERS = ("reviews", "samples")
"""Tables that are only ever added to, one part at a time; the call's day is a column of theirs."""

UNPARTITIONED = ("failures", *LEDGERS)

SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "calls": CALLS,
        "utterances": UTTERANCES,
        "events": EVENTS,
        "measurements": MEASUREMENTS,
        "findings": FINDINGS,
        "scores": SCORES,
        "failures": FAILURES,
        "scorecards": SCORECARDS,
        "reviews": REVIEWS,
        "reviewed_scores": REVIEWED_SCORES,
        "samples": SAMPLES,
    }
)


def describe_tables() -> str:
    """Return every table and column as Markdown: type, unit, whether it may be null, meaning.

    Returns
    -------
    str
        One section per table, ready to be written to a documentation page.
    """
    sections = [_describe(name, columns) for name, columns in SCHEMAS.items()]
    return "\n".join(sections)


def _describe(name: str, columns: pa.Schema) -> str:
    layout = (
        f"{name}/part-*.parquet" if name in UNPARTITIONED else f"{name}/{PARTITION}=YYYY-MM-DD/part-*.parquet"
    )
    lines = [
        f"## {name}",
        "",
        columns.metadata[b"description"].decode(),
        "",
        f"Files: `{layout}`",
        "",
        "| column | type | unit | null | meaning |",
        "|---|---|---|---|---|",
    ]
    for one in columns:
        unit = one.metadata[b"unit"].decode()
        kind = "list of struct" if pa.types.is_list(one.type) else str(one.type)
        meaning = one.metadata[b"description"].decode()
        lines.append(f"| `{one.name}` | {kind} | {unit} | {'yes' if one.nullable else ''} | {meaning} |")
    return "\n".join([*lines, ""])
