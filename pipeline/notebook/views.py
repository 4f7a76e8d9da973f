"""Values as HTML: which lines and tables show a call, its judgement, a calibration or scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from pipeline.audit.comparing import Comparison
from pipeline.calibration import Calibration, ClauseCalibration, Sweep
from pipeline.call import Call, EventKind, Finding, Score, Verdict
from pipeline.estimates import Estimate
from pipeline.notebook.blocks import Block, Grid, Line, render
from pipeline.reports.timeline import clock
from pipeline.scorecards import Scorecards
from pipeline.tables import Judgement

SIGNS = {
    Verdict.FAIL: "✗ fail",
    Verdict.UNDETERMINED: "? open",
    Verdict.PASS: "✓ pass",
    Verdict.NOT_APPLICABLE: "– n/a",
}
_ORDER = tuple(SIGNS)
_LOUD = (Verdict.FAIL, Verdict.UNDETERMINED)


def html_of(value: object) -> str:
    """Return a value as a piece of HTML in which all text is escaped.

    Raises
    ------
    TypeError
        When there is no view of such values.
    """
    return render(blocks_of(value))


@singledispatch
def blocks_of(value: object) -> Sequence[Block]:
    """Return the lines and tables that show a value."""
    raise TypeError(f"no view of {type(value).__name__}")


@blocks_of.register
def _(call: Call) -> Sequence[Block]:
    record = call.record
    agent = " ".join(part for part in (record.agent_name, record.agent_id, record.team) if part)
    facts = (
        agent or "agent unknown",
        record.started_at.isoformat(" ", "minutes") if record.started_at else "start unknown",
        record.direction or "direction unknown",
        clock(call.duration_s),
        "mono" if call.channels == 1 else "stereo",
        f"heard with quality {call.hearing_quality:.0%}",
    )
    said = [(u.start_s, u.role.value, u.text) for u in call.utterances]
    holds = [
        (e.start_s, "hold", f"{e.span.duration_s:.1f} s {e.get('kind') or ''}")
        for e in call.events_of(EventKind.HOLD)
    ]
    lines = [(clock(at), who, text) for at, who, text in sorted(said + holds)]
    taken = [(m.name, m.role or "", _number(m.value), m.unit, m.reason or "") for m in call.measurements]
    return (
        Line(" · ".join(facts), about=f"Call {record.call_id}"),
        Grid(("at#", "who", "said"), lines),
        Grid(
            ("measure", "of", "value#", "unit", "why not"), taken, f"{len(taken)} measurements", folded=True
        ),
    )


@blocks_of.register
def _(score: Score) -> Sequence[Block]:
    named = [f"{name} {_number(value)}" for name, value in score.dimensions if value is not None]
    return Line(_arithmetic(score), about=score.standard), Line(" · ".join(named) or "no dimension decided")


def _arithmetic(score: Score) -> str:
    if score.status == "review":
        return f"no score, a person has to listen: {score.status_reason}"
    if score.score_before_critical is None and not score.critical_failures:
        return "no score: no clause was decided"
    sum_of = f"{score.earned:g} of {score.possible:g} points = {_number(score.score_before_critical)}"
    if score.critical_failures:
        return f"{sum_of}; {score.critical_failures} critical failed → {_number(score.score)}"
    return sum_of


@blocks_of.register
def _(finding: Finding) -> Sequence[Block]:
    return (_findings([finding]),)


@blocks_of.register
def _(judgement: Judgement) -> Sequence[Block]:
    ordered = sorted(judgement.findings, key=lambda f: (_ORDER.index(f.verdict), f.rule_id))
    loud = [f for f in ordered if f.verdict in _LOUD]
    quiet = [f for f in ordered if f.verdict not in _LOUD]
    passed = sum(f.verdict is Verdict.PASS for f in quiet)
    folded = f"{passed} passed, {len(quiet) - passed} not applicable"
    return (
        Line(judgement.call_id, about="Call"),
        *blocks_of(judgement.score),
        *([_findings(loud)] if loud else [Line("Nothing failed, nothing was left open.")]),
        *([_findings(quiet, folded)] if quiet else []),
    )


def _findings(findings: Sequence[Finding], folded: str = "") -> Grid:
    rows = [
        (
            SIGNS[f.verdict],
            f.rule_id + (" critical" if f.critical else ""),
            "" if f.start_s is None else clock(f.start_s),
            f.reason + (f"\n“{f.quote}”" if f.quote else ""),
            "" if f.critical else f"{f.points:g}",
            f"{f.confidence:.0%}",
        )
        for f in findings
    ]
    head = ("verdict", "clause", "at#", "why", "points#", "sure#")
    return Grid(head, rows, folded, folded=bool(folded))


@blocks_of.register
def _(calibration: Calibration) -> Sequence[Block]:
    head = ("clause", "standard", "labels#", "open#", "agree#", "kappa#", "AC1#")
    rows = [
        (
            c.rule_id + ("*" if c.too_few and c is not calibration.pooled else ""),
            c.standard,
            str(c.labels),
            str(c.undetermined + c.absent),
            _estimate(c.agreement.raw, share=True),
            _estimate(c.agreement.kappa),
            _estimate(c.agreement.ac1),
            _estimate(c.precision, share=True),
            _estimate(c.recall, share=True),
        )
        for c in (calibration.pooled, *sorted(calibration.clauses, key=_agreed))
    ]
    about = "precision and recall are of fails; in brackets 95 % intervals; * too few to decide anything"
    return (
        Grid((*head, "precision#", "recall#"), rows, "The audit beside graders"),
        Line(about),
        *(Line(note, about="Note") for note in calibration.notes),
    )


def _agreed(clause: ClauseCalibration) -> tuple[float, str]:
    """Order: those that agree least first, those that could not be compared last."""
    raw = clause.agreement.raw.value
    return (2.0 if raw is None else raw), clause.rule_id


@blocks_of.register
def _(sweep: Sweep) -> Sequence[Block]:
    rows = [
        (
            f"{p.value:g}",
            _estimate(p.agreed, share=True),
            _estimate(p.precision, share=True),
            _estimate(p.recall, share=True),
            str(p.undetermined),
            ", ".join(
                ["now"] * (p.value == sweep.now) + ["agrees best"] * (p == sweep.best),
            ),
        )
        for p in sweep.points
    ]
    title = f"{sweep.rule_id} ({sweep.standard}) with other values of {sweep.option}"
    return (Grid(("value#", "agree#", "precision#", "recall#", "open#", ""), rows, title),)


@blocks_of.register
def _(comparison: Comparison) -> Sequence[Block]:
    changed = sum(call.changed for call in comparison.calls)
    about = f"{comparison.before.name} → {comparison.after.name}"
    clauses = [
        (rule_id, f"{before} → {after}", str(len(calls)), ", ".join(c.call_id for c in calls[:3]))
        for rule_id, before, after, calls in comparison.clauses()
    ]
    agents = [
        (a.agent_id or "(no agent)", str(a.calls), str(a.changed), _number(a.before), _number(a.after))
        for a in comparison.agents()
    ]
    return (
        Line(f"{changed} of {len(comparison.calls)} calls change", about=about),
        Grid(("clause", "before → after", "calls#", "such as"), clauses),
        Grid(("agent", "calls#", "changed#", "mean before#", "mean after#"), agents),
        *(Line(reason, about="Could not be read") for reason in comparison.unreadable),
    )


_MEASURES = {
    "pace [chars/min]": ("gross_pace_chars_per_min", ".0f"),
    "wait [s]": ("answer_latency_mean_of_medians_s", ".1f"),
    "holds/call": ("holds_per_call", ".1f"),
    "intr./call": ("interruptions_per_call", ".1f"),
}


@blocks_of.register
def _(scorecards: Scorecards) -> Sequence[Block]:
    names = [name for key in scorecards.by for name in _KEYS.get(key, (key,))]
    head = ("standard", *names, "calls#", "score#", "95 %", *(f"{m}#" for m in _MEASURES), "worst clauses")
    rows = []
    for row in scorecards.frame.to_dict("records"):
        low, high = row["score_ci_low"], row["score_ci_high"]
        worst = "\n".join(f"{c['rule_id']} {c['failed']}/{c['decided']}" for c in row["worst_clauses"])
        rows.append(
            (
                _text(row["standard"]) or "not judged",
                *(_text(row[name]) for name in names),
                str(row["calls"]),
                _number(row["score_mean"]),
                "" if low != low else f"{low:.0f}–{high:.0f}",
                *(_number(row[column], form) for column, form in _MEASURES.values()),
                worst,
            )
        )
    return (Grid(head, rows),)


_KEYS = {"agent_id": ("agent_id", "agent_name", "team")}


def _text(value: object) -> str:
    # Missing values of pandas are of several kinds; none is equal to itself but None.
    return "" if value is None or str(value) in ("nan", "<NA>") else str(value)


def _number(value: float | None, form: str = ".1f") -> str:
    return "–" if value is None or value != value else f"{value:{form}}"


def _estimate(estimate: Estimate, *, share: bool = False) -> str:
    if estimate.value is None:
        return "–"
    shown = [estimate.value, estimate.low, estimate.high]
    value, low, high = ("" if v is None else f"{100 * v:.0f} %" if share else f"{v:.2f}" for v in shown)
    return f"{value}\n[{low.removesuffix(' %')}, {high.removesuffix(' %')}]" if low else value
