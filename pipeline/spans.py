"""Interval algebra in seconds.

A span is half-open, ``[start_s, end_s)``. Functions take any iterable of spans and return a
sorted tuple of disjoint, non-empty spans. The habits are those of ``pyannote.core.Timeline``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, ``[start_s, end_s)``, in seconds from the start of the recording."""

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        """Reject a span that ends before it starts."""
        if not self.start_s <= self.end_s:
            raise ValueError(f"a span must not end before it starts: [{self.start_s}, {self.end_s})")

    @property
    def duration_s(self) -> float:
        """Length in seconds, at least 0."""
        return self.end_s - self.start_s

    def overlap_s(self, other: Span) -> float:
        """Seconds shared with ``other``, at least 0."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


Spans = tuple[Span, ...]

_BOUNDS = attrgetter("start_s", "end_s")
_START, _END = attrgetter("start_s"), attrgetter("end_s")


def union(spans: Iterable[Span], *, bridge_s: float = 0.0) -> Spans:
    """Join spans that overlap, touch, or lie less than ``bridge_s`` seconds apart."""
    joined: list[Span] = []
    for span in sorted((s for s in spans if s.end_s > s.start_s), key=_BOUNDS):
        last = joined[-1] if joined else None
        if last is not None and (span.start_s <= last.end_s or span.start_s - last.end_s < bridge_s):
            joined[-1] = Span(last.start_s, max(last.end_s, span.end_s))
        else:
            joined.append(span)
    return tuple(joined)


def intersect(left: Iterable[Span], right: Iterable[Span]) -> Spans:
    """Time that lies in both."""
    a, b = union(left), union(right)
    common: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start_s, b[j].start_s), min(a[i].end_s, b[j].end_s)
        if start < end:
            common.append(Span(start, end))
        if a[i].end_s < b[j].end_s:
            i += 1
        else:
            j += 1
    return tuple(common)


def crop(spans: Spans, to: Span) -> Spans:
    """Time of sorted, disjoint spans that lies in one interval; unlike `intersect`, looks at no others."""
    first = bisect_right(spans, to.start_s, key=_END)
    end = bisect_left(spans, to.end_s, key=_START)
    return intersect(spans[first:end], [to])


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> Spans:
    """Time in ``spans`` that is not in ``holes``."""
    left: list[Span] = []
    cuts = union(holes)
    for span in union(spans):
        start = span.start_s
        for cut in cuts:
            if cut.end_s <= start:
                continue
            if cut.start_s >= span.end_s:
                break
            if cut.start_s > start:
                left.append(Span(start, cut.start_s))
            start = cut.end_s
        if start < span.end_s:
            left.append(Span(start, span.end_s))
    return tuple(left)


def gaps(spans: Iterable[Span], *, within: Span | None = None) -> Spans:
    """Time between the spans, or, given ``within``, all of it that no span covers."""
    joined = union(spans)
    if within is None:
        if not joined:
            return ()
        within = Span(joined[0].start_s, joined[-1].end_s)
    return subtract([within], joined)


def total_s(spans: Iterable[Span]) -> float:
    """Seconds covered; time in several spans counts once."""
    return sum(s.duration_s for s in union(spans))
