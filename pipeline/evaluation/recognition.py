"""How much of what was said was recognised.

Conventions
-----------
Per role and call, all its turns by start (interjections and backchannels included, of a turn that was cut off
only what was spoken) against all its utterances by start. Both are written in simplified characters with
numbers read out; punctuation and case never count. The error rate is the Levenshtein distance divided by the
length of the truth, pooled over calls, in toneless syllables or in characters. A role that says anything in
another language than Mandarin on a call is left out of that call.

Character error rate as in Mandarin speech recognition benchmarks (AISHELL-1, Bu et al., 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import Role
from pipeline.evaluation.pairs import ROLES, Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.targets import PINYIN_ERROR_RATE
from pipeline.wording.pinyin import syllables
from pipeline.wording.script import simplify
from pipeline.wording.spoken import read_aloud


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Edits needed to turn what was recognised into what was said, and the length of the latter."""

    edits: int
    length: int

    @property
    def rate(self) -> float | None:
        """Error rate, 0 or more; None when nothing was said."""
        return ratio(self.edits, self.length)


def count_errors(said: Sequence[str], recognised: Sequence[str]) -> ErrorCount:
    """Compare two sequences of syllables or characters."""
    from rapidfuzz.distance import Levenshtein

    return ErrorCount(Levenshtein.distance(said, recognised), len(said))


def characters(text: str) -> tuple[str, ...]:
    """Return the characters of a text as it is read aloud, without punctuation, in lower case."""
    return tuple(char for char in read_aloud(simplify(text)).lower() if char.isalnum())


def measure_recognition(pairs: Sequence[Pair]) -> Outcome:
    """Measure toneless pinyin and character error rates per role."""
    rows: list[MeasureRow] = []
    disagreements: list[Disagreement] = []
    for role in ROLES:
        texts = [_texts(pair, role) for pair in pairs if _is_mandarin(pair, role)]
        left_out = [pair.call_id for pair in pairs if not _is_mandarin(pair, role)]
        by_sound = [(t.call_id, count_errors(syllables(t.said), syllables(t.heard))) for t in texts]
        by_sign = [(t.call_id, count_errors(characters(t.said), characters(t.heard))) for t in texts]
        target = PINYIN_ERROR_RATE[role]
        detail = _detail(by_sound, left_out)
        rows.append(MeasureRow(f"pinyin error rate, {role}", _pooled(by_sound), target, "share", detail))
        rows.append(MeasureRow(f"character error rate, {role}", _pooled(by_sign), None, "share"))
        disagreements += [
            Disagreement(
                "pinyin error rate", call_id, role, str(target), f"{count.rate:.3f}", f"{count.edits} edits"
            )
            for call_id, count in by_sound
            if count.rate is not None and not target.reached_by(count.rate)
        ]
    return Outcome(tuple(rows), tuple(disagreements))


@dataclass(frozen=True, slots=True)
class _Texts:
    """All that a role said on a call, and all that was recognised of it."""

    call_id: str
    said: str
    heard: str


def _is_mandarin(pair: Pair, role: Role) -> bool:
    return all(turn.lang == "zh" for turn in pair.truth.turns_of(role))


def _texts(pair: Pair, role: Role) -> _Texts:
    # A full stop keeps the last word of a turn and the first of the next from being read as one.
    return _Texts(
        pair.call_id,
        said="。".join(turn.spoken_text for turn in pair.truth.turns_of(role)),
        heard="。".join(utterance.text for utterance in pair.stored.utterances_of(role)),
    )


def _pooled(counts: Sequence[tuple[str, ErrorCount]]) -> float | None:
    return ratio(sum(count.edits for _, count in counts), sum(count.length for _, count in counts))


def _detail(counts: Sequence[tuple[str, ErrorCount]], left_out: Sequence[str]) -> str:
    rates = sorted(((count.rate, call_id) for call_id, count in counts if count.rate), reverse=True)
    parts = [f"{sum(count.length for _, count in counts)} syllables of {len(counts)} calls"]
    if rates:
        parts.append("worst " + ", ".join(f"{call_id} {rate:.3f}" for rate, call_id in rates[:3]))
    if left_out:
        parts.append(f"left out, not all Mandarin: {', '.join(left_out)}")
    return " · ".join(parts)
