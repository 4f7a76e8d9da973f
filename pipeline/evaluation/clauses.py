"""Verdicts on clauses against those of a careful grader.

Conventions
-----------
Only calls and clauses with a label count; fails without a label are counted apart, for a person to read, and
critical false alarms are listed. Where the truth is fail, anything but a predicted fail is a miss: a pass,
not applicable, undetermined, or no finding at all (also when the call was not judged under the clause's
standard; the detail says how often). Where the truth is pass or not applicable, a predicted fail is a false
alarm. A clause that several standards judge on one call has one verdict: fail before pass before undetermined
before not applicable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.call import Verdict
from pipeline.errors import ConfigError
from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.result import ClauseAgreement, Disagreement, MeasureRow, Outcome
from pipeline.evaluation.stored import StoredFinding
from pipeline.evaluation.targets import (
    CRITICAL_FALSE_ALARMS,
    FAIL_PRECISION,
    FAIL_RECALL,
    FAILS_PASSED,
    UNDETERMINED,
)

PRECEDENCE = (Verdict.FAIL, Verdict.PASS, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
NO_FINDING = "no finding"
LISTED = 3


@dataclass(frozen=True, slots=True)
class Graded:
    """One label beside what the audit found; ``finding`` is None when it found nothing on the clause."""

    call_id: str
    clause: str
    truth: Verdict
    finding: StoredFinding | None
    judged: bool

    def predicts(self, verdict: Verdict) -> bool:
        """Whether the audit gave this verdict."""
        return self.finding is not None and self.finding.verdict is verdict

    @property
    def is_critical_false_alarm(self) -> bool:
        """Whether a critical clause fails that the grader did not fail."""
        finding = self.finding
        alarm = finding is not None and finding.critical and finding.verdict is Verdict.FAIL
        return alarm and self.truth is not Verdict.FAIL

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong: the same verdict, or no finding on a call without a fail."""
        if self.finding is None:
            return self.truth is not Verdict.FAIL
        return self.finding.verdict is self.truth


def measure_clauses(
    pairs: Sequence[Pair], *, clauses: Sequence[str] | None = None
) -> tuple[Outcome, tuple[ClauseAgreement, ...]]:
    """Measure precision and recall of fails, pooled and per clause.

    Parameters
    ----------
    clauses : sequence of str, optional
        Clauses to pool; by default all that have both labels and findings.

    Raises
    ------
    ConfigError
        A given clause has neither labels nor findings.
    """
    graded = _grade(pairs, _choose(pairs, clauses))
    names = sorted({grade.clause for grade in graded})
    per_clause = tuple(_agreement(name, [g for g in graded if g.clause == name]) for name in names)
    unlabelled = _unlabelled_fails(pairs, clauses)
    rows = (*_rows(_agreement("all", graded), graded, len(names)), unlabelled)
    return Outcome(rows, tuple(_disagreement(g) for g in graded if not g.agrees)), per_clause


def _rows(pooled: ClauseAgreement, graded: Sequence[Graded], clauses: int) -> tuple[MeasureRow, ...]:
    predicted = f"{pooled.right_fails} of {pooled.predicted_fails} predicted fails"
    fails = f"{pooled.right_fails} of {pooled.truth_fails} fails, {clauses} clauses"
    unjudged = sum(g.truth is Verdict.FAIL and not g.judged for g in graded)
    if unjudged:
        fails += f"; {unjudged} on calls not judged under the clause's standard"
    passes = f"{pooled.right_passes} of {pooled.predicted_passes} predicted passes"
    open_ones = f"{pooled.undetermined} of {pooled.labelled - pooled.absent} findings with a label"
    passed = [g for g in graded if g.truth is Verdict.FAIL and g.predicts(Verdict.PASS)]
    share = len(passed) / pooled.truth_fails if pooled.truth_fails else None
    alarms = [g for g in graded if g.is_critical_false_alarm]
    where = ", ".join(f"{g.clause} in {g.call_id}" for g in alarms) or "none"
    return (
        MeasureRow("fail verdicts, precision", pooled.fail_precision, FAIL_PRECISION, "share", predicted),
        MeasureRow("fail verdicts, recall", pooled.fail_recall, FAIL_RECALL, "share", fails),
        MeasureRow("pass verdicts, precision", pooled.pass_precision, None, "share", passes),
        MeasureRow(
            "fails passed", share, FAILS_PASSED, "share", f"{len(passed)} of {pooled.truth_fails} fails"
        ),
        MeasureRow("undetermined verdicts", pooled.undetermined_share, UNDETERMINED, "share", open_ones),
        MeasureRow("critical clauses, false alarms", len(alarms), CRITICAL_FALSE_ALARMS, "count", where),
    )


