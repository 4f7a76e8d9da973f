"""What holds after review: findings with the right verdicts, and the scores they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from pipeline.call import Finding, Score, Verdict
from pipeline.reviews.ledger import Ledger
from pipeline.reviews.marks import Review
from pipeline.scoring import score
from pipeline.tables import DIMENSIONS, Judgement
from pipeline.tables.columns import Row, table_of


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A judgement beside what holds after review.

    Attributes
    ----------
    judgement : Judgement
        As the audit made it.
    findings : tuple of Finding
        In the same order, with the verdicts after review; everything else of them is the audit's.
    score : Score
        What those findings come to.
    holding : tuple of Review
        The mark that holds of each finding that has one.
    """

    judgement: Judgement
    findings: tuple[Finding, ...]
    score: Score
    holding: tuple[Review, ...]

    @property
    def overturned(self) -> tuple[Review, ...]:
        """The marks that change a verdict."""
        return tuple(review for review in self.holding if review.overturns)

    def review_of(self, rule_id: str) -> Review | None:
        """Return the mark that holds on a clause; None when there is none."""
        return next((review for review in self.holding if review.rule_id == rule_id), None)


def after_review(judgement: Judgement, call_date: str, ledger: Ledger) -> Reviewed:
    """Return what holds of a judgement after review.

    A call without a score to be reviewed gets one from people only when they have settled all that
    was left open: one clause says nothing of a call.
    """
    held = [ledger.holding(call_date, judgement, finding) for finding in judgement.findings]
    marks = tuple(review for review in held if review is not None)
    if not marks:
        return Reviewed(judgement, judgement.findings, judgement.score, ())
    findings = tuple(
        finding if review is None else replace(finding, verdict=review.right_verdict)
        for finding, review in zip(judgement.findings, held, strict=True)
    )
    return Reviewed(judgement, findings, _score(judgement, findings), marks)


def reviewed_scores(reviewed: Iterable[Reviewed]) -> pa.Table:
    """Return the table ``reviewed_scores`` of those judgements that have a mark that holds."""
    return table_of("reviewed_scores", [_row(one) for one in reviewed if one.holding])


def _score(judgement: Judgement, findings: Sequence[Finding]) -> Score:
    before = judgement.score
    left_open = any(finding.verdict is Verdict.UNDETERMINED for finding in findings)
    if before.status == "review" and left_open:
        return before
    settled = None if before.status == "review" else before.status_reason
    return score(findings, before.standard, review=settled)


def _row(one: Reviewed) -> Row:
    judgement, after = one.judgement, one.score
    dimensions = dict(after.dimensions)
    return {
        "call_id": judgement.call_id,
        "sha256": judgement.sha256,
        "hearing_key": judgement.hearing_key,
        "rulebook_hash": judgement.rulebook_hash,
        "standard": after.standard,
        "score": judgement.score.score,
        "score_after_review": after.score,
        "earned_after_review": after.earned,
        "possible_after_review": after.possible,
        "critical_failures_after_review": after.critical_failures,
        **{f"{d}_after_review": dimensions.get(d) for d in DIMENSIONS},
        "findings_reviewed": len(one.holding),
        "findings_overturned": len(one.overturned),
    }
