"""What is known about a hold beyond its time: its kind, and what was said around it.

Conventions
-----------
Every true hold, however short, is matched to the stored ones as in :mod:`pipeline.evaluation.holds`; an
attribute is right when both say the same. A hold that matches none, one whose attribute the truth does not
know, and one for which the audit stored none (nobody's role is known, or nobody came back) is left out, and
the last are counted in the detail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import EventKind, Scalar
from pipeline.evaluation.holds import HoldMatch, match_holds
from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, Target, ratio
from pipeline.evaluation.targets import HOLD_COURTESIES, HOLD_KIND
from pipeline.evaluation.truth import TruthHold

STORED_AS = {"reason": "reason_given"}
"""Names of attributes that the truth calls differently."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One attribute of one matched hold, as it is and as it was stored."""

    match: HoldMatch
    truth: Scalar
    stored: Scalar


def measure_waiting(pairs: Sequence[Pair]) -> Outcome:
    """Measure the kind of matched holds, and whether announcement, reason, consent and courtesy are right."""
    matches = [match for pair in pairs for match in match_holds(pair, least_s=0.0)[0]]
    outcomes = [
        _attribute(name, target, [answer for m in matches for answer in _answer(m, name)])
        for name, target in (
            ("kind", HOLD_KIND),
            ("announced", HOLD_COURTESIES["announced"]),
            ("reason", None),
            ("consent", HOLD_COURTESIES["consent"]),
            ("return_courtesy", HOLD_COURTESIES["return_courtesy"]),
        )
    ]
    return Outcome(
        tuple(row for outcome in outcomes for row in outcome.rows),
        tuple(found for outcome in outcomes for found in outcome.disagreements),
    )


def _answer(match: HoldMatch, name: str) -> tuple[Answer, ...]:
    """Return truth and stored value of one attribute, or nothing where there is nothing to compare."""
    truth = _known(match.hold, name)
    if match.predicted is None or truth is None:
        return ()
    events = match.pair.stored.events_of(EventKind.HOLD)
    event = next(e for e in events if e.span == match.predicted)
    return (Answer(match, truth, event.get(STORED_AS.get(name, name))),)


def _known(hold: TruthHold, name: str) -> Scalar:
    value: Scalar = getattr(hold, name)
    return value


def _attribute(name: str, target: Target | None, answers: Sequence[Answer]) -> Outcome:
    told = [a for a in answers if a.stored is not None]
    wrong = [a for a in told if a.stored != a.truth]
    detail = f"{len(told) - len(wrong)} of {len(told)} holds"
    if len(told) < len(answers):
        detail += f", {len(answers) - len(told)} without an answer"
    value = ratio(len(told) - len(wrong), len(told))
    label = f"hold {name.replace('_', ' ')} right"
    return Outcome(
        (MeasureRow(label, value, target, "share", detail),),
        tuple(
            Disagreement(
                f"hold {name.replace('_', ' ')}",
                a.match.pair.call_id,
                f"{a.match.hold.kind} at {a.match.hold.span.start_s:.1f} s",
                str(a.truth),
                str(a.stored),
            )
            for a in wrong
        ),
    )