def _unlabelled_fails(pairs: Sequence[Pair], clauses: Sequence[str] | None) -> MeasureRow:
    """Count the fails that no label speaks of: to be read by a person."""
    fails = [
        f"{finding.rule_id} in {pair.call_id}"
        for pair in pairs
        for finding in pair.stored.findings
        if finding.verdict is Verdict.FAIL and finding.rule_id not in pair.truth.labels
        if clauses is None or finding.rule_id in clauses
    ]
    listed = ", ".join(fails[:LISTED]) + (", …" if len(fails) > LISTED else "")
    return MeasureRow("fail verdicts without a label", len(fails), None, "count", listed)


def _choose(pairs: Sequence[Pair], clauses: Sequence[str] | None) -> frozenset[str]:
    labelled = {clause for pair in pairs for clause in pair.truth.labels}
    found = {finding.rule_id for pair in pairs for finding in pair.stored.findings}
    if clauses is None:
        return frozenset(labelled & found)
    unknown = [clause for clause in clauses if clause not in labelled | found]
    if unknown:
        raise ConfigError(
            f"no labels and no findings for {', '.join(unknown)}; labelled clauses: "
            f"{', '.join(sorted(labelled)) or 'none'}"
        )
    return frozenset(clauses)


def _grade(pairs: Sequence[Pair], clauses: frozenset[str]) -> list[Graded]:
    standards: dict[str, set[str]] = {}
    for pair in pairs:
        for finding in pair.stored.findings:
            standards.setdefault(finding.rule_id, set()).add(finding.standard)
    graded: list[Graded] = []
    for pair in pairs:
        judged_under = {finding.standard for finding in pair.stored.findings}
        for clause, truth in sorted(pair.truth.labels.items()):
            if clause in clauses and truth is not Verdict.UNDETERMINED:
                judged = bool(judged_under & standards.get(clause, set()))
                graded.append(Graded(pair.call_id, clause, truth, _strictest(pair, clause), judged))
    return graded


def _strictest(pair: Pair, clause: str) -> StoredFinding | None:
    found = [finding for finding in pair.stored.findings if finding.rule_id == clause]
    return min(found, key=lambda finding: PRECEDENCE.index(finding.verdict)) if found else None


def _agreement(name: str, graded: Iterable[Graded]) -> ClauseAgreement:
    cases = list(graded)
    fails = [g for g in cases if g.predicts(Verdict.FAIL)]
    passes = [g for g in cases if g.predicts(Verdict.PASS)]
    return ClauseAgreement(
        clause=name,
        labelled=len(cases),
        truth_fails=sum(g.truth is Verdict.FAIL for g in cases),
        predicted_fails=len(fails),
        right_fails=sum(g.truth is Verdict.FAIL for g in fails),
        predicted_passes=len(passes),
        right_passes=sum(g.truth is Verdict.PASS for g in passes),
        undetermined=sum(g.predicts(Verdict.UNDETERMINED) for g in cases),
        absent=sum(g.finding is None for g in cases),
    )


def _disagreement(graded: Graded) -> Disagreement:
    if graded.finding is not None:
        predicted, reason = graded.finding.verdict.value, graded.finding.reason
    elif graded.judged:
        predicted, reason = NO_FINDING, "the clause is not in the rulebook that judged the call"
    else:
        predicted, reason = NO_FINDING, "the call was not judged under the clause's standard"
    return Disagreement("clause", graded.call_id, graded.clause, graded.truth.value, predicted, reason)
