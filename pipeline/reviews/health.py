"""Which clauses reviewers overturn, and how often a clause that fails is right.

Definitions
-----------
*Overturn rate*: of the decided findings (pass, fail, not applicable) of a clause on which a mark holds, the
share whose verdict the reviewer changed, with Wilson's interval (Wilson 1927, J. Am. Stat. Assoc. 22:209).
Clauses are ranked by the lower end of it: one overturned of one is not worse than nine of ten. Reviewers
choose what they look at, so the rate says where to look first and not how often the clause errs.

*Precision of fails*: of what the clause fails, the share that is a failure. Where reviewed failures came from
stored draws, each counts by the inverse of the probability with which it was drawn, and the sum is divided by
that of the weights: Hájek's ratio estimator (Hájek 1971, in Foundations of Statistical Inference; Särndal,
Swensson and Wretman 1992, section 5.7). Findings drawn and not yet reviewed are taken to be like those of
their draw and stratum that are: the weights of these are raised to add up to those of all drawn. Several
draws are added up. The interval is Wilson's at the effective number of findings, (Σw)² / Σw² (Kish 1965).
Where none came from a draw the plain share of all reviewed failures stands, said to be of chosen findings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipeline.calibration.agreement import FEWEST
from pipeline.call import Verdict
from pipeline.estimates import Estimate, share, weighted_share
from pipeline.reviews.ledger import Ledger, Standing, stored_marks
from pipeline.reviews.marks import Key, Review
from pipeline.sampling import Drawn, drawn_findings
from pipeline.store import StoreReader

Clause = tuple[str, str]
"""Standard and rule_id."""


@dataclass(frozen=True, slots=True)
class ClauseHealth:
    """How a clause stands with reviewers.

    Attributes
    ----------
    findings : int
        Stored findings that apply: passes, fails and undetermined ones.
    undetermined : Estimate
        Share of them that is left to a person.
    confidence : float or None
        Mean confidence of those that are decided.
    reviewed, overturned : int
        Decided findings on which a mark holds, and those of them whose verdict it changes.
    overturn : Estimate
        Their quotient.
    open_reviewed, settled : int
        Undetermined findings on which a mark holds, and those of them that it decides.
    stale : int
        Marks that fit no longer.
    precision : Estimate
        Of fails.
    fails_reviewed : int
        Failures on which a mark holds.
    fails_drawn : int
        Those of them that came from a draw; where there are any, precision is of these.
    """

    standard: str
    rule_id: str
    findings: int
    undetermined: Estimate
    confidence: float | None
    reviewed: int
    overturned: int
    overturn: Estimate
    open_reviewed: int
    settled: int
    stale: int
    precision: Estimate
    fails_reviewed: int
    fails_drawn: int

    @property
    def too_few(self) -> str | None:
        """Why its rates decide nothing yet, or None."""
        if self.reviewed < FEWEST:
            return f"{self.reviewed} reviewed; at least {FEWEST} are needed to say anything"
        return None


@dataclass(frozen=True, slots=True)
class _Counts:
    """Findings of a clause by verdict, and the sum of confidence over decided ones."""

    verdicts: Counter[str]
    confidence: float


def rules_health(store: StoreReader, *, standards: Sequence[str] = ()) -> tuple[ClauseHealth, ...]:
    """Return every clause with findings, those overturned most surely first.

    Parameters
    ----------
    standards : sequence of str
        Rulebooks; empty for all.

    Raises
    ------
    StoreError
        When findings, reviews or samples cannot be read.
    """
    marks: defaultdict[Clause, list[tuple[Review, Standing]]] = defaultdict(list)
    for review, standing, _ in stored_marks(store, Ledger.of(store)):
        marks[review.standard, review.rule_id].append((review, standing))
    drawn: defaultdict[Clause, list[Drawn]] = defaultdict(list)
    for one in drawn_findings(store):
        drawn[one.standard, one.rule_id].append(one)
    clauses = [
        _clause(clause, counts, marks[clause], drawn[clause])
        for clause, counts in _counted(store).items()
        if not standards or clause[0] in standards
    ]
    return tuple(sorted(clauses, key=_rank))


def precision_of_fails(marks: Iterable[Review], drawn: Iterable[Drawn]) -> tuple[Estimate, int]:
    """Return the precision of a clause's fails, and how many reviewed ones of draws it rests on.

    Parameters
    ----------
    marks : iterable of Review
        That hold, on failures of the clause.
    drawn : iterable of Drawn
        Findings of the clause that were drawn; only failures count.

    Returns
    -------
    tuple of (Estimate, int)
        As this module defines it.
    """
    right = {mark.key: not mark.overturns for mark in marks}
    weights = _weights([one for one in drawn if one.verdict == Verdict.FAIL], right)
    if not weights:
        return share(sum(right.values()), len(right)), 0
    keys = list(weights)
    return weighted_share([right[key] for key in keys], [weights[key] for key in keys]), len(keys)


def _weights(drawn: Sequence[Drawn], right: Mapping[Key, bool]) -> dict[Key, float]:
    """Return the weight of each reviewed failure that was drawn, added up over draws."""
    cells: defaultdict[tuple[str, str], list[tuple[Key, float]]] = defaultdict(list)
    for one in drawn:
        key = (one.call_date, one.call_id, one.standard, one.rule_id)
        cells[one.draw_id, one.stratum].append((key, 1 / one.probability))
    weights: defaultdict[Key, float] = defaultdict(float)
    for cell in cells.values():
        answered = sum(weight for key, weight in cell if key in right)
        for key, weight in cell:
            if key in right:
                weights[key] += weight * sum(w for _, w in cell) / answered
    return dict(weights)


def _counted(store: StoreReader) -> dict[Clause, _Counts]:
    """Count stored findings, a day at a time."""
    by = ["standard", "rule_id", "verdict"]
    found: defaultdict[Clause, _Counts] = defaultdict(lambda: _Counts(Counter(), 0.0))
    for day in store.dates("findings"):
        rows = store.table("findings", day, columns=(*by, "confidence"), encoded=by)
        rows = rows.cast(pa.schema([(n, pa.string()) for n in by] + [("confidence", pa.float64())]))
        sums = rows.group_by(by).aggregate([("confidence", "sum"), ("confidence", "count")])
        for row in sums.to_pylist():
            clause = row["standard"], row["rule_id"]
            decided = row["verdict"] in (Verdict.PASS, Verdict.FAIL)
            known = found[clause]
            known.verdicts[row["verdict"]] += row["confidence_count"]
            found[clause] = _Counts(
                known.verdicts, known.confidence + (row["confidence_sum"] if decided else 0.0)
            )
    return found


def _clause(
    clause: Clause, counts: _Counts, marks: Sequence[tuple[Review, Standing]], drawn: Sequence[Drawn]
) -> ClauseHealth:
    holding = [review for review, standing in marks if standing is Standing.HOLDS]
    reviewed = [review for review in holding if review.verdict is not Verdict.UNDETERMINED]
    overturned = sum(review.overturns for review in reviewed)
    fails = [review for review in reviewed if review.verdict is Verdict.FAIL]
    precision, fails_drawn = precision_of_fails(fails, drawn)
    left_open = counts.verdicts[Verdict.UNDETERMINED]
    decided = counts.verdicts[Verdict.PASS] + counts.verdicts[Verdict.FAIL]
    return ClauseHealth(
        standard=clause[0],
        rule_id=clause[1],
        findings=decided + left_open,
        undetermined=share(left_open, decided + left_open),
        confidence=counts.confidence / decided if decided else None,
        reviewed=len(reviewed),
        overturned=overturned,
        overturn=share(overturned, len(reviewed)),
        open_reviewed=len(holding) - len(reviewed),
        settled=sum(review.overturns for review in holding) - overturned,
        stale=sum(standing in (Standing.STALE, Standing.GONE) for _, standing in marks),
        precision=precision,
        fails_reviewed=len(fails),
        fails_drawn=fails_drawn,
    )


def _rank(clause: ClauseHealth) -> tuple[float, float, int, str, str]:
    low, rate = clause.overturn.low or 0.0, clause.overturn.value or 0.0
    return -low, -rate, -clause.reviewed, clause.standard, clause.rule_id
