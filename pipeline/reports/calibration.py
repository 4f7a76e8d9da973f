"""Calibration in the terminal: agreement by clause, what was confused, and other thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.calibration import Calibration, ClauseCalibration, Sweep
from pipeline.estimates import Estimate
from pipeline.reports.plain import plain_text

EXAMPLES = 3
_LEGEND = (
    "agree: same verdict of pass, fail, n/a; kappa (Cohen) and AC1 (Gwet): agreement beyond chance; "
    "precision and recall: of fails; open: left undetermined or without a finding; in brackets 95 % "
    "intervals; * too few verdicts to decide anything"
)


def calibration_view(calibration: Calibration, sweeps: Sequence[Sweep] = ()) -> RenderableType:
    """Return a calibration as tables that fit 80 columns, the clauses that agree least first."""
    clauses = sorted(calibration.clauses, key=_disagreement)
    parts: list[RenderableType] = [_agreement_table([*clauses, calibration.pooled])]
    parts += [Text(_LEGEND, style="dim"), Text()]
    parts += [part for clause in clauses for part in _confused(clause)]
    parts += [part for sweep in sweeps for part in _sweep_view(sweep)]
    parts += [Text(plain_text(f"note: {note}")) for note in calibration.notes]
    return Group(*parts)


def _disagreement(clause: ClauseCalibration) -> tuple[float, str]:
    raw = clause.agreement.raw.value
    return (1.0 if raw is None else raw), clause.rule_id


def _agreement_table(clauses: Sequence[ClauseCalibration]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("clause", overflow="fold")
    for name in ("n", "open", "agree", "kappa", "AC1", "precision", "recall"):
        table.add_column(name, justify="right")
    for clause in clauses:
        few = "*" if clause.too_few and clause.rule_id != "all" else ""
        a = clause.agreement
        table.add_row(
            plain_text(clause.rule_id) + few,
            str(clause.labels),
            str(clause.undetermined + clause.absent),
            *(_interval(e, share=True) for e in (a.raw,)),
            *(_interval(e) for e in (a.kappa, a.ac1)),
            *(_interval(e, share=True) for e in (clause.precision, clause.recall)),
        )
    return table


def _interval(estimate: Estimate, *, share: bool = False) -> str:
    if estimate.value is None:
        return "–"
    shown = [estimate.value, estimate.low, estimate.high]
    value, low, high = ("" if v is None else f"{100 * v:.0f}%" if share else f"{v:.2f}" for v in shown)
    return f"{value}\n[{low.rstrip('%')}, {high.rstrip('%')}]" if low else value


def _confused(clause: ClauseCalibration) -> list[RenderableType]:
    """Say which verdicts were confused how often, with calls to listen to."""
    counts = Counter(one.kind for one in clause.disagreements)
    if not counts:
        return []
    lines: list[RenderableType] = [Text(plain_text(f"{clause.rule_id} ({clause.standard})"), style="bold")]
    for kind, count in counts.items():
        lines.append(Text(plain_text(f"  grader {kind}: {count}")))
        for one in [d for d in clause.disagreements if d.kind == kind][:EXAMPLES]:
            found = one.judged.finding if one.judged else None
            at = f" at {found.start_s:.1f} s" if found and found.start_s is not None else ""
            why = f": {found.reason}" if found else ""
            lines.append(Text(plain_text(f"    {one.label.call_id}{at}{why}"), style="dim"))
    return [*lines, Text()]


def _sweep_view(sweep: Sweep) -> list[RenderableType]:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in ("value", "agree", "precision", "recall", "open", ""):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for point in sweep.points:
        marks = ["now"] if point.value == sweep.now else []
        marks += ["agrees best"] if point == sweep.best else []
        table.add_row(
            f"{point.value:g}",
            *(
                _interval(e, share=True).replace("\n", " ")
                for e in (point.agreed, point.precision, point.recall)
            ),
            str(point.undetermined),
            ", ".join(marks),
        )
    title = f"{sweep.rule_id} ({sweep.standard}) with other values of {sweep.option}"
    return [Text(plain_text(title), style="bold"), table]
