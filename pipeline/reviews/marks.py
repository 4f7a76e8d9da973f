"""A reviewer's mark on a finding, as a frozen value and as a row of the table ``reviews``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import pyarrow as pa

from pipeline.call import Finding, Verdict
from pipeline.tables import Row, rows_of
from pipeline.tables.columns import columns_of, fields_for, table_of_columns

AGREE, OVERTURN = "agree", "overturn"

COLUMNS = (
    "call_id",
    "call_date",
    "standard",
    "rule_id",
    "verdict",
    "decision",
    "right_verdict",
    "reason",
    "reviewer",
    "reviewed_at",
    "sha256",
    "rulebook_hash",
)
"""Columns of the files in which marks travel, in their order."""

RIGHT_VERDICTS = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)
"""What a finding may be overturned to: a person decides."""

Key = tuple[str, str, str, str]
"""What a finding is known by: call_date, call_id, standard, rule_id."""


@dataclass(frozen=True, slots=True)
class Review:
    """One mark on one finding.

    Attributes
    ----------
    verdict : Verdict
        The audit's verdict that was reviewed.
    decision : str
        `AGREE` or `OVERTURN`.
    right_verdict : Verdict
        What the reviewer says; the verdict itself where the reviewer agrees.
    reason : str or None
        Why, in the reviewer's words.
    reviewed_at, imported_at : datetime
        When the mark was made, and when it was stored; with a time zone.
    sha256, rulebook_hash : str
        Of the recording and of the rulebook that the reviewer saw the finding of.
    finding_hash : str
        `finding_hash` of the finding.
    source : str
        Name of the file the mark came in.
    """

    call_id: str
    call_date: str
    standard: str
    rule_id: str
    verdict: Verdict
    decision: str
    right_verdict: Verdict
    reason: str | None
    reviewer: str
    reviewed_at: datetime
    sha256: str
    rulebook_hash: str
    finding_hash: str
    imported_at: datetime
    source: str

    @property
    def key(self) -> Key:
        """The finding that it is about."""
        return self.call_date, self.call_id, self.standard, self.rule_id

    @property
    def overturns(self) -> bool:
        """Whether the verdict is another one by this mark."""
        return self.right_verdict is not self.verdict


def finding_hash(finding: Finding) -> str:
    """Return 16 hexadecimal digits that stand for what a reviewer sees of a finding."""
    seen = (finding.verdict, finding.role, finding.start_s, finding.end_s, finding.quote, finding.reason)
    return sha256(json.dumps(seen, ensure_ascii=True).encode()).hexdigest()[:16]


def review_table(reviews: Sequence[Review]) -> pa.Table:
    """Return marks as rows of the table ``reviews``.

    Raises
    ------
    StoreError
        When a value does not fit its column.
    """
    return table_of_columns("reviews", columns_of(Review, reviews))


def reviews_from_table(rows: pa.Table) -> tuple[Review, ...]:
    """Return the marks of rows of the table ``reviews``, in their order."""
    return tuple(_review(row) for row in rows_of(rows))


def _review(row: Row) -> Review:
    read = {"verdict": Verdict(row["verdict"]), "right_verdict": Verdict(row["right_verdict"])}
    return Review(**fields_for(Review, row) | read)
