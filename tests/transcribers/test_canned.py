from __future__ import annotations

import numpy as np
import pytest

from pipeline.transcribers import CannedTranscriber, Heard, Transcriber
from pipeline.transcribers.base import CallClips

CLIP = np.zeros(1600, np.float32)


def test_texts_are_given_in_order_over_several_calls() -> None:
    canned: Transcriber = CannedTranscriber(["您好", Heard("Hello", 0.4, "en"), ""], confidence=0.9)
    assert canned.transcribe([CallClips([CLIP])]) == [[Heard("您好", 0.9, "zh")]]
    rest = canned.transcribe([CallClips([CLIP]), CallClips([CLIP])])
    assert rest == [[Heard("Hello", 0.4, "en")], [Heard("", 0.0, "zh")]]


def test_a_function_sees_the_number_and_the_clip() -> None:
    canned = CannedTranscriber(lambda n, clip: f"{n}:{clip.size}")
    assert [h.text for h in canned.transcribe([CallClips([CLIP, CLIP[:800]])])[0]] == ["0:1600", "1:800"]


def test_running_out_of_texts_is_an_error() -> None:
    with pytest.raises(ValueError, match="clip 1 came, but only 1"):
        CannedTranscriber(["您好"]).transcribe([CallClips([CLIP, CLIP])])
