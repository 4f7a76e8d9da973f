"""Words that nobody said: text recognised in music, tones, noise and silence.

Conventions
-----------
Spoken characters of utterances that no turn and no announcement of the call's truth comes near (0.5 s), per
10 minutes of the time in which nobody speaks: ringing counts as that. Recordings without any turn count in
full.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome
from pipeline.evaluation.targets import INVENTED_WORDS
from pipeline.spans import Span, Spans, total_s, union
from pipeline.wording.spoken import spoken_units

NEAR_S = 0.5
PER_S = 600.0
NAME = "invented words per 10 minutes"


def measure_invention(pairs: Sequence[Pair]) -> Outcome:
    """Measure how much text was recognised where nobody speaks."""
    quiet_s, invented = 0.0, 0
    found: list[Disagreement] = []
    for pair in pairs:
        spoken = _spoken(pair)
        quiet_s += max(0.0, pair.stored.duration_s - total_s(spoken))
        for utterance in pair.stored.utterances:
            if any(utterance.span.overlap_s(span) > 0 for span in spoken):
                continue
            invented += spoken_units(utterance.text)
            at = f"{utterance.role} at {utterance.span.start_s:.1f} s"
            found.append(Disagreement("invented words", pair.call_id, at, "nothing", utterance.text))
    value = PER_S * invented / quiet_s if quiet_s else None
    row = MeasureRow(NAME, value, INVENTED_WORDS, "count", f"{quiet_s / 60:.1f} min in which nobody speaks")
    return Outcome((row,), tuple(found))


def _spoken(pair: Pair) -> Spans:
    """Where somebody or an announcement is heard, with room around it."""
    spans = (*(t.span for t in pair.truth.turns), *(e.span for e in pair.truth.events_of("announcement")))
    return union(Span(max(0.0, s.start_s - NEAR_S), s.end_s + NEAR_S) for s in spans)
