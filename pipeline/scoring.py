"""Findings to a score.

- *score*: 100 · points earned / points possible, over decided clauses (pass or fail) only.
- A failed critical clause makes the call's score 0; the score before it stays beside it. Critical clauses
  carry no points of their own.
- *not applicable* and *undetermined* leave the denominator.
- A call that was heard too badly, or of which too little could be decided, has no score and the status
  *review*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum

from pipeline.call import Finding, Score, Verdict

DIMENSIONS = ("patience", "courtesy", "communication", "compliance")
DECIDED = (Verdict.PASS, Verdict.FAIL)


def score(findings: Iterable[Finding], standard: str, *, review: str | None = None) -> Score:
    """Score a call under one standard.

    Parameters
    ----------
    findings : iterable of Finding
        Those of other standards are left out.
    standard : str
        Name of the rulebook.
    review : str, optional
        Why the call gets no score but from a person; a failed critical clause makes it 0 all the same.

    Returns
    -------
    Score
        ``score_before_critical`` is None when no clause with points was decided; ``score`` as well, unless
        a critical clause failed.
    """
    own = [f for f in findings if f.standard == standard]
    failures = sum(f.critical and f.verdict == Verdict.FAIL for f in own)
    decided = [f for f in own if f.verdict in DECIDED and not f.critical and review is None]
    before = _percentage(decided)
    return Score(
        standard=standard,
        score=0.0 if failures else before,
        score_before_critical=before,
        earned=_earned(decided),
        possible=_possible(decided),
        critical_failures=failures,
        dimensions=tuple((d, _percentage([f for f in decided if f.dimension == d])) for d in DIMENSIONS),
        status="judged" if review is None else "review",
        status_reason=review,
    )


def _earned(decided: Sequence[Finding]) -> float:
    return fsum(f.points for f in decided if f.verdict == Verdict.PASS)


def _possible(decided: Sequence[Finding]) -> float:
    return fsum(f.points for f in decided)


def _percentage(decided: Sequence[Finding]) -> float | None:
    possible = _possible(decided)
    return min(100.0, 100.0 * _earned(decided) / possible) if possible > 0 else None
