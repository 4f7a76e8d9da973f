"""Speaking pace, per role and call.

Conventions
-----------
Spoken characters are the truth's ``units`` of the role's Mandarin turns; a turn that was cut off counts what
was spoken of it.

- net pace = characters ÷ seconds of their sounding, gaps under 0.3 s bridged, × 60. Backchannels count.
- gross pace = characters ÷ seconds of turns × 60; holds inside turns are removed, backchannels left out.

- syllable rate, counted without the recogniser, is compared with the net pace: a character is a syllable.

The error of a pace is |predicted − truth| ÷ truth. A role with fewer than 4 characters or less than 1 s on a
call is left out; one without a stored value is listed as unmeasurable with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from pipeline.call import Role
from pipeline.evaluation.pairs import ROLES, Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, Target, p90
from pipeline.evaluation.targets import PACE_MEDIAN, PACE_P90, SYLLABLES_MEDIAN, SYLLABLES_P90
from pipeline.evaluation.truth import BRIDGE_S, TruthCall
from pipeline.spans import Spans, subtract, total_s, union

MIN_UNITS = 4
MIN_S = 1.0


def net_pace(call: TruthCall, role: Role) -> float | None:
    """Return true net pace in characters per minute; None for under 4 characters or 1 s."""
    turns = [t for t in call.turns_of(role) if t.lang == "zh"]
    sounding = union((span for turn in turns for span in turn.unit_spans), bridge_s=BRIDGE_S)
    return _pace(sum(turn.units for turn in turns), sounding)


def gross_pace(call: TruthCall, role: Role) -> float | None:
    """Return true gross pace in characters per minute; None for under 4 characters or 1 s."""
    turns = [t for t in call.turns_of(role, backchannels=False) if t.lang == "zh"]
    on_hold = [segment for hold in call.holds for segment in hold.segment_spans]
    return _pace(sum(turn.units for turn in turns), subtract((t.span for t in turns), on_hold))


def syllable_rate(call: TruthCall, role: Role) -> float | None:
    """Return true syllables per minute of speech; None where the role also speaks another language."""
    return net_pace(call, role) if all(t.lang == "zh" for t in call.turns_of(role)) else None


def measure_pace(pairs: Sequence[Pair]) -> Outcome:
    """Measure the relative errors of the stored ``net_pace`` and ``gross_pace``: median, 90th percentile."""
    rows: list[MeasureRow] = []
    disagreements: list[Disagreement] = []
    for name, truth_of in (("net_pace", net_pace), ("gross_pace", gross_pace)):
        found = _compare(pairs, name, truth_of, middle=PACE_MEDIAN, most=PACE_P90)
        rows += found.rows
        disagreements += found.disagreements
    return Outcome(tuple(rows), tuple(disagreements))


def measure_syllable_rate(pairs: Sequence[Pair]) -> Outcome:
    """Measure the relative error of the stored ``syllable_rate``: median, 90th percentile."""
    return _compare(pairs, "syllable_rate", syllable_rate, middle=SYLLABLES_MEDIAN, most=SYLLABLES_P90)


def _compare(
    pairs: Sequence[Pair],
    name: str,
    truth_of: Callable[[TruthCall, Role], float | None],
    *,
    middle: Target,
    most: Target,
) -> Outcome:
    title = name.replace("_", " ")
    errors: list[tuple[float, str]] = []
    disagreements: list[Disagreement] = []
    unmeasurable = 0
    for pair in pairs:
        for role in ROLES:
            truth = truth_of(pair.truth, role)
            if truth is None:
                continue
            stored = pair.stored.measurement(name, role)
            if stored is None or stored.value is None:
                unmeasurable += 1
                reason = "not measured" if stored is None else stored.reason or "no reason stored"
                disagreements.append(
                    Disagreement(title, pair.call_id, role, f"{truth:.0f}", "unmeasurable", reason)
                )
                continue
            error = abs(stored.value - truth) / truth
            errors.append((error, f"{pair.call_id} {role}"))
            if not most.reached_by(error):
                predicted = f"{stored.value:.0f}"
                disagreements.append(
                    Disagreement(title, pair.call_id, role, f"{truth:.0f}", predicted, f"{error:.0%} off")
                )
    values = [error for error, _ in errors]
    detail = f"{len(values)} roles of calls, {unmeasurable} unmeasurable"
    worst = ", ".join(f"{who} {error:.0%}" for error, who in sorted(errors, reverse=True)[:3])
    rows = (
        MeasureRow(f"{title}, median error", median(values) if values else None, middle, "share", detail),
        MeasureRow(f"{title}, p90 error", p90(values), most, "share", f"worst {worst}" if worst else ""),
    )
    return Outcome(rows, tuple(disagreements))


def _pace(units: int, spans: Spans) -> float | None:
    seconds = total_s(spans)
    if units < MIN_UNITS or seconds < MIN_S:
        return None
    return units / seconds * 60
