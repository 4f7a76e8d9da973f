"""How clauses stand with reviewers, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.calibration.agreement import FEWEST
from pipeline.estimates import Estimate
from pipeline.reports.terminal import plain
from pipeline.reviews.health import ClauseHealth

_NAMED = 5
_LEGEND = (
    "overturned: of the decided findings that were reviewed, in brackets the 95 % interval, by whose lower "
    "end clauses are ranked; precision: of what the clause fails, how much is right, in brackets the "
    "interval, from findings drawn by 'callaudit sample' where it says drawn, otherwise from those that "
    "reviewers chose; open: share left undetermined; settled: of those "
    "reviewed, how many a reviewer decided; conf: mean confidence of verdicts; stale: marks on "
    f"what is judged otherwise now; * fewer than {FEWEST} reviewed: too few to decide anything"
)


def health_view(clauses: Sequence[ClauseHealth]) -> RenderableType:
    """Return the clauses with reviews as a table that fits 80 columns; the others in a line."""
    if not clauses:
        return Text("no findings; 'callaudit judge' makes them")
    shown = [c for c in clauses if c.reviewed or c.open_reviewed or c.stale]
    others = [c for c in clauses if not (c.reviewed or c.open_reviewed or c.stale)]
    parts: list[RenderableType] = []
    for standard in dict.fromkeys(clause.standard for clause in shown):
        parts += [plain(standard, style="bold"), _table([c for c in shown if c.standard == standard])]
    if shown:
        parts.append(Text(_LEGEND, style="dim"))
    else:
        parts.append(Text("nobody has reviewed a finding yet; 'callaudit review import' takes marks in"))
    if others:
        parts.append(_unreviewed(others))
    return Group(*parts)


def _table(clauses: Sequence[ClauseHealth]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("clause", overflow="fold")
    for name in ("reviewed", "overturned", "precision", "open", "settled", "conf", "stale"):
        table.add_column(name, justify="right", no_wrap=True)
    for clause in clauses:
        settled = f"{clause.settled}/{clause.open_reviewed}" if clause.open_reviewed else ""
        table.add_row(
            plain(clause.rule_id + ("*" if clause.too_few else "")),
            str(clause.reviewed),
            _share(clause.overturn),
            _share(clause.precision) + (" drawn" if clause.fails_drawn else ""),
            "–" if clause.undetermined.value is None else f"{clause.undetermined.value:.0%}",
            settled,
            "–" if clause.confidence is None else f"{clause.confidence:.2f}",
            str(clause.stale) if clause.stale else "",
        )
    return table


def _share(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    return f"{estimate.value:.0%} [{100 * estimate.low:.0f}, {100 * estimate.high:.0f}]"


def _unreviewed(clauses: Sequence[ClauseHealth]) -> Text:
    most = sorted(clauses, key=lambda c: (-(c.undetermined.value or 0.0), c.standard, c.rule_id))[:_NAMED]
    named = ", ".join(f"{c.rule_id} {c.undetermined.value:.0%}" for c in most if c.undetermined.value)
    text = f"{len(clauses)} clauses that nobody has reviewed"
    return plain(f"{text}; most often left open: {named}" if named else text)
