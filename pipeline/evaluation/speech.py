"""Voice activity and where utterances begin.

Conventions
-----------
Truth speech of a role is the union of its characters' times, backchannels included, gaps under 0.3 s
bridged; a turn whose characters have no times sounds from its start to its end. Predicted speech is the
stored ``speech`` events of that role, as they are. Frames last 10 ms; a frame is speech when its centre is.
F1 is measured on calls that give each party a channel, leaking or not; utterance starts on all.

Starts are matched one to one, as ``mir_eval.onset`` does with onsets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pipeline.call import EventKind
from pipeline.evaluation.pairs import ROLES, Pair, match_turns, median_by_shape
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, p90, ratio
from pipeline.evaluation.targets import SPEECH_F1, UTTERANCE_START_S
from pipeline.spans import Spans

FRAMES_PER_S = 100
LATE_S = 0.5
"""An utterance start farther off than this is listed as a disagreement."""


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """Frames that are speech in both, only as predicted, only in truth."""

    both: int
    predicted_only: int
    truth_only: int

    def __add__(self, other: FrameCounts) -> FrameCounts:
        return FrameCounts(
            self.both + other.both,
            self.predicted_only + other.predicted_only,
            self.truth_only + other.truth_only,
        )

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, 0..1; None without any speech."""
        return ratio(2 * self.both, 2 * self.both + self.predicted_only + self.truth_only)

    @property
    def precision(self) -> float | None:
        """Share of predicted frames that are speech, 0..1; None when none is predicted."""
        return ratio(self.both, self.both + self.predicted_only)

    @property
    def recall(self) -> float | None:
        """Share of speech frames that are predicted, 0..1; None when there are none."""
        return ratio(self.both, self.both + self.truth_only)


def count_frames(truth: Spans, predicted: Spans) -> FrameCounts:
    """Compare two sets of spans in seconds, frame by frame."""
    end_s = max((span.end_s for span in (*truth, *predicted)), default=0.0)
    frames = int(end_s * FRAMES_PER_S) + 2
    in_truth, in_predicted = _mask(truth, frames), _mask(predicted, frames)
    return FrameCounts(
        both=int(np.count_nonzero(in_truth & in_predicted)),
        predicted_only=int(np.count_nonzero(in_predicted & ~in_truth)),
        truth_only=int(np.count_nonzero(in_truth & ~in_predicted)),
    )


def measure_speech(pairs: Sequence[Pair]) -> Outcome:
    """Measure frame-level speech F1 per role, pooled over calls whose parties have their own channels."""
    rows: list[MeasureRow] = []
    disagreements: list[Disagreement] = []
    for role in ROLES:
        per_call = [
            (pair, count_frames(pair.truth.speech(role), pair.stored.spans_of(EventKind.SPEECH, role)))
            for pair in pairs
            if pair.truth.separated
        ]
        pooled = sum((counts for _, counts in per_call), FrameCounts(0, 0, 0))
        scored = sorted((counts.f1, pair.call_id) for pair, counts in per_call if counts.f1 is not None)
        rows.append(
            MeasureRow(f"speech F1, {role}", pooled.f1, SPEECH_F1, "share", _frame_detail(per_call, scored))
        )
        disagreements += [
            Disagreement(
                "speech", call_id, role, f"≥ {SPEECH_F1.limit:g}", f"{f1:.3f}", "frame F1 below the target"
            )
            for f1, call_id in scored
            if not SPEECH_F1.reached_by(f1)
        ]
    return Outcome(tuple(rows), tuple(disagreements))


def measure_starts(pairs: Sequence[Pair]) -> Outcome:
    """Measure the absolute error of utterance starts, in seconds, over both roles.

    Every truth turn that is no backchannel is matched as `match_turns` does. Turns without a match count
    as missed and have no error.
    """
    matched = [
        (pair, role, turn, utterance)
        for pair in pairs
        for role in ROLES
        for turn, utterance in match_turns(pair, role)
    ]
    errors: list[tuple[Pair, float]] = []
    disagreements: list[Disagreement] = []
    for pair, role, turn, utterance in matched:
        if utterance is None:
            found, reason = "none", "turn not found"
        else:
            error = abs(utterance.span.start_s - turn.start_s)
            errors.append((pair, error))
            found, reason = f"{utterance.span.start_s:.2f}", f"{error:.2f} s off"
        if utterance is None or error > LATE_S:
            true = f"{turn.start_s:.2f}"
            disagreements.append(Disagreement("utterance start", pair.call_id, role, true, found, reason))
    values = [error for _, error in errors]
    missed = len(matched) - len(values)
    middle = median(values) if values else None
    rows = (
        MeasureRow("utterance start, median error", middle, UTTERANCE_START_S, "s", median_by_shape(errors)),
        MeasureRow("utterance start, p90 error", p90(values), None, "s"),
        MeasureRow("turns missed", ratio(missed, len(matched)), None, "share", f"{missed} of {len(matched)}"),
    )
    return Outcome(rows, tuple(disagreements))


def _mask(spans: Spans, frames: int) -> NDArray[np.bool_]:
    mask = np.zeros(frames, dtype=np.bool_)
    for span in spans:
        # Rounding the edges marks exactly the frames whose centre lies in the span.
        mask[round(span.start_s * FRAMES_PER_S) : round(span.end_s * FRAMES_PER_S)] = True
    return mask


def _frame_detail(per_call: list[tuple[Pair, FrameCounts]], scored: list[tuple[float, str]]) -> str:
    if not scored:
        return "no call with separate channels"
    shapes: defaultdict[str, FrameCounts] = defaultdict(lambda: FrameCounts(0, 0, 0))
    for pair, counts in per_call:
        shapes[pair.truth.shape] += counts
    pooled = sum(shapes.values(), FrameCounts(0, 0, 0))
    parts = [f"precision {pooled.precision or 0:.3f}, recall {pooled.recall or 0:.3f}, {len(scored)} calls"]
    if len(shapes) > 1:
        parts.append(", ".join(f"{shape} {counts.f1 or 0:.3f}" for shape, counts in sorted(shapes.items())))
    worst = [f"{call_id} {f1:.3f}" for f1, call_id in scored[:3] if f1 < 1]
    if worst:
        parts.append(f"worst {', '.join(worst)}")
    return " · ".join(parts)
