"""Scorecards and single calls in the terminal.

All text that comes from recordings, metadata and rulebooks is data: it is never read as console
markup, and control characters in it, which could command the terminal, are shown as symbols.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.call import Call, Event, EventKind, Finding, Role, Score, Verdict
from pipeline.reports.natural import natural_key
from pipeline.reports.plain import counted, plain_text
from pipeline.reports.timeline import TimelineView, clock

if TYPE_CHECKING:
    import pandas as pd

_SIGNS = {
    Verdict.FAIL: ("✗", "fail", "red"),
    Verdict.UNDETERMINED: ("?", "open", "yellow"),
    Verdict.PASS: ("✓", "pass", "green"),
    Verdict.NOT_APPLICABLE: ("–", "n/a", "dim"),
}
_ORDER = tuple(_SIGNS)
# Evidence longer than this is a window that was searched, not something that was said.
WINDOW_S = 25.0
QUOTE_CHARS = 60
_MARKED = (Verdict.FAIL, Verdict.UNDETERMINED)
_COURTESIES = (
    ("announced", "announced"),
    ("reason_given", "explained"),
    ("asked", "asked"),
    ("consent", "agreed to"),
    ("return_courtesy", "thanked or apologised for on return"),
)
# What scorecards are told apart by: the column's head and width.
_GROUPS = {"date": ("day", 10), "agent_id": ("agent", 14), "team": ("team", 8), "shift_hour": ("of shift", 9)}
_SPEAKERS = {Role.AGENT: "cyan", Role.CUSTOMER: "yellow", Role.UNKNOWN: "white"}


def plain(value: object, *, style: str = "") -> Text:
    """Return ``value`` as text that is shown as it is; control and direction characters become ``�``."""
    return Text(plain_text(value), style=style)


def scorecard_table(frame: pd.DataFrame) -> Table:
    """Return scorecards as a table that fits 80 columns.

    Parameters
    ----------
    frame : pandas.DataFrame
        From ``scorecards.daily`` or ``scorecards.merge``; rows are shown in their order, rulebook by
        rulebook.
    """
    tables = Table.grid()
    for standard in dict.fromkeys(None if _absent(s) else s for s in frame["standard"]):
        rows = frame[frame["standard"].isna() if standard is None else frame["standard"] == standard]
        tables.add_row(plain("not judged" if standard is None else standard, style="bold"))
        tables.add_row(_scorecards(rows))
    legend = (
        "score with its 95 % interval; pace in chars/min; wait: mean of the calls' median answer latencies; "
        "holds and interruptions (intr) per call; clauses: failed/decided; – not measured"
    )
    if len(frame) and frame.get("findings_reviewed", frame["calls"] * 0).any():
        legend += "; → score after review, with findings overturned/reviewed"
    tables.add_row(Text(legend if len(frame) else "no calls", style="dim"))
    return tables


def _scorecards(rows: pd.DataFrame) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    groups = [name for name in _GROUPS if name in rows.columns]
    for name in groups:
        head, width = _GROUPS[name]
        table.add_column(head, overflow="fold", max_width=width)
    for name in ("calls", "score", "pace", "wait", "holds", "intr"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("worst clauses", overflow="fold")
    known = rows.astype(object).where(rows.notna(), None)
    records = [{str(k): v for k, v in row.items()} for row in known.to_dict("records")]
    if groups[:1] == ["team"]:
        records.sort(key=lambda row: (_absent(row["team"]), natural_key(str(row["team"]))))
    for row in records:
        table.add_row(*(_group_cell(name, row) for name in groups), *_scorecard_cells(row))
    return table


def _group_cell(name: str, row: Mapping[str, Any]) -> Text:
    """Return what a row is of: its day, agent, team or hour of the shift."""
    if name == "agent_id":
        who = dict.fromkeys(str(row[key]) for key in ("agent_name", "agent_id") if not _absent(row[key]))
        return plain(" ".join(who))
    value = row[name]
    if _absent(value):
        # A team stands beside each agent; alone it names the row.
        return plain("" if name == "team" and "agent_id" in row else "unknown")
    return plain(f"{value}–{value + 1} h" if name == "shift_hour" else value)


def _scorecard_cells(row: Mapping[str, Any]) -> list[Text]:
    clauses = [f"{c['rule_id']} {c['failed']}/{c['decided']}" for c in row["worst_clauses"]]
    return [
        _calls_cell(row),
        _score_cell(row),
        _number(row["gross_pace_chars_per_min"], ".0f"),
        _number(row["answer_latency_mean_of_medians_s"], ".1f", " s"),
        _number(row["holds_per_call"], ".1f"),
        _number(row["interruptions_per_call"], ".1f"),
        Text("\n").join(plain(c) for c in clauses),
    ]


def _calls_cell(row: Mapping[str, Any]) -> Text:
    cell = Text(str(row["calls"]))
    if row["calls_to_review"]:
        cell.append(f", {row['calls_to_review']} to review", style="yellow")
    return cell


def _score_cell(row: Mapping[str, Any]) -> Text:
    score = _number(row["score_mean"], ".1f")
    if not _absent(row["score_ci_low"]):
        score.append(f" {row['score_ci_low']:.0f}–{row['score_ci_high']:.0f}", style="dim")
    if row.get("findings_reviewed"):
        after = _number(row["score_after_review_mean"], ".1f")
        score.append("\n→ ").append_text(after)
        score.append(f" {row['findings_overturned']}/{row['findings_reviewed']}", style="dim")
    return score


def _number(value: float | None, form: str, unit: str = "") -> Text:
    return Text("–", style="dim") if _absent(value) else Text(f"{value:{form}}{unit}")


def _absent(value: object) -> bool:
    return value is None or value != value  # NaN is not equal to itself


def call_view(
    call: Call,
    findings: Sequence[Finding] = (),
    scores: Sequence[Score] = (),
    *,
    titles: Mapping[str, str] | None = None,
    everything: bool = False,
) -> RenderableType:
    """Return one call: its facts, timeline, transcript with findings in place, verdicts and scores.

    Parameters
    ----------
    findings, scores : sequence
        Under one rulebook or several.
    titles : mapping of str to str or None
        Titles of clauses by ``rule_id``.
    everything : bool
        Show passes with their reasons and name the clauses that are not applicable; otherwise both are
        folded to a line.
    """
    titles = titles or {}
    parts: list[RenderableType] = [
        _facts(call),
        Text(),
        TimelineView(call),
        Text(),
        _transcript(call, findings, titles),
    ]
    for score in scores:
        judged = [f for f in findings if f.standard == score.standard]
        listed = [f for f in judged if f.verdict in (*_MARKED, *((Verdict.PASS,) if everything else ()))]
        parts += [Text(), plain(score.standard, style="bold")]
        parts += [_verdicts(listed, titles)] if listed else []
        parts += [*_folded(judged, everything), _arithmetic(score, judged)]
    return Group(*parts)


def _facts(call: Call) -> Table:
    record = call.record
    agent = " ".join(part for part in (record.agent_name, record.agent_id, record.team) if part)
    started = record.started_at.isoformat(" ", "minutes") if record.started_at else None
    sides = "each party on a channel" if call.separated else "parties not on channels of their own"
    table = Table.grid(padding=(0, 2))
    for name, value in (
        ("call", record.call_id),
        ("agent", agent),
        ("start", started),
        ("direction", record.direction),
        ("length", f"{clock(call.duration_s)}, {'mono' if call.channels == 1 else 'stereo'}, {sides}"),
        ("heard", _heard(call)),
    ):
        table.add_row(Text(name, style="dim"), plain(value or "unknown"))
    return table


def _heard(call: Call) -> str:
    removed = f", {call.removed_texts} invented texts taken out" if call.removed_texts else ""
    return f"quality {call.hearing_quality:.0%}{removed}"


def _transcript(call: Call, findings: Sequence[Finding], titles: Mapping[str, str]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for _, time, speaker, said in sorted(_lines(call, findings, titles), key=lambda line: line[0]):
        table.add_row(time, speaker, said)
    return table


_Line = tuple[tuple[float, int], Text, Text, Text]


def _lines(call: Call, findings: Sequence[Finding], titles: Mapping[str, str]) -> Iterator[_Line]:
    """Lines of the transcript, each with its place: start, then speech before holds before findings."""
    for said in call.utterances:
        style = _SPEAKERS[said.role]
        yield (
            (said.start_s, 0),
            Text(clock(said.start_s), "dim"),
            Text(said.role.value, style),
            plain(said.text),
        )
    for hold in call.events_of(EventKind.HOLD):
        yield (hold.start_s, 1), Text(clock(hold.start_s), "dim"), Text("hold", "magenta"), _hold(hold)
    for finding in findings:
        if finding.start_s is not None and finding.verdict in _MARKED:
            sign, _, style = _SIGNS[finding.verdict]
            note = Text(f"{sign} ", style=style).append_text(plain(finding.rule_id, style="bold"))
            # Reasons and quotes stand in the list of verdicts.
            about = titles.get(finding.rule_id) or shortened(finding.reason)
            note.append_text(Text(" ").append_text(plain(about)))
            yield (_place(call, finding), 2), Text(), Text(), note


def _place(call: Call, finding: Finding) -> float:
    """Where a finding stands: after the utterance it is about, or at the end of the window it searched."""
    start_s, end_s = finding.start_s or 0.0, finding.end_s or 0.0
    if end_s - start_s > WINDOW_S:
        return end_s
    said = [u.start_s for u in call.utterances if u.start_s <= start_s < u.end_s]
    return max(said, default=start_s)


def _hold(hold: Event) -> Text:
    """A hold in words: how long, filled with what, and which courtesies were kept."""
    about = [f"{hold.span.duration_s:.1f} s {hold.get('kind')}"]
    wait_s = hold.get("longest_wait_s")
    if isinstance(wait_s, (int, float)) and hold.span.duration_s - wait_s > 1:
        about.append(f"longest wait {wait_s:.1f} s")
    for name, words in _COURTESIES:
        if hold.get(name) is not None:
            about.append(words if hold.get(name) else f"not {words}")
    return plain(", ".join(about), style="magenta")


def _verdicts(findings: Sequence[Finding], titles: Mapping[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("verdict", no_wrap=True)
    table.add_column("clause", overflow="fold", max_width=24)
    table.add_column("at", no_wrap=True, justify="right")
    table.add_column("why", overflow="fold", ratio=1)
    for finding in sorted(findings, key=lambda f: (_ORDER.index(f.verdict), f.rule_id)):
        sign, word, style = _SIGNS[finding.verdict]
        clause = plain(finding.rule_id, style="bold")
        if finding.critical:
            clause.append("\ncritical", style="red")
        title = titles.get(finding.rule_id)
        why = Text.assemble(plain(f"{title}: ", style="dim") if title else "", plain(finding.reason))
        if finding.quote and finding.quote not in finding.reason:
            why.append_text(plain(f" “{shortened(finding.quote)}”", style="italic"))
        at = "" if finding.start_s is None else clock(finding.start_s)
        table.add_row(Text(f"{sign} {word}", style=style), clause, Text(at), why)
    return table


def shortened(text: str) -> str:
    """Return a text as long as its beginning is needed to find it: the transcript has all of it."""
    return text if len(text) <= QUOTE_CHARS else f"{text[:QUOTE_CHARS]}…"


def _folded(findings: Sequence[Finding], everything: bool) -> Iterator[Text]:
    """Yield the lines of what needs nobody's attention."""
    passed = sorted(f.rule_id for f in findings if f.verdict is Verdict.PASS)
    if passed and not everything:
        yield Text("✓ ", style="green").append_text(plain(f"{len(passed)} passed: {', '.join(passed)}"))
    not_owed = sorted(f.rule_id for f in findings if f.verdict is Verdict.NOT_APPLICABLE)
    if not_owed and everything:
        yield plain(f"– {len(not_owed)} not applicable: {', '.join(not_owed)}", style="dim")
    elif not_owed:
        yield plain(f"– {len(not_owed)} not applicable; --all names them", style="dim")


def _arithmetic(score: Score, findings: Sequence[Finding]) -> Text:
    decided = sum(f.verdict in (Verdict.PASS, Verdict.FAIL) and f.points > 0 for f in findings)
    left_open = sum(f.verdict is Verdict.UNDETERMINED for f in findings)
    clauses = counted(decided, "decided clause")
    text = Text(f"{score.earned:g} of {score.possible:g} points over {clauses} with points")
    if score.score_before_critical is None:
        text.append(": no score")
    else:
        text.append(f" = {score.score_before_critical:.1f}")
    if score.critical_failures:
        text.append(f"; {score.critical_failures} critical failed → {score.score or 0:.1f}", style="red")
    if left_open:
        text.append(f"; {left_open} left to a person", style="yellow")
    dimensions = "  ".join(f"{n} {'–' if v is None else f'{v:.1f}'}" for n, v in score.dimensions)
    return text.append(f"\n{dimensions}", style="dim")
