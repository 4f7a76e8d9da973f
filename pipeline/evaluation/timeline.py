"""Ringing and automatic announcements: counted, found, and how exactly their ends are known.

Conventions
-----------
*Rings* are those the stored ``ringback`` event counts, 0 without one; every call takes part, so a ring heard
where none was counts as a mistake too. *Time to answer* is the stored measurement beside the truth's end of
ringing. An *announcement* is found when a stored one overlaps it; its error is that of its end, from where
the agent's first response counts. One that overlaps no true one is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pipeline.call import EventKind
from pipeline.evaluation.pairs import Pair, median_by_shape
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.stored import StoredEvent
from pipeline.evaluation.targets import (
    ANNOUNCEMENT_END_S,
    ANNOUNCEMENTS_FOUND,
    ANNOUNCEMENTS_INVENTED,
    RINGS_COUNTED,
)
from pipeline.evaluation.truth import TruthEvent
from pipeline.spans import Span

FAR_S = 0.2
"""An announcement's end farther off than this is listed as a disagreement."""


def measure_timeline(pairs: Sequence[Pair]) -> Outcome:
    """Measure rings counted, time to answer, and announcements found, invented and their ends [s]."""
    outcomes = (_rings(pairs), _answers(pairs), _announcements(pairs))
    return Outcome(
        tuple(row for outcome in outcomes for row in outcome.rows),
        tuple(found for outcome in outcomes for found in outcome.disagreements),
    )


def _rings(pairs: Sequence[Pair]) -> Outcome:
    disagreements = []
    for pair in pairs:
        truth = sum(e.rings or 0 for e in pair.truth.events_of(EventKind.RINGBACK))
        counts = [e.get("rings") for e in pair.stored.events_of(EventKind.RINGBACK)]
        found = sum(int(count) for count in counts if isinstance(count, int))
        if found != truth:
            disagreements.append(Disagreement("rings", pair.call_id, "call", str(truth), str(found)))
    right = len(pairs) - len(disagreements)
    detail = f"{right} of {len(pairs)} calls"
    row = MeasureRow("rings counted exactly", ratio(right, len(pairs)), RINGS_COUNTED, "share", detail)
    return Outcome((row,), tuple(disagreements))


def _answers(pairs: Sequence[Pair]) -> Outcome:
    errors = []
    for pair in pairs:
        ringing = pair.truth.events_of(EventKind.RINGBACK)
        measured = pair.stored.call_measurement("time_to_answer")
        if ringing and measured is not None and measured.value is not None:
            errors.append(abs(measured.value - (ringing[-1].end - ringing[0].start)))
    detail = f"{len(errors)} calls that rang; worst {max(errors, default=0):.2f} s"
    value = median(errors) if errors else None
    return Outcome((MeasureRow("time to answer, median error", value, None, "s", detail),))


def _announcements(pairs: Sequence[Pair]) -> Outcome:
    errors: list[tuple[Pair, float]] = []
    disagreements: list[Disagreement] = []
    true = invented = 0
    for pair in pairs:
        announced = pair.truth.events_of(EventKind.ANNOUNCEMENT)
        stored = pair.stored.events_of(EventKind.ANNOUNCEMENT)
        true += len(announced)
        for event in announced:
            found = next((e for e in stored if e.span.overlap_s(event.span) > 0), None)
            if found is not None:
                errors.append((pair, abs(found.span.end_s - event.end)))
            disagreements += _wrong(pair, event, found)
        extra = [e for e in stored if not any(e.span.overlap_s(a.span) > 0 for a in announced)]
        invented += len(extra)
        disagreements += [
            Disagreement("announcement", pair.call_id, f"at {e.span.start_s:.1f} s", "none", _show(e.span))
            for e in extra
        ]
    ends = [error for _, error in errors]
    share, median_s = ratio(len(errors), true), median(ends) if ends else None
    worst = f"worst {max(ends, default=0):.2f} s"
    detail = " · ".join(part for part in (worst, median_by_shape(errors)) if part)
    rows = (
        MeasureRow("announcements found", share, ANNOUNCEMENTS_FOUND, "share", f"{len(errors)} of {true}"),
        MeasureRow("announcements invented", invented, ANNOUNCEMENTS_INVENTED, "count"),
        MeasureRow("announcement end, median error", median_s, ANNOUNCEMENT_END_S, "s", detail),
    )
    return Outcome(rows, tuple(disagreements))


def _wrong(pair: Pair, event: TruthEvent, found: StoredEvent | None) -> tuple[Disagreement, ...]:
    """Say what is wrong with one announcement: not found, or its end too far off; else nothing."""
    subject = f"at {event.start:.1f} s"
    truth = _show(event.span)
    if found is None:
        return (Disagreement("announcement", pair.call_id, subject, truth, "none", "not found"),)
    error_s = abs(found.span.end_s - event.end)
    if error_s <= FAR_S:
        return ()
    reason = f"its end is {error_s:.2f} s off"
    return (Disagreement("announcement", pair.call_id, subject, truth, _show(found.span), reason),)


def _show(span: Span) -> str:
    return f"{span.start_s:.2f}–{span.end_s:.2f}"
