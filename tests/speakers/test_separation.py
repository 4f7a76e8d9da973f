"""Voices on one channel: the division is exact where vectors are, honest where there is one voice."""

import numpy as np
import pytest

from pipeline.spans import Span, intersect, total_s, union
from pipeline.speakers.separation import separate_voices

RATE = 16000
FIRST = (Span(0.0, 3.0), Span(7.0, 11.0), Span(13.5, 14.2))
SECOND = (Span(3.5, 6.4), Span(11.4, 13.0), Span(15.0, 18.0))
SPEECH = union((*FIRST, *SECOND))
SILENCE = np.zeros(20 * RATE, np.float32)


class MadeVoices:
    """Vectors that follow from who speaks, with a little noise; ``likeness`` is the cosine between voices."""

    def __init__(self, second=SECOND, likeness=0.5):
        self._second, self._likeness = second, likeness

    def embed(self, samples, stretches):  # noqa: ARG002
        random = np.random.default_rng(1)
        one, other = np.eye(64)[:2]
        other = self._likeness * one + np.sqrt(1 - self._likeness**2) * other
        rows = []
        for frames in stretches:
            at = frames * 0.01 + 0.005
            share = np.mean([any(s.start_s <= t < s.end_s for s in self._second) for t in at])
            rows.append((1 - share) * one + share * other + 0.03 * random.normal(size=64))
        vectors = np.array(rows)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_two_voices_are_told_apart_and_never_overlap():
    found = separate_voices(SILENCE, SPEECH, SPEECH, MadeVoices())
    first, second = found.voices
    assert found.confidence > 0.8
    assert found.reason is None
    assert total_s(intersect(first, FIRST)) == pytest.approx(total_s(FIRST), abs=0.3)
    assert total_s(intersect(second, SECOND)) == pytest.approx(total_s(SECOND), abs=0.3)
    assert intersect(first, second) == ()


def test_the_same_speech_is_always_divided_the_same():
    assert separate_voices(SILENCE, SPEECH, SPEECH, MadeVoices()) == separate_voices(
        SILENCE, SPEECH, SPEECH, MadeVoices()
    )


def test_one_voice_stays_one_voice_with_a_reason():
    found = separate_voices(SILENCE, SPEECH, SPEECH, MadeVoices(second=()))
    assert found.voices == (SPEECH,)
    assert found.confidence == 0.0
    assert found.reason


@pytest.mark.parametrize("speech", [(), (Span(1.0, 2.0),)])
def test_hardly_any_speech_is_not_divided(speech):
    found = separate_voices(SILENCE, speech, speech, MadeVoices())
    assert found.voices == (speech,)
    assert "less than" in (found.reason or "")
