"""Judgements, failures and scorecards as rows, and back without loss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import pyarrow as pa

from pipeline.call import Call, Failure, Finding, Score, Verdict
from pipeline.errors import StoreError
from pipeline.showing import Shown
from pipeline.tables.columns import (
    Row,
    columns_of,
    fields_for,
    fields_of,
    role_of,
    rows_of,
    table_of,
    table_of_columns,
)
from pipeline.tables.schemas import DIMENSIONS, SCHEMAS

_STANDARD = attrgetter("standard")


@dataclass(frozen=True, slots=True)
class Judgement(Shown):
    """One rulebook's verdicts on one call, with the hashes of what they rest on.

    Attributes
    ----------
    sha256, hearing_key : str
        Of the call that was judged.
    rulebook_hash : str
        Identifies the rulebook's content.
    findings : tuple of Finding
        Of the score's standard.
    """

    call_id: str
    sha256: str
    hearing_key: str
    rulebook_hash: str
    score: Score
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, call: Call, *, score: Score, findings: Iterable[Finding], rulebook_hash: str) -> Judgement:
        """Return the judgement of ``call``, carrying the call's hashes."""
        hashes = (call.sha256, call.hearing_key, rulebook_hash)
        return cls(call.record.call_id, *hashes, score, tuple(findings))


def finding_table(judgements: Sequence[Judgement]) -> pa.Table:
    """Return the findings of ``judgements``, one row per clause and call.

    Raises
    ------
    StoreError
        When a judgement mixes standards, or a value does not fit.
    """
    for judgement in judgements:
        others = {*map(_STANDARD, judgement.findings)} - {judgement.score.standard}
        if others:
            raise StoreError(
                f"call {judgement.call_id}: {others} findings with {judgement.score.standard}'s score"
            )
    columns = columns_of(Finding, [f for j in judgements for f in j.findings])
    counts = [len(j.findings) for j in judgements]
    return table_of_columns("findings", columns, groups=_keys(judgements), counts=counts)


def score_table(judgements: Sequence[Judgement]) -> pa.Table:
    """Return the scores of ``judgements``, one row per call.

    Raises
    ------
    StoreError
        When a dimension is none of `DIMENSIONS`, or a value does not fit.
    """
    keys, rows = _keys(judgements), [_score_row(j.score) for j in judgements]
    columns = {name: [row[name] for row in rows] for name in SCHEMAS["scores"].names if name not in keys}
    return table_of_columns("scores", keys | columns)


def _keys(judgements: Sequence[Judgement]) -> dict[str, list[str]]:
    return {
        name: [getattr(j, name) for j in judgements]
        for name in ("call_id", "sha256", "hearing_key", "rulebook_hash")
    }


def judgements_from_tables(scores: pa.Table, findings: pa.Table) -> Iterator[Judgement]:
    """Yield one judgement per row of ``scores``, which share one date, in that order."""
    found: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for row in rows_of(findings):
        found[row["call_id"], row["standard"]].append(_finding(row))
    for row in rows_of(scores):
        hashes = (row["sha256"], row["hearing_key"], row["rulebook_hash"])
        yield Judgement(row["call_id"], *hashes, _score(row), tuple(found[row["call_id"], row["standard"]]))


def failure_table(failure: Failure, *, call_id: str | None = None) -> pa.Table:
    """Return one failure as a table of one row."""
    return table_of("failures", [{"call_id": call_id} | fields_of(failure)])


def failures_from_table(table: pa.Table) -> tuple[Failure, ...]:
    """Return the failures of ``table``, in order."""
    return tuple(Failure(**fields_for(Failure, r)) for r in rows_of(table))


def _finding(row: Row) -> Finding:
    read = {"role": role_of(row), "verdict": Verdict(row["verdict"]), "quote": row["quote"] or ""}
    return Finding(**fields_for(Finding, row) | read)


def _score_row(score: Score) -> Row:
    dimensions = dict(score.dimensions)
    if not dimensions.keys() <= set(DIMENSIONS):
        raise StoreError(f"dimensions {tuple(dimensions)} of {score.standard}; expected some of {DIMENSIONS}")
    return {
        "standard": score.standard,
        "score": score.score,
        "score_before_critical": score.score_before_critical,
        "earned": score.earned,
        "possible": score.possible,
        "critical_failures": score.critical_failures,
        **{name: dimensions.get(name) for name in DIMENSIONS},
        "status": score.status,
        "status_reason": score.status_reason,
    }


def _score(row: Row) -> Score:
    return Score(
        row["standard"],
        row["score"],
        row["score_before_critical"],
        row["earned"],
        row["possible"],
        row["critical_failures"],
        tuple((name, row[name]) for name in DIMENSIONS),
        row["status"],
        row["status_reason"],
    )
