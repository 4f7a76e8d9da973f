"""Interruptions: who broke in, and when.

Conventions
-----------
Measured on calls with clean separate channels only. Truth is the call's ``overlaps`` of kind interruption,
or its turns marked as interrupting where it has no ``overlaps``. Predicted are stored ``interruption``
events; their role is the one who interrupts. Truth and prediction match, one to one and the nearest starts
first, when the role is the same and the starts lie within 1.0 s or the spans overlap. Talk-overs and
backchannels are no interruptions: one predicted there is wrong. A backchannel counts as called an
interruption when an invented one of its role overlaps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import EventKind, Role
from pipeline.evaluation.pairs import ROLES, Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.targets import BACKCHANNELS_CALLED_INTERRUPTIONS, INTERRUPTIONS
from pipeline.spans import Span

START_S = 1.0


@dataclass(frozen=True, slots=True)
class InterruptionMatches:
    """One role's interruptions on one call: found, missed (truth), invented (predicted)."""

    found: tuple[tuple[Span, Span], ...]
    missed: tuple[Span, ...]
    invented: tuple[Span, ...]


def match_interruptions(pair: Pair, role: Role) -> InterruptionMatches:
    """Match one role's true interruptions to its stored ones."""
    truth = [span for by, span in pair.truth.interruptions() if by is role]
    predicted = list(pair.stored.spans_of(EventKind.INTERRUPTION, role))
    couples = sorted(
        (abs(t.start_s - p.start_s), i, j)
        for i, t in enumerate(truth)
        for j, p in enumerate(predicted)
        if abs(t.start_s - p.start_s) <= START_S or t.overlap_s(p) > 0
    )
    partner: dict[int, int] = {}
    for _, i, j in couples:
        if i not in partner and j not in partner.values():
            partner[i] = j
    return InterruptionMatches(
        found=tuple((truth[i], predicted[j]) for i, j in partner.items()),
        missed=tuple(span for i, span in enumerate(truth) if i not in partner),
        invented=tuple(span for j, span in enumerate(predicted) if j not in partner.values()),
    )


def measure_interruptions(pairs: Sequence[Pair]) -> Outcome:
    """Measure precision and recall of interruptions, pooled over both roles."""
    disagreements: list[Disagreement] = []
    found = dict.fromkeys(ROLES, 0)
    missed = dict.fromkeys(ROLES, 0)
    invented = dict.fromkeys(ROLES, 0)
    backchannels = mistaken = 0
    for pair in pairs:
        if pair.truth.shape != "stereo":
            continue
        for role in ROLES:
            matches = match_interruptions(pair, role)
            found[role] += len(matches.found)
            missed[role] += len(matches.missed)
            invented[role] += len(matches.invented)
            acknowledged = [t.span for t in pair.truth.turns_of(role) if t.backchannel]
            backchannels += len(acknowledged)
            mistaken += sum(any(s.overlap_s(i) > 0 for i in matches.invented) for s in acknowledged)
            disagreements += [_missed(pair, role, span) for span in matches.missed]
            disagreements += [_invented(pair, role, span) for span in matches.invented]
    right = sum(found.values())
    predicted = right + sum(invented.values())
    true = right + sum(missed.values())
    by_role = ", ".join(f"{role} {found[role]} of {found[role] + invented[role]}" for role in ROLES)
    of_role = ", ".join(f"{role} {found[role]} of {found[role] + missed[role]}" for role in ROLES)
    rows = (
        MeasureRow("interruptions, precision", ratio(right, predicted), INTERRUPTIONS, "share", by_role),
        MeasureRow("interruptions, recall", ratio(right, true), INTERRUPTIONS, "share", of_role),
        MeasureRow(
            "backchannels called interruptions",
            ratio(mistaken, backchannels),
            BACKCHANNELS_CALLED_INTERRUPTIONS,
            "share",
            f"{mistaken} of {backchannels}",
        ),
    )
    return Outcome(rows, tuple(disagreements))


def _missed(pair: Pair, role: Role, span: Span) -> Disagreement:
    subject = f"{role} at {span.start_s:.1f} s"
    heard_as = [
        kind.value
        for kind in (EventKind.TALK_OVER, EventKind.BACKCHANNEL)
        if any(abs(s.start_s - span.start_s) <= START_S for s in pair.stored.spans_of(kind, role))
    ]
    return Disagreement(
        "interruption", pair.call_id, subject, "interruption", " and ".join(heard_as) or "none", "missed"
    )


def _invented(pair: Pair, role: Role, span: Span) -> Disagreement:
    subject = f"{role} at {span.start_s:.1f} s"
    overlaps = pair.truth.overlaps or ()
    truth = next(
        (o.kind for o in overlaps if o.by is role and Span(o.start, o.end).overlap_s(span) > 0), "none"
    )
    return Disagreement("interruption", pair.call_id, subject, truth, "interruption", "invented")
