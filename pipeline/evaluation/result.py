"""The values an evaluation returns."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure must reach: at least, or at most, ``limit`` in the measure's unit."""

    limit: float
    at_least: bool

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"

    def reached_by(self, value: float) -> bool:
        """Say whether ``value`` is on the right side, the limit included."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One number of an evaluation.

    Attributes
    ----------
    value : float or None
        None when there was nothing to measure.
    target : Target or None
        None for a number that is only informative.
    unit : str
        ``share``, ``s``, ``h`` or ``count``; a rate or an error relative to the truth is a share.
    detail : str
        How much it rests on, how it divides, which calls are worst.
    """

    name: str
    value: float | None
    target: Target | None
    unit: str
    detail: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target or without a value."""
        if self.target is None or self.value is None:
            return None
        return self.target.reached_by(self.value)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place where the stored tables and the truth differ.

    Attributes
    ----------
    measure : str
        Family: ``clause``, ``hold``, ``interruption``, ``net pace`` and so on.
    subject : str
        The clause, or the role and time.
    """

    measure: str
    call_id: str
    subject: str
    truth: str
    predicted: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClauseAgreement:
    """How the verdicts on one clause (or on several pooled) compare with the grader's.

    Attributes
    ----------
    labelled : int
        Calls with a label.
    truth_fails, predicted_fails, right_fails : int
        Fails by the grader, by the audit, by both.
    predicted_passes, right_passes : int
        Passes by the audit, and those of them that the grader passes too.
    undetermined, absent : int
        Labelled calls the audit left undetermined, and those without a finding on the clause.
    """

    clause: str
    labelled: int
    truth_fails: int
    predicted_fails: int
    right_fails: int
    predicted_passes: int
    right_passes: int
    undetermined: int
    absent: int

    @property
    def fail_precision(self) -> float | None:
        """Share of predicted fails that are fails, 0..1; None when none was predicted."""
        return ratio(self.right_fails, self.predicted_fails)

    @property
    def fail_recall(self) -> float | None:
        """Share of fails that were predicted, 0..1; None when there are none."""
        return ratio(self.right_fails, self.truth_fails)

    @property
    def pass_precision(self) -> float | None:
        """Share of predicted passes that are passes, 0..1; None when none was predicted."""
        return ratio(self.right_passes, self.predicted_passes)

    @property
    def undetermined_share(self) -> float | None:
        """Share of labelled findings left undetermined, 0..1; None without findings."""
        return ratio(self.undetermined, self.labelled - self.absent)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one family of measures contributes to an evaluation."""

    rows: tuple[MeasureRow, ...]
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Stored tables measured against ground truth.

    Attributes
    ----------
    clauses : tuple of ClauseAgreement
        One per clause, by id.
    without_truth : tuple of str
        Stored calls that have no ground truth; not measured.
    without_tables : tuple of str
        Ground truth whose calls are not stored; not measured.
    """

    rows: tuple[MeasureRow, ...]
    clauses: tuple[ClauseAgreement, ...]
    disagreements: tuple[Disagreement, ...]
    without_truth: tuple[str, ...]
    without_tables: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether every measure that has a target and a value reaches it."""
        return all(row.reached is not False for row in self.rows)

    def row(self, name: str) -> MeasureRow:
        """Return the row of that name.

        Raises
        ------
        KeyError
            There is none; the message lists the names.
        """
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"no measure {name!r}; there are: {', '.join(row.name for row in self.rows)}")

    def to_json(self) -> str:
        """Return everything as a JSON document."""
        document: dict[str, Any] = {
            "rows": [_row_values(row) for row in self.rows],
            "clauses": [_clause_values(clause) for clause in self.clauses],
            "disagreements": [asdict(disagreement) for disagreement in self.disagreements],
            "without_truth": list(self.without_truth),
            "without_tables": list(self.without_tables),
        }
        return json.dumps(document, ensure_ascii=False, indent=1)


def ratio(part: float, whole: float) -> float | None:
    """Return ``part / whole``, or None when there is no whole."""
    return part / whole if whole else None


def p90(values: list[float]) -> float | None:
    """Return the 90th percentile, interpolated linearly; None without values."""
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=10, method="inclusive")[8]


def _row_values(row: MeasureRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "value": row.value,
        "target": str(row.target) if row.target else None,
        "unit": row.unit,
        "detail": row.detail,
        "reached": row.reached,
    }


def _clause_values(clause: ClauseAgreement) -> dict[str, Any]:
    return asdict(clause) | {
        "fail_precision": clause.fail_precision,
        "fail_recall": clause.fail_recall,
        "pass_precision": clause.pass_precision,
        "undetermined_share": clause.undetermined_share,
    }
