"""Evidence clips: the stretches of a recording that findings rest on, each cut once.

A window that was searched in vain may be as long as the call. Nobody listens to minutes of it, so of a window
longer than a minute a clip holds what helps most: what the finding quotes, or the half minute in which its
role speaks most.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import attrgetter
from pathlib import Path

from pipeline.audio import Cut, cut_clips
from pipeline.call import Call, Finding, Role, Verdict
from pipeline.privacy import muted_spans
from pipeline.reports.slugs import slug
from pipeline.spans import Span, Spans, crop

WORTH_HEARING = (Verdict.FAIL, Verdict.UNDETERMINED)
LONGEST_S = 60.0
"""A stretch longer than this is shortened."""
SHORTENED_S = 30.0
# Shorter quotes are found by chance.
_QUOTED = 4
_NAMED_RULES = 3
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch to listen to and the findings that rest on it.

    Attributes
    ----------
    span : Span
        What is heard, without the margin.
    window : Span
        The evidence, or the window that was searched; longer than ``span`` when that was shortened.
    findings : tuple of Finding
        In the order they were given.
    """

    span: Span
    window: Span
    findings: tuple[Finding, ...]

    @property
    def shortened(self) -> bool:
        """Whether only part of the window is heard."""
        return self.span.duration_s < self.window.duration_s

    @property
    def file_name(self) -> str:
        """Clauses and the second it begins at: ``OPS-25+OPS-27_16.5s.mp3``."""
        rules = list(dict.fromkeys(_UNSAFE.sub("_", f.rule_id)[:24] for f in self.findings))
        more = f"+{len(rules) - _NAMED_RULES}more" if len(rules) > _NAMED_RULES else ""
        # Shortened clips may begin where another begins.
        end = f"-{self.span.end_s:.1f}"
        return f"{'+'.join(rules[:_NAMED_RULES])}{more}_{self.span.start_s:.1f}{end}s.mp3"


def plan_clips(
    call: Call, findings: Iterable[Finding], *, verdicts: Collection[Verdict] = WORTH_HEARING
) -> tuple[Clip, ...]:
    """Return one clip for every distinct stretch that findings rest on, in order of time.

    Parameters
    ----------
    findings : iterable of Finding
        Under one rulebook or several; those without an interval have no clip.
    verdicts : collection of Verdict
        Whose evidence is worth hearing.
    """
    # Most findings without a place of their own are about the same window.
    densest = cache(partial(_densest, call))
    stretches: dict[tuple[float, float], tuple[Span, Span, list[Finding]]] = {}
    for finding in findings:
        window = _window(call, finding) if finding.verdict in verdicts else None
        if window is None:
            continue
        span = _heard(call, finding, window, densest)
        key = (round(span.start_s, 1), round(span.end_s, 1))
        _, longest, resting = stretches.setdefault(key, (span, window, []))
        resting.append(finding)
        stretches[key] = (span, max(longest, window, key=lambda s: s.duration_s), resting)
    return tuple(Clip(span, window, tuple(of)) for _, (span, window, of) in sorted(stretches.items()))


def cut_evidence(call: Call, clips: Sequence[Clip], folder: Path) -> tuple[Path, ...]:
    """Write clips as MP3 files into a folder and return their paths, in the order of ``clips``.

    Personal data that were taken out of the call's texts are not heard in them.

    Raises
    ------
    AudioError
        When the recording cannot be decoded any more.
    """
    paths = tuple(folder / clip.file_name for clip in clips)
    cuts = [Cut(clip.span, path) for clip, path in zip(clips, paths, strict=True)]
    cut_clips(call.record, cuts, muted=muted_spans(call))
    return paths


def clips_folder(call_date: str, call_id: str) -> Path:
    """Return where a call's clips lie below a folder of clips: ``2026-10-09/dev-001-1f2e3d4c5b``."""
    return Path(call_date) / slug(call_id)


def _window(call: Call, finding: Finding) -> Span | None:
    if finding.start_s is None or finding.end_s is None:
        return None
    window = Span(finding.start_s, max(finding.start_s, min(finding.end_s, call.duration_s)))
    return window if window.duration_s > 0 else None


def _heard(call: Call, finding: Finding, window: Span, densest: Callable[[Role | None, Span], Span]) -> Span:
    """Return the part of a window that helps a listener; all of it when it is short."""
    if window.duration_s <= LONGEST_S:
        return window
    quote = finding.quote.strip()
    if len(quote) >= _QUOTED:
        for said in call.between(window):
            if quote in said.text and said.span.duration_s <= LONGEST_S:
                return said.span
    return densest(finding.role, window)


def _densest(call: Call, role: Role | None, window: Span) -> Span:
    """Return the half minute of a window in which a role, or anybody, speaks most."""
    speech = crop(call.speech(role) or call.speech(), window)
    last_s = max(window.start_s, window.end_s - SHORTENED_S)
    starts = [window.start_s, *(min(s.start_s, last_s) for s in speech)]
    spans = (Span(start_s, min(window.end_s, start_s + SHORTENED_S)) for start_s in starts)
    return max(spans, key=lambda span: (round(_spoken_s(speech, span), 3), -span.start_s))


def _spoken_s(speech: Spans, span: Span) -> float:
    """Seconds of sorted, disjoint spans that lie in one; it is asked for thousands of times a call."""
    first = bisect_right(speech, span.start_s, key=attrgetter("end_s"))
    end = bisect_left(speech, span.end_s, key=attrgetter("start_s"))
    return sum(min(s.end_s, span.end_s) - max(s.start_s, span.start_s) for s in speech[first:end])
