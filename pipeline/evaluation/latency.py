"""How long the customer waits for the agent's answer, turn by turn.

Conventions
-----------
Turns are taken by start, backchannels skipped. Wherever an agent's turn follows a customer's, the answer
latency is the agent's start minus the customer's end, in seconds; negative when the agent starts before the
customer has finished. A change with a hold (or a part of one) between end and start is left out.

Predicted is the same difference on the stored tables: the agent's start is that of the utterance matched to
the truth turn (`match_turns`), the customer's end that of the last stored stretch of customer speech that
overlaps the truth turn. A change for which either is missing is unmatched and has no error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from pipeline.call import EventKind, Role
from pipeline.evaluation.pairs import Pair, match_turns, median_by_shape
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, p90
from pipeline.evaluation.targets import LATENCY_S
from pipeline.evaluation.truth import TruthCall, TruthTurn
from pipeline.spans import Span

FAR_S = 0.5
"""A latency farther off than this is listed as a disagreement."""


def answers(call: TruthCall) -> Iterator[tuple[TruthTurn, TruthTurn]]:
    """Yield each customer turn with the agent turn that answers it, holds in between left out."""
    on_hold = [segment for hold in call.holds for segment in hold.segment_spans]
    for asked, answered in pairwise(call.floor_turns()):
        if asked.role is not Role.CUSTOMER or answered.role is not Role.AGENT:
            continue
        if answered.start_s > asked.end_s:
            gap = Span(asked.end_s, answered.start_s)
            if any(gap.overlap_s(segment) > 0 for segment in on_hold):
                continue
        yield asked, answered


def measure_latency(pairs: Sequence[Pair]) -> Outcome:
    """Measure the absolute error of answer latencies, in seconds."""
    errors: list[tuple[Pair, float]] = []
    disagreements: list[Disagreement] = []
    unmatched = 0
    for pair in pairs:
        for asked, truth, predicted in _latencies(pair):
            if predicted is None:
                unmatched += 1
                found, reason = "none", "turn not found"
            else:
                error = abs(predicted - truth)
                errors.append((pair, error))
                found, reason = f"{predicted:.2f}", f"{error:.2f} s off"
            if predicted is None or error > FAR_S:
                subject = f"after {asked.end_s:.1f} s"
                disagreements.append(
                    Disagreement("answer latency", pair.call_id, subject, f"{truth:.2f}", found, reason)
                )
    values = [error for _, error in errors]
    detail = " · ".join(
        part for part in (f"{len(values)} answers, {unmatched} unmatched", median_by_shape(errors)) if part
    )
    rows = (
        MeasureRow(
            "answer latency, median error", median(values) if values else None, LATENCY_S, "s", detail
        ),
        MeasureRow("answer latency, p90 error", p90(values), None, "s"),
    )
    return Outcome(rows, tuple(disagreements))


def _latencies(pair: Pair) -> Iterator[tuple[TruthTurn, float, float | None]]:
    """Yield the customer's turn, true latency, and predicted latency or None when unmatched."""
    starts = {
        turn.start_s: utterance.span.start_s
        for turn, utterance in match_turns(pair, Role.AGENT)
        if utterance is not None
    }
    speech = pair.stored.spans_of(EventKind.SPEECH, Role.CUSTOMER)
    for asked, answered in answers(pair.truth):
        ends = [stretch.end_s for stretch in speech if stretch.overlap_s(asked.span) > 0]
        start_s = starts.get(answered.start_s)
        predicted = start_s - max(ends) if ends and start_s is not None else None
        yield asked, answered.start_s - asked.end_s, predicted
