"""A call's timeline as a picture: where everything stands, for `templates/timeline.html.jinja` to draw.

Lengths are in units of the picture, which is `WIDTH` wide. What is shorter than a unit is drawn together with
what is beside it, so that a call of hours makes no larger page than one of minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.call import Call, Event, EventKind, Finding, Role, Utterance, Verdict
from pipeline.reports.pages.timeline_marks import Mark, MarkState, marks_of
from pipeline.spans import Span, Spans, intersect, total_s, union

WIDTH = 1000.0
LANE_HEIGHT = 26.0
_GAP = 8.0
_AXIS_HEIGHT = 20.0
_LEVEL_HEIGHT = 44.0
_MOST_TICKS = 12
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_ROLES = (Role.AGENT, Role.CUSTOMER, Role.UNKNOWN)
_LINE_EVENTS = (
    *(EventKind.RINGBACK, EventKind.ANNOUNCEMENT, EventKind.MUSIC, EventKind.BUSY_TONE, EventKind.KEY),
    *(EventKind.CLOSING_SILENCE, EventKind.DROPOUT),
)
# The curve of levels shows the call's own range, but makes no mountains of a decibel.
_LEVEL_RANGE_DB = (9.0, 24.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis."""

    x: float
    at_s: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A role's speech, as one path.

    Attributes
    ----------
    spoken_s : float
        Voice activity.
    """

    role: Role
    y: float
    path: str
    spoken_s: float


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch that is drawn with the pattern of its kind.

    Attributes
    ----------
    kind : str
        ``hold_music``, ``hold_dead``, ``hold_typing``, or a kind of event.
    """

    kind: str
    x: float
    width: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class LevelCurve:
    """How loud a role's utterances are, a step each, as one path."""

    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that the picture shows.

    Attributes
    ----------
    height, lines_y, level_y : float
        Of the picture, of the band of what is heard on the line, and of the curve of levels.
    overlap : str
        Path of where both parties speak, over their lanes.
    overlap_s : float or None
        How long they do; None when it cannot be known.
    """

    height: float
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    overlap: str
    overlap_s: float | None
    bands: tuple[Band, ...]
    lines_y: float
    levels: tuple[LevelCurve, ...]
    level_y: float
    marks: tuple[Mark, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of bands, for the legend, in order of their first."""
        return tuple(dict.fromkeys(band.kind for band in self.bands))

    @property
    def states(self) -> tuple[MarkState, ...]:
        """States of what is marked, for the legend, the gravest first; the usual ones always."""
        there = {one.state for mark in self.marks for one in mark.findings}
        return tuple(s for s in MarkState if s in there or (there and s is not MarkState.OVERTURNED))


def timeline(call: Call, judged: Iterable[tuple[Finding, Verdict]] = ()) -> Timeline:
    """Return what the picture of a call shows.

    Parameters
    ----------
    judged : iterable of (Finding, Verdict)
        Findings under one rulebook or several, each with the verdict after review; those that fail or are
        undetermined by either are marked where they have a place.
    """
    scale = WIDTH / max(call.duration_s, 0.1)
    roles = [r for r in _ROLES if call.speech(r)] or [Role.UNKNOWN]
    lanes = []
    y = _AXIS_HEIGHT
    for role in roles:
        speech = call.speech(role)
        lanes.append(Lane(role, y, _boxes(speech, scale, y, LANE_HEIGHT), total_s(speech)))
        y += LANE_HEIGHT + _GAP
    both = intersect(call.speech(Role.AGENT), call.speech(Role.CUSTOMER)) if call.separated else ()
    lines_y = y
    level_y = lines_y + LANE_HEIGHT + _GAP
    levels = tuple(_levels(call.utterances, roles, scale, level_y))
    return Timeline(
        height=level_y + (_LEVEL_HEIGHT if levels else 0.0),
        ticks=tuple(_ticks(call.duration_s, scale)),
        lanes=tuple(lanes),
        overlap=_boxes(both, scale, _AXIS_HEIGHT, 2 * LANE_HEIGHT + _GAP),
        overlap_s=total_s(both) if call.separated else None,
        bands=tuple(_bands(call, scale)),
        lines_y=lines_y,
        levels=levels,
        level_y=level_y,
        marks=tuple(marks_of(call, judged)),
    )


def _ticks(duration_s: float, scale: float) -> Iterator[Tick]:
    step_s = next((s for s in _TICK_STEPS_S if duration_s / s <= _MOST_TICKS), _TICK_STEPS_S[-1])
    for n in range(int(duration_s / step_s) + 1):
        yield Tick(round(n * step_s * scale, 1), n * step_s)


def _boxes(spans: Spans, scale: float, y: float, height: float) -> str:
    """Return rectangles as one path; those that lie less than a unit apart are one."""
    joined = union(spans, bridge_s=1.0 / scale)
    return "".join(
        f"M{s.start_s * scale:.1f} {y:g}h{max(1.0, s.duration_s * scale):.1f}v{height:g}"
        f"H{s.start_s * scale:.1f}z"
        for s in joined
    )


def _bands(call: Call, scale: float) -> Iterator[Band]:
    holds = call.events_of(EventKind.HOLD)
    held = union(e.span for e in holds)
    for event in sorted((e for e in call.events if e.kind in _LINE_EVENTS), key=lambda e: e.start_s):
        # Music that fills a hold is shown as the hold.
        if total_s(intersect(held, [event.span])) <= event.span.duration_s / 2:
            yield _band(event.kind.value, event, scale)
    for hold in holds:
        yield _band(f"hold_{hold.get('kind') or 'dead'}", hold, scale)


def _band(kind: str, event: Event, scale: float) -> Band:
    width = max(2.0, event.span.duration_s * scale)
    return Band(kind, round(event.start_s * scale, 1), round(width, 1), event.start_s, event.end_s)


def _levels(
    utterances: Sequence[Utterance], roles: Iterable[Role], scale: float, y: float
) -> Iterator[LevelCurve]:
    known = [u.level_dbfs for u in utterances if u.level_dbfs is not None]
    if not known:
        return
    top_db = max(known)
    range_db = min(max(top_db - min(known), _LEVEL_RANGE_DB[0]), _LEVEL_RANGE_DB[1])
    for role in roles:
        # Of many short utterances in one unit the loudest is drawn.
        loudest: dict[int, tuple[float, Span]] = {}
        for said in utterances:
            if said.role is role and said.level_dbfs is not None:
                x = round(said.start_s * scale)
                if x not in loudest or said.level_dbfs > loudest[x][0]:
                    loudest[x] = (said.level_dbfs, said.span)
        steps = [
            f"M{span.start_s * scale:.1f} {_level_y((top_db - level) / range_db, y):.1f}"
            f"h{max(1.0, span.duration_s * scale):.1f}"
            for level, span in loudest.values()
        ]
        if steps:
            yield LevelCurve(role, "".join(steps))


def _level_y(below: float, y: float) -> float:
    return y + 3.0 + min(1.0, below) * (_LEVEL_HEIGHT - 6.0)
