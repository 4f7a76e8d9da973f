"""A call's timeline as two lines of block characters, as wide as the terminal allows."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from pipeline.call import Call, EventKind, Role
from pipeline.spans import Span, Spans, intersect, total_s

_BLOCKS = " ▁▂▃▄▅▆▇█"
_LABEL_WIDTH = 9
_SMALLEST, _WIDEST = 20, 160
_LANES = ((Role.AGENT, "cyan"), (Role.CUSTOMER, "yellow"), (Role.UNKNOWN, "white"))
_MARKS = (
    # Later ones are drawn over earlier ones.
    (EventKind.HOLD, "H", "hold"),
    (EventKind.MUSIC, "M", "music"),
    (EventKind.RINGBACK, "R", "ringing"),
    (EventKind.ANNOUNCEMENT, "A", "announcement"),
    (EventKind.INTERRUPTION, "!", "interruption"),
)


def clock(seconds: float) -> str:
    """Return a time in the recording as ``m:ss.t``, or ``h:mm:ss.t`` from one hour on."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{shown}" if hours else f"{minutes}:{shown}"


class TimelineView:
    """Renders who speaks when: a lane per role, the height of a block being the share of speech in it.

    Parameters
    ----------
    call : Call
        Its speech events fill the lanes, its other events the line of marks.
    """

    def __init__(self, call: Call) -> None:
        self._call = call

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(_LABEL_WIDTH + _SMALLEST, options.max_width), options.max_width)

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(1, min(_WIDEST, options.max_width - _LABEL_WIDTH))
        cells = _cells(self._call.duration_s, width)
        yield _line("", Text(_scale(self._call.duration_s, width), style="dim"))
        for role, style in _LANES:
            speech = self._call.speech(role)
            if speech or role is not Role.UNKNOWN:
                yield _line(role.value, Text(_lane(speech, cells), style=style))
        present = [m for m in _MARKS if self._call.events_of(m[0])]
        if present:
            marks = "".join(_mark(self._call, cell) for cell in cells)
            yield _line("", Text(marks, style="magenta"))
            legend = "  ".join(f"{letter} {name}" for _, letter, name in present)
            yield _line("", Text(legend, style="dim"))


def _cells(duration_s: float, width: int) -> list[Span]:
    step = duration_s / width
    return [Span(n * step, (n + 1) * step) for n in range(width)]


def _lane(speech: Spans, cells: Iterable[Span]) -> str:
    return "".join(_BLOCKS[_height(total_s(intersect(speech, [cell])), cell.duration_s)] for cell in cells)


def _height(spoken_s: float, cell_s: float) -> int:
    """Height in eighths; any speech at all shows."""
    if spoken_s <= 0 or cell_s <= 0:
        return 0
    return max(1, min(8, round(8 * spoken_s / cell_s)))


def _mark(call: Call, cell: Span) -> str:
    shown = [
        letter
        for kind, letter, _ in _MARKS
        if any(
            e.span.overlap_s(cell) > 0 or cell.start_s <= e.start_s < cell.end_s for e in call.events_of(kind)
        )
    ]
    return shown[-1] if shown else " "


def _scale(duration_s: float, width: int) -> str:
    start, end = "0:00", clock(duration_s)
    return f"{start}{end:>{width - len(start)}}" if width >= len(start) + len(end) + 1 else ""


def _line(label: str, content: Text) -> Text:
    return Text.assemble(f"{label:<{_LABEL_WIDTH}}", content, no_wrap=True, overflow="crop")
