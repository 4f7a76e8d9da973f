"""Stored findings beside graders' labels, clause by clause.

Conventions
-----------
Agreement is taken over verdicts that both sides decided (pass, fail, not applicable). Precision and recall
are of fails: of what the audit fails, how much the graders fail; of what the graders fail, how much the audit
does. A fail that the audit leaves undetermined is missed; a call that was not judged by the clause says
nothing of it and is counted apart. Where several graders labelled a clause of a call, their majority counts;
without one the label is left out, and said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.calibration.agreement import FEWEST, Agreement, agreement
from pipeline.calibration.labels import Label
from pipeline.call import Finding, Verdict
from pipeline.errors import ConfigError
from pipeline.estimates import Estimate, share
from pipeline.showing import Shown

DECIDED = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored finding and the call it is about."""

    call_id: str
    call_date: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Compared:
    """A label beside the stored finding on the same clause of the same call; None when there is none."""

    label: Label
    judged: Judged | None

    @property
    def audit(self) -> Verdict | None:
        """The audit's verdict."""
        return self.judged.finding.verdict if self.judged else None

    @property
    def kind(self) -> str:
        """What it is for a confusion table: ``pass → fail`` reads grader, then audit."""
        return f"{self.label.verdict.value} → {self.audit.value if self.audit else 'no finding'}"


@dataclass(frozen=True, slots=True)
class ClauseCalibration:
    """How the audit agrees with graders on one clause.

    Attributes
    ----------
    labels : int
        Calls with a decided label.
    fails : int
        Of them, graded as fails and judged.
    undetermined, absent : int
        Of them, left open by the audit, and without a finding.
    agreement : Agreement
        Over the verdicts that both decided.
    precision, recall : Estimate
        Of fails.
    disagreements : tuple of Compared
        Everything but equal verdicts; false alarms first, then missed fails, then the rest.
    """

    standard: str
    rule_id: str
    labels: int
    fails: int
    undetermined: int
    absent: int
    agreement: Agreement
    precision: Estimate
    recall: Estimate
    disagreements: tuple[Compared, ...]

    @property
    def too_few(self) -> str | None:
        """Why its numbers decide nothing yet, or None."""
        if self.agreement.compared < FEWEST:
            return (
                f"{self.agreement.compared} compared verdicts; at least {FEWEST} are needed to say anything"
            )
        if not self.fails:
            return "no call was graded as a fail; grade some that fail"
        return None


@dataclass(frozen=True, slots=True)
class Calibration(Shown):
    """All clauses with labels, by standard and clause, and what could not be compared.

    Attributes
    ----------
    pooled : ClauseCalibration
        All clauses together; its standard and rule_id are ``all``.
    notes : tuple of str
        Labels that were left out, and why.
    """

    clauses: tuple[ClauseCalibration, ...]
    pooled: ClauseCalibration
    notes: tuple[str, ...]


def calibrate(labels: Sequence[Label], judged: Iterable[Judged]) -> Calibration:
    """Compare labels with stored findings.

    Parameters
    ----------
    labels : sequence of Label
        As :func:`read_labels` returns them.
    judged : iterable of Judged
        Every stored finding; those without a label are passed over.

    Raises
    ------
    ConfigError
        When a label's call was not judged at all: a label file of another store says nothing.
    """
    by_clause: defaultdict[tuple[str, str], list[Judged]] = defaultdict(list)
    days: defaultdict[str, set[str]] = defaultdict(set)
    standards: defaultdict[str, set[str]] = defaultdict(set)
    wanted = {(label.call_id, label.rule_id) for label in labels}
    calls = {label.call_id for label in labels}
    for one in judged:
        if one.call_id not in calls:
            continue
        days[one.call_id].add(one.call_date)
        standards[one.finding.rule_id].add(one.finding.standard)
        if (one.call_id, one.finding.rule_id) in wanted:
            by_clause[one.call_id, one.finding.rule_id].append(one)
    unknown = sorted(calls - days.keys())
    if len(unknown) == len(calls):
        raise ConfigError(
            f"none of the {len(calls)} labelled calls was judged here, such as {unknown[0]!r}; expected "
            "call ids as 'callaudit show' takes them"
        )
    notes = [f"{len(unknown)} labelled calls were not judged here, such as {unknown[0]!r}"] if unknown else []
    compared: list[Compared] = []
    for label in _majority(labels, notes):
        if label.call_id in days:
            compared += _beside(label, by_clause[label.call_id, label.rule_id], days[label.call_id], notes)
    never = sorted({label.rule_id for label in labels} - standards.keys())
    if never:
        notes.append(f"no labelled call was judged by a clause named {', '.join(never)}")
    return _grouped(compared, standards, tuple(notes))


