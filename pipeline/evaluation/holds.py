"""Holds: found, missed, invented, and how exact their edges are.

Conventions
-----------
A hold lasts from its first segment's start to its last one's end, updates in between included. Holds to be
found have a segment of at least 10 s. Predicted are stored ``hold`` events of at least 10 s. Truth and
prediction match, one to one and the best first, when the time they share is at least half of the time
either covers (intersection over union ≥ 0.5). A prediction that matches nothing is invented; one that
matches a shorter true hold is neither found nor invented.

Edges are compared with the truth's own, and with the speech around the hold: a silent hold cannot be told
from the pause between the last word and its start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.call import EventKind
from pipeline.evaluation.pairs import ROLES, Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.targets import HOLD_EDGES, HOLDS_FOUND, HOLDS_INVENTED
from pipeline.evaluation.truth import TruthCall, TruthHold
from pipeline.spans import Span, Spans

MIN_HOLD_S = 10.0
MIN_IOU = 0.5
EDGE_S = 0.5
NEIGHBOUR_SLACK_S = 0.1


@dataclass(frozen=True, slots=True)
class EdgeError:
    """How far a predicted edge is from the true one, and from the speech next to it if there is any [s]."""

    from_hold_s: float
    from_speech_s: float | None

    @classmethod
    def of(cls, predicted_s: float, hold_s: float, speech_s: float | None) -> EdgeError:
        """Compare one predicted time with the two true ones."""
        from_speech_s = None if speech_s is None else abs(predicted_s - speech_s)
        return cls(abs(predicted_s - hold_s), from_speech_s)

    @property
    def nearest_s(self) -> float:
        """The smaller of the two."""
        return self.from_hold_s if self.from_speech_s is None else min(self.from_hold_s, self.from_speech_s)


@dataclass(frozen=True, slots=True)
class HoldMatch:
    """A true hold and the stored one that matches it, if any."""

    pair: Pair
    hold: TruthHold
    predicted: Span | None

    @property
    def due(self) -> bool:
        """Whether it is long enough to have to be found."""
        return self.hold.longest_s >= MIN_HOLD_S

    @property
    def edges(self) -> tuple[EdgeError, ...]:
        """Errors of start and end; nothing when unmatched."""
        if self.predicted is None:
            return ()
        truth, found = self.hold.span, self.predicted
        last_end_s, first_start_s = speech_around(self.pair.truth, truth)
        return (
            EdgeError.of(found.start_s, truth.start_s, last_end_s),
            EdgeError.of(found.end_s, truth.end_s, first_start_s),
        )


def speech_around(call: TruthCall, hold: Span) -> tuple[float | None, float | None]:
    """Return when the last turn before the hold ends and the first after it starts, in seconds."""
    ends = [t.end_s for t in call.turns if t.end_s <= hold.start_s + NEIGHBOUR_SLACK_S]
    starts = [t.start_s for t in call.turns if t.start_s >= hold.end_s - NEIGHBOUR_SLACK_S]
    return max(ends, default=None), min(starts, default=None)


def match_holds(pair: Pair, *, least_s: float = MIN_HOLD_S) -> tuple[tuple[HoldMatch, ...], Spans]:
    """Match one call's true holds to its stored ones of at least ``least_s`` seconds.

    Returns
    -------
    tuple of HoldMatch, Spans
        Every true hold with its match, and the stored ones that match none.
    """
    predicted = [s for s in pair.stored.spans_of(EventKind.HOLD) if s.duration_s >= least_s]
    holds = pair.truth.holds
    couples = [
        (-_iou(hold.span, span), i, j) for i, hold in enumerate(holds) for j, span in enumerate(predicted)
    ]
    partner: dict[int, int] = {}
    for worth, i, j in sorted(couples):
        if -worth >= MIN_IOU and i not in partner and j not in partner.values():
            partner[i] = j
    matches = tuple(
        HoldMatch(pair, hold, predicted[partner[i]] if i in partner else None) for i, hold in enumerate(holds)
    )
    return matches, tuple(span for j, span in enumerate(predicted) if j not in partner.values())


def measure_holds(pairs: Sequence[Pair]) -> Outcome:
    """Measure holds of at least 10 s: share found, number invented, errors of their edges in seconds."""
    due: list[HoldMatch] = []
    disagreements: list[Disagreement] = []
    invented = 0
    for pair in pairs:
        matches, extra = match_holds(pair)
        invented += len(extra)
        due += [match for match in matches if match.due]
        disagreements += [_invented(pair, span) for span in extra]
    disagreements += [_missed(match) for match in due if match.predicted is None]
    inexact = (match for match in due if any(edge.from_hold_s > EDGE_S for edge in match.edges))
    disagreements += [_inexact(match) for match in inexact]
    found = sum(match.predicted is not None for match in due)
    rows = (
        MeasureRow("holds found", ratio(found, len(due)), HOLDS_FOUND, "share", f"{found} of {len(due)}"),
        MeasureRow("holds invented", invented, HOLDS_INVENTED, "count"),
    )
    return Outcome(rows + _edge_rows([edge for match in due for edge in match.edges]), tuple(disagreements))


def _edge_rows(edges: Sequence[EdgeError]) -> tuple[MeasureRow, ...]:
    own = [edge.from_hold_s for edge in edges]
    speech = [edge.from_speech_s for edge in edges if edge.from_speech_s is not None]
    near = sum(error <= EDGE_S for error in own)
    either = sum(edge.nearest_s <= EDGE_S for edge in edges)
    detail = f"{near} of {len(edges)}; worst {max(own, default=0):.2f} s"
    return (
        MeasureRow("hold edges within 0.5 s", ratio(near, len(edges)), HOLD_EDGES, "share", detail),
        MeasureRow("hold edges within 0.5 s of hold or speech", ratio(either, len(edges)), None, "share"),
        MeasureRow("hold edges, median error", median(own) if own else None, None, "s"),
        MeasureRow("hold edges, median distance from speech", median(speech) if speech else None, None, "s"),
    )


def _iou(one: Span, other: Span) -> float:
    shared = one.overlap_s(other)
    return ratio(shared, one.duration_s + other.duration_s - shared) or 0.0


def _show(span: Span) -> str:
    return f"{span.start_s:.2f}–{span.end_s:.2f}"


def _invented(pair: Pair, span: Span) -> Disagreement:
    heard = {str(role) for role in ROLES for s in pair.truth.speech(role) if s.overlap_s(span) > 0}
    touched = next((h.span for h in pair.truth.holds if h.span.overlap_s(span) > 0), None)
    reason = f"overlaps the hold {_show(touched)} by too little" if touched else "no hold there"
    if heard:
        reason += f"; {' and '.join(sorted(heard))} speaking inside it"
    return Disagreement("hold", pair.call_id, f"at {span.start_s:.1f} s", "none", _show(span), reason)


def _missed(match: HoldMatch) -> Disagreement:
    span = match.hold.span
    subject = f"{match.hold.kind} at {span.start_s:.1f} s"
    return Disagreement("hold", match.pair.call_id, subject, _show(span), "none", "hold not found")


def _inexact(match: HoldMatch) -> Disagreement:
    span = match.hold.span
    return Disagreement(
        "hold edge",
        match.pair.call_id,
        f"{match.hold.kind} at {span.start_s:.1f} s",
        _show(span),
        _show(match.predicted) if match.predicted else "none",
        " and ".join(f"{edge.from_hold_s:.2f} s" for edge in match.edges) + " off",
    )
