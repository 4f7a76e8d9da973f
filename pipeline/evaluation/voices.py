"""Whose voice is whose: roles, and who speaks when on a line that both parties share.

Conventions
-----------
Only calls on which both parties speak are counted, and only time in which, by the truth, exactly one of them
speaks and the audit heard speech of an agent or a customer. A call's roles are *decided* when any speech is
stored as the agent's or the customer's, and *swapped* when more of that time is stored as the other's than as
the speaker's own. On calls of form ``mono`` and ``dual``, time is attributed rightly under the better of both
assignments of voices to parties, so that the measure is of voices alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import EventKind, Role
from pipeline.evaluation.pairs import ROLES, Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.targets import (
    ROLES_DECIDED,
    ROLES_RIGHT_OR_UNKNOWN,
    ROLES_SWAPPED,
    TIME_ATTRIBUTED,
)
from pipeline.spans import intersect, subtract, total_s, union

OTHER = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}
WORST = 3


def measure_voices(pairs: Sequence[Pair]) -> Outcome:
    """Measure who is taken for whom."""
    both = [pair for pair in pairs if all(pair.truth.turns_of(role) for role in ROLES)]
    times = {pair.call_id: _attributed_s(pair) for pair in both}
    decided = [pair for pair in both if sum(times[pair.call_id]) > 0]
    swapped = [pair for pair in decided if times[pair.call_id][0] < times[pair.call_id][1]]
    shared = [pair for pair in decided if not pair.truth.separated]
    right_s = sum(max(times[pair.call_id]) for pair in shared)
    unknown = [pair.call_id for pair in both if pair not in decided]
    rows = (
        MeasureRow(
            "mono: time attributed to the right speaker",
            ratio(right_s, sum(sum(times[pair.call_id]) for pair in shared)),
            TIME_ATTRIBUTED,
            "share",
            _worst(shared, times),
        ),
        MeasureRow(
            "roles right or unknown",
            ratio(len(both) - len(swapped), len(both)),
            ROLES_RIGHT_OR_UNKNOWN,
            "share",
            f"{len(both) - len(swapped)} of {len(both)} calls",
        ),
        MeasureRow(
            "roles confidently swapped",
            len(swapped) if both else None,
            ROLES_SWAPPED,
            "count",
            " ".join(pair.call_id for pair in swapped),
        ),
        MeasureRow(
            "calls with roles decided",
            ratio(len(decided), len(both)),
            ROLES_DECIDED,
            "share",
            f"unknown: {' '.join(unknown)}" if unknown else "",
        ),
    )
    return Outcome(
        rows, tuple(Disagreement("roles", p.call_id, "roles", "as given", "swapped") for p in swapped)
    )


def _attributed_s(pair: Pair) -> tuple[float, float]:
    """Seconds of one party's speech stored as its own, and as the other's."""
    truth = {role: union(span for t in pair.truth.turns_of(role) for span in t.unit_spans) for role in ROLES}
    right_s = wrong_s = 0.0
    for role, other in OTHER.items():
        alone = subtract(truth[role], truth[other])
        right_s += total_s(intersect(alone, pair.stored.spans_of(EventKind.SPEECH, role)))
        wrong_s += total_s(intersect(alone, pair.stored.spans_of(EventKind.SPEECH, other)))
    return right_s, wrong_s


def _worst(pairs: Sequence[Pair], times: dict[str, tuple[float, float]]) -> str:
    shares = sorted((max(times[p.call_id]) / sum(times[p.call_id]), p.call_id) for p in pairs)
    worst = ", ".join(f"{call_id} {share:.2f}" for share, call_id in shares[:WORST])
    return f"{len(pairs)} calls; worst {worst}" if pairs else ""
