"""What of the default engine a GPU changes, without one: what lies in its memory numpy cannot read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import numpy as np
import pytest

from pipeline.transcribers import faster_whisper
from pipeline.transcribers.base import SAMPLE_RATE_HZ, TranscriberOptions
from pipeline.transcribers.faster_whisper import FasterWhisperTranscriber
from pipeline.transcribers.mandarin import Decoder
from pipeline.transcribers.weights import Weights

MELS, STATE = 80, 4


class _OnTheDevice:
    """What CTranslate2 gives of what lies in a GPU's memory: a shape, and nothing that numpy reads."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape


class _Model:
    """Encodes to zeros, which stay in the device's memory unless it is told otherwise."""

    is_multilingual, n_mels = True, MELS

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def encode(self, features: Any, to_cpu: bool = False) -> Any:
        clips, _, frames = features.shape
        if not to_cpu:
            return _OnTheDevice((clips, frames // 2, STATE))
        return ctranslate2.StorageView.from_array(np.zeros((clips, frames // 2, STATE), np.float32))

    def detect_language(self, encoded: Any) -> list[list[tuple[str, float]]]:
        self.asked.append(encoded)
        return [[("<|zh|>", 1.0)]] * encoded.shape[0]

    def generate(self, encoded: Any, contexts: list[list[int]], **_options: Any) -> list[SimpleNamespace]:
        self.asked.append(encoded)
        return [SimpleNamespace(sequences_ids=[[7]], scores=[-0.1], no_speech_prob=0.0) for _ in contexts]


@pytest.fixture
def model() -> _Model:
    return _Model()


@pytest.fixture
def on_gpu(model: _Model, monkeypatch: pytest.MonkeyPatch) -> FasterWhisperTranscriber:
    tokenizer = SimpleNamespace(token_to_id=lambda _: 1, decode=lambda _: "好")
    whisper = SimpleNamespace(model=model, hf_tokenizer=tokenizer)
    monkeypatch.setattr(faster_whisper, "_load", lambda *_: (whisper, Decoder(model)))
    weights = Weights(Path("nowhere"), "0" * 64, "made up")
    return FasterWhisperTranscriber(weights, replace(TranscriberOptions(), device="cuda"))


def test_clips_that_are_encoded_in_parts_on_a_gpu_are_put_together(
    on_gpu: FasterWhisperTranscriber, model: _Model
) -> None:
    clips = [np.zeros(SAMPLE_RATE_HZ, np.float32)] * 5

    encoded = on_gpu.encode(clips, window_s=4.0)

    assert encoded.shape == [5, 200, STATE]
    assert len(on_gpu.generate(encoded, [0, 3], language="zh", prompt="", beam_size=1)) == 2
    assert model.asked[-1].shape == [2, 200, STATE]


def test_a_gpu_tells_the_language_of_long_clips_from_their_beginning(
    on_gpu: FasterWhisperTranscriber, model: _Model
) -> None:

    encoded = on_gpu.encode([np.zeros(9 * SAMPLE_RATE_HZ, np.float32)], window_s=12.0)

    assert on_gpu.detect_languages(encoded) == [{"zh": 1.0}]
    assert model.asked[-1].shape == [1, 300, STATE]
