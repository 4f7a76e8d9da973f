"""The transcript of a call, line by line, with findings where they belong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.call import Call, Event, EventKind, Role, Utterance
from pipeline.reports.pages.timeline_marks import place_of
from pipeline.spans import Span

if TYPE_CHECKING:
    from pipeline.reports.pages.call import FindingView

_COURTESIES = (("announced", "announced"), ("reason_given", "explained"), ("return_courtesy", "thanked"))
_TOLD_EVENTS = (EventKind.RINGBACK, EventKind.ANNOUNCEMENT, EventKind.BUSY_TONE, EventKind.CLOSING_SILENCE)
_SHORTEST_QUOTE = 2
_JOINED = " → "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript.

    Attributes
    ----------
    at_s : float
    anchor : str
        The id of its element.
    role : Role or None
        Who speaks; None for what is heard on the line.
    pieces : tuple of (str, bool)
        What was said, in pieces; of each, whether a finding quotes it.
    band : str
        What is heard on the line, as in `pipeline.reports.pages.timeline`; empty where somebody speaks.
    length_s : float
    courtesies : tuple of str
        Of a hold, keys of texts.
    findings : tuple of FindingView
        Those that stand here.
    """

    at_s: float
    anchor: str
    role: Role | None = None
    pieces: tuple[tuple[str, bool], ...] = ()
    band: str = ""
    length_s: float = 0.0
    courtesies: tuple[str, ...] = ()
    findings: tuple[FindingView, ...] = ()


def transcript(call: Call, views: Sequence[FindingView]) -> tuple[Line, ...]:
    """Return the lines of a call in order of time.

    Parameters
    ----------
    views : sequence of FindingView
        Findings to show in their places; those without a place are left out.
    """
    standing: dict[int, list[FindingView]] = {}
    quoted: dict[int, list[str]] = {}
    for view in views:
        place_s = place_of(call, view.finding)
        said = None if place_s is None else _said_at(call, place_s)
        if said is not None:
            standing.setdefault(said.idx, []).append(view)
        for idx, quote in _quoted(call, view):
            quoted.setdefault(idx, []).append(quote)
    lines = [
        Line(
            u.start_s,
            f"u{u.idx}",
            u.role,
            _pieces(u.text, quoted.get(u.idx, ())),
            findings=tuple(standing.get(u.idx, ())),
        )
        for u in call.utterances
    ]
    lines += _heard_on_the_line(call)
    return tuple(sorted(lines, key=lambda line: (line.at_s, line.role is None)))


def line_of(call: Call, second: float) -> str | None:
    """Return the anchor of the line at a second of the call."""
    said = _said_at(call, second)
    return None if said is None else f"u{said.idx}"


def _said_at(call: Call, second: float) -> Utterance | None:
    """Return what is said at a second, or was said last before; the first utterance before anybody speaks."""
    before = [u for u in call.utterances if u.start_s <= second + 0.05]
    within = [u for u in before if second < u.end_s]
    last = (within or before)[-1:] or list(call.utterances[:1])
    return last[0] if last else None


def _quoted(call: Call, view: FindingView) -> Iterator[tuple[int, str]]:
    """Yield where a finding's quote stands in the call's words."""
    finding = view.finding
    if finding.start_s is None or finding.end_s is None or not view.quote:
        return
    parts = [part.strip() for part in view.quote.split(_JOINED)]
    for said in call.between(Span(finding.start_s, max(finding.start_s, finding.end_s) + 0.05)):
        for part in parts:
            if len(part) >= _SHORTEST_QUOTE and part in said.text:
                yield said.idx, part


def _pieces(text: str, quotes: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """Cut a text where quotes begin and end; quotes may lie within each other."""
    marked = bytearray(len(text))
    for quote in quotes:
        at = text.find(quote)
        marked[at : at + len(quote)] = b"\1" * len(quote)
    pieces: list[tuple[str, bool]] = []
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[begin]:
            pieces.append((text[begin:at], bool(marked[begin])))
            begin = at
    return tuple(pieces)


def _heard_on_the_line(call: Call) -> Iterator[Line]:
    for event in call.events:
        if event.kind is EventKind.HOLD:
            kind = f"hold_{event.get('kind') or 'dead'}"
            yield _line_of_event(event, kind, _courtesies(event))
        elif event.kind in _TOLD_EVENTS:
            yield _line_of_event(event, event.kind.value, ())


def _line_of_event(event: Event, band: str, courtesies: tuple[str, ...]) -> Line:
    at = f"e{round(1000 * event.start_s)}-{event.kind.value}"
    return Line(event.start_s, at, band=band, length_s=event.span.duration_s, courtesies=courtesies)


def _courtesies(hold: Event) -> tuple[str, ...]:
    known = [(hold.get(name), word) for name, word in _COURTESIES]
    return tuple(f"hold_{word}" if kept else f"hold_not_{word}" for kept, word in known if kept is not None)
