"""Measuring stored tables against exact ground truth: what the audit heard and judged, and how well.

One module per family of measures; each says at its top what it compares and how. A measure that has
nothing to rest on has no value, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.evaluation.channels import measure_channels
from pipeline.evaluation.clauses import measure_clauses
from pipeline.evaluation.holds import measure_holds
from pipeline.evaluation.interruptions import measure_interruptions
from pipeline.evaluation.invention import measure_invention
from pipeline.evaluation.languages import measure_languages
from pipeline.evaluation.latency import measure_latency
from pipeline.evaluation.pace import measure_pace, measure_syllable_rate
from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.recognition import measure_recognition
from pipeline.evaluation.result import (
    ClauseAgreement,
    Disagreement,
    Evaluation,
    MeasureRow,
    Target,
)
from pipeline.evaluation.speech import measure_speech, measure_starts
from pipeline.evaluation.stored import read_stored
from pipeline.evaluation.timeline import measure_timeline
from pipeline.evaluation.truth import load_truth
from pipeline.evaluation.voices import measure_voices
from pipeline.evaluation.waiting import measure_waiting

__all__ = ["ClauseAgreement", "Disagreement", "Evaluation", "MeasureRow", "Target", "evaluate"]


def evaluate(
    out: Path, truth: Path, *, clauses: Sequence[str] | None = None, form: str | None = None
) -> Evaluation:
    """Measure the stored tables of an audit against ground truth.

    Parameters
    ----------
    out : Path
        Folder of the stored tables.
    truth : Path
        Folder of ``ID.json`` files; only those of stored calls are read.
    clauses : sequence of str, optional
        Clauses to pool verdicts over; by default all that have both labels and findings.
    form : str, optional
        Only calls recorded in this form, as the truth names it: ``stereo``, ``mono``, ``leak``, ``dual``.

    Raises
    ------
    ConfigError
        No stored call (of that form) has ground truth, a truth file is damaged, or a given clause is unknown.
    StoreError
        The tables are missing or damaged.
    """
    stored = read_stored(out)
    known = {path.stem: path for path in sorted(truth.glob("*.json"))}
    pairs = [Pair(load_truth(known[call.call_id]), call) for call in stored.calls if call.call_id in known]
    pairs = [pair for pair in pairs if form is None or pair.truth.shape == form]
    if not pairs:
        kind = f" of form {form!r}" if form else ""
        raise ConfigError(
            f"{truth}: no ground truth{kind} for any of the {len(stored.calls)} calls under {out}; "
            f"expected files such as {stored.calls[0].call_id}.json"
        )
    verdicts, per_clause = measure_clauses(pairs, clauses=clauses)
    outcomes = (
        measure_speech(pairs),
        measure_starts(pairs),
        measure_pace(pairs),
        measure_syllable_rate(pairs),
        measure_latency(pairs),
        measure_timeline(pairs),
        measure_holds(pairs),
        measure_waiting(pairs),
        measure_interruptions(pairs),
        measure_channels(pairs),
        measure_voices(pairs),
        measure_recognition(pairs),
        measure_languages(pairs),
        measure_invention(pairs),
        verdicts,
    )
    return Evaluation(
        rows=_size(pairs, stored.failures) + tuple(row for outcome in outcomes for row in outcome.rows),
        clauses=per_clause,
        disagreements=tuple(found for outcome in outcomes for found in outcome.disagreements),
        without_truth=tuple(call.call_id for call in stored.calls if call.call_id not in known),
        without_tables=tuple(sorted(set(known) - {call.call_id for call in stored.calls})),
    )


def _size(pairs: Sequence[Pair], failures: int) -> tuple[MeasureRow, ...]:
    hours = sum(pair.stored.duration_s for pair in pairs) / 3600
    return (
        MeasureRow("calls", len(pairs), None, "count"),
        MeasureRow("audio", hours, None, "h"),
        MeasureRow("failures", failures, None, "count", "inputs that could not be audited"),
    )
