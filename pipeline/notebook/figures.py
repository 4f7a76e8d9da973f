"""Figures for notebooks, drawn by matplotlib (extra ``notebooks``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.call import Call, EventKind, Finding, Role, Verdict
from pipeline.spans import Span
from pipeline.tables import Judgement

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, which people who do not tell red from green tell apart.
_VOICES = {Role.CUSTOMER: "#E69F00", Role.AGENT: "#0072B2", Role.UNKNOWN: "#999999"}
_HOLDS = {"music": "#CC79A7", "dead": "#8C8C8C", "typing": "#009E73"}
_OTHER_HOLD = _HOLDS["dead"]
_LINE = {EventKind.RINGBACK: ("ringing", "#56B4E9"), EventKind.ANNOUNCEMENT: ("announcement", "#F0E442")}
_INTERRUPTION = "#D55E00"
_VERDICTS = {Verdict.FAIL: "#F2A27E", Verdict.UNDETERMINED: "#D3D3D3"}


def draw_timeline(
    call: Call, judgements: Sequence[Judgement] = (), *, titles: Mapping[str, str] | None = None
) -> Figure:
    """Draw who speaks, what happens on the line, and the findings to listen to.

    The upper panel has a lane for each voice and one for the line: holds, ringing, announcements. The lower
    one has a row for each clause that failed or was left open: where its evidence lies or, for something
    that was not said, the stretch that was searched.

    Parameters
    ----------
    call : Call
        From a store.
    judgements : sequence of Judgement
        Of this call, under one rulebook or several.
    titles : mapping of str to str or None
        What clauses ask for, by ``rule_id``; written beside their rows where every font has the letters.

    Returns
    -------
    matplotlib.figure.Figure
        Not yet shown; a notebook shows it when it is the last value of a cell.

    Raises
    ------
    ModuleNotFoundError
        Without matplotlib, which the extra ``notebooks`` installs.
    """
    from matplotlib.figure import Figure

    found = [f for judgement in judgements for f in judgement.findings]
    shown = sorted((f for f in found if f.verdict in _VERDICTS and f.start_s is not None), key=_place)
    heights = [2.2, max(0.6, 0.32 * len(shown))] if shown else [2.2]
    figure = Figure(figsize=(11, 1.3 + sum(heights)), layout="constrained")
    panels = figure.subplots(
        len(heights), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
    )[:, 0]
    _draw_voices(panels[0], call)
    if shown:
        _draw_findings(panels[1], shown, titles or {}, call.duration_s)
    panels[-1].set_xlim(0, call.duration_s)
    panels[-1].set_xlabel("time from the start of the recording [s]")
    scores = [f"{j.score.standard} {_scored(j.score.score)}" for j in judgements]
    heading = f"{call.record.call_id}, agent {call.record.agent_id or 'unknown'}"
    panels[0].set_title(_latin(": ".join([heading, *([", ".join(scores)] if scores else [])])), loc="left")
    return figure


def _place(finding: Finding) -> tuple[float, str]:
    return finding.start_s or 0.0, finding.rule_id


def _scored(score: float | None) -> str:
    return "not scored" if score is None else f"{score:.0f}"


def _latin(text: str) -> str:
    """Leave out what fonts may lack: which are installed is not known; marks of mathematics are text."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text).replace("$", r"\$")


def _draw_voices(axes: Axes, call: Call) -> None:
    """Draw a lane for each voice and one for the line."""
    from matplotlib.patches import Patch

    roles = [role for role in _VOICES if call.speech(role) or role is not Role.UNKNOWN]
    lanes = {role: place for place, role in enumerate(reversed(roles), start=1)}
    legend: dict[str, Artist] = {}
    for role, place in lanes.items():
        spoken = [(s.start_s, s.duration_s) for s in call.speech(role)]
        axes.broken_barh(spoken, (place - 0.35, 0.7), color=_VOICES[role])
    for event in call.events_of(EventKind.HOLD):
        kind = str(event.get("kind"))
        colour = _HOLDS.get(kind, _OTHER_HOLD)
        axes.axvspan(event.start_s, event.end_s, color=colour, alpha=0.15, linewidth=0)
        _draw_on_line(axes, event.span, colour)
        legend[f"hold, {kind}"] = Patch(color=colour)
    for event_kind, (label, colour) in _LINE.items():
        for event in call.events_of(event_kind):
            _draw_on_line(axes, event.span, colour)
            legend[label] = Patch(color=colour)
    for event in call.events_of(EventKind.INTERRUPTION):
        height = lanes.get(event.role or Role.UNKNOWN, 0) + 0.42
        (mark,) = axes.plot(event.start_s, height, "v", color=_INTERRUPTION, markersize=9, clip_on=False)
        legend["interruption"] = mark
    axes.set_yticks([0, *lanes.values()], ["line", *(role.value for role in lanes)])
    axes.set_ylim(-0.5, len(lanes) + 0.6)
    _finish(axes, legend)


def _draw_on_line(axes: Axes, span: Span, colour: str) -> None:
    axes.broken_barh([(span.start_s, span.duration_s)], (-0.3, 0.6), color=colour)


def _draw_findings(
    axes: Axes, findings: Sequence[Finding], titles: Mapping[str, str], duration_s: float
) -> None:
    """Draw a row for each finding, its title inside the panel."""
    from matplotlib.patches import Patch

    for row, finding in enumerate(findings):
        start_s, end_s = finding.start_s or 0.0, finding.end_s or finding.start_s or 0.0
        length_s = max(end_s - start_s, duration_s / 200)
        axes.barh(row, length_s, left=start_s, height=0.62, color=_VERDICTS[finding.verdict])
        title = titles.get(finding.rule_id, "")
        if title.isascii():
            late = start_s > 0.6 * duration_s
            at_s, align = (end_s, "right") if late else (start_s, "left")
            axes.text(at_s, row, f" {_latin(title)} ", va="center", ha=align, fontsize=8)
    axes.set_yticks(range(len(findings)), [_latin(f.rule_id) for f in findings])
    axes.set_ylim(len(findings) - 0.4, -0.6)
    verdicts = [v for v in _VERDICTS if any(f.verdict is v for f in findings)]
    _finish(axes, {v.value: Patch(color=_VERDICTS[v]) for v in verdicts})


def _finish(axes: Axes, legend: Mapping[str, Artist]) -> None:
    if legend:
        handles, labels = [*legend.values()], [_latin(label) for label in legend]
        axes.legend(handles, labels, loc="lower right", bbox_to_anchor=(1, 1), ncols=6, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
