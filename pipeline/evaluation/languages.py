"""Whether the language of each utterance was named rightly.

Conventions
-----------
Every utterance is compared with the turn it overlaps longest, of its role, or of anybody where the roles are
not known; one that overlaps no turn is left out. A code is right or wrong: Cantonese is not Mandarin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.call import Role
from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.stored import StoredUtterance
from pipeline.evaluation.targets import LANGUAGE_RIGHT
from pipeline.evaluation.truth import TruthTurn

NAME = "utterance language right"


def measure_languages(pairs: Sequence[Pair]) -> Outcome:
    """Measure the share of utterances whose language is right."""
    compared = [
        (pair, utterance, turn)
        for pair in pairs
        for utterance in pair.stored.utterances
        if (turn := _turn_of(pair, utterance)) is not None
    ]
    wrong = [(p, u, t) for p, u, t in compared if u.language != t.lang]
    spoken = Counter(turn.lang for _, _, turn in compared)
    detail = ", ".join(f"{count} {language}" for language, count in spoken.most_common())
    row = MeasureRow(NAME, ratio(len(compared) - len(wrong), len(compared)), LANGUAGE_RIGHT, "share", detail)
    return Outcome(
        (row,),
        tuple(
            Disagreement(
                "language", p.call_id, f"{u.role} at {u.span.start_s:.1f} s", t.lang, u.language, u.text
            )
            for p, u, t in wrong
        ),
    )


def _turn_of(pair: Pair, utterance: StoredUtterance) -> TruthTurn | None:
    own = [t for t in pair.truth.turns if utterance.role in (t.role, Role.UNKNOWN)]
    best = max(own, key=lambda t: t.span.overlap_s(utterance.span), default=None)
    return best if best is not None and best.span.overlap_s(utterance.span) > 0 else None