def _majority(labels: Sequence[Label], notes: list[str]) -> Iterator[Label]:
    graded: defaultdict[tuple[str, str | None, str | None, str], list[Label]] = defaultdict(list)
    for label in labels:
        graded[label.call_id, label.call_date, label.standard, label.rule_id].append(label)
    split = 0
    for group in graded.values():
        counts = Counter(label.verdict for label in group).most_common(2)
        if len(counts) > 1 and counts[0][1] == counts[1][1]:
            split += 1
            continue
        label = next(label for label in group if label.verdict is counts[0][0])
        if label.verdict in DECIDED:
            yield label
    if split:
        notes.append(f"{split} labels were left out: their graders disagree and there is no majority")
    open_ones = sum(label.verdict is Verdict.UNDETERMINED for label in labels)
    if open_ones:
        notes.append(f"{open_ones} labels are undetermined: nothing to agree with")


def _beside(label: Label, found: Sequence[Judged], days: set[str], notes: list[str]) -> list[Compared]:
    """Put a label beside what was found; beside each standard's finding when the label names none."""
    if label.call_date is None and len(days) > 1:
        notes.append(f"call {label.call_id!r} is stored on {len(days)} days; give its label a call_date")
        return []
    fitting = [
        one
        for one in found
        if label.call_date in (None, one.call_date) and label.standard in (None, one.finding.standard)
    ]
    return [Compared(label, one) for one in fitting] or [Compared(label, None)]


def _grouped(
    compared: Sequence[Compared], standards: Mapping[str, set[str]], notes: tuple[str, ...]
) -> Calibration:
    grouped: defaultdict[tuple[str, str], list[Compared]] = defaultdict(list)
    for one in compared:
        standard = one.judged.finding.standard if one.judged else one.label.standard
        if standard is None:
            standard = ", ".join(sorted(standards.get(one.label.rule_id, {"–"})))
        grouped[standard, one.label.rule_id].append(one)
    clauses = tuple(_clause(*key, grouped[key]) for key in sorted(grouped))
    return Calibration(clauses, _clause("all", "all", compared), notes)


def _clause(standard: str, rule_id: str, compared: Sequence[Compared]) -> ClauseCalibration:
    both = [(c.label.verdict, c.audit) for c in compared if c.audit in DECIDED]
    failed = [c for c in compared if c.audit is Verdict.FAIL]
    graded = [c for c in compared if c.label.verdict is Verdict.FAIL and c.judged]
    right = sum(c.label.verdict is Verdict.FAIL for c in failed)
    return ClauseCalibration(
        standard=standard,
        rule_id=rule_id,
        labels=len(compared),
        fails=len(graded),
        undetermined=sum(c.audit is Verdict.UNDETERMINED for c in compared),
        absent=sum(c.audit is None for c in compared),
        agreement=agreement([a for a, _ in both], [b for _, b in both]),
        precision=share(right, len(failed)),
        recall=share(right, len(graded)),
        disagreements=tuple(sorted((c for c in compared if c.audit is not c.label.verdict), key=_order)),
    )


def _order(one: Compared) -> tuple[int, str, str]:
    if one.audit is Verdict.FAIL:
        rank = 0
    elif one.label.verdict is Verdict.FAIL:
        rank = 1
    else:
        rank = 3 if one.audit in (Verdict.UNDETERMINED, None) else 2
    return rank, one.label.call_id, one.label.rule_id
