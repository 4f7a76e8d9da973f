"""The real engines on a real recording of the sample data."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from pipeline.transcribers import SAMPLE_RATE_HZ, Clip, TranscriberOptions, load_transcriber, resolve
from pipeline.transcribers.base import CallClips
from pipeline.transcribers.faster_whisper import FasterWhisperTranscriber
from pipeline.transcribers.openai_whisper import OpenAIWhisperTranscriber

pytestmark = pytest.mark.real

DATA = Path(__file__).parents[2] / "data"
CALL = "dev-010"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Join and convert afresh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLAUDIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def turns() -> list[tuple[str, Clip]]:
    """What was said and its audio, for the Mandarin turns of the call; the agent is on the left."""
    with av.open(str(DATA / "calls" / f"{CALL}.opus")) as container:
        resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE_HZ)
        frames = [g.to_ndarray() for f in container.decode(audio=0) for g in resampler.resample(f)]
    samples = np.concatenate(frames, axis=1)
    truth = json.loads((DATA / "truth" / f"{CALL}.json").read_text("utf-8"))
    return [
        (
            turn["text"],
            samples[0 if turn["role"] == "agent" else 1][slice(*_margin(turn["start_s"], turn["end_s"]))],
        )
        for turn in truth["turns"]
    ]


def _margin(start_s: float, end_s: float) -> tuple[int, int]:
    return round(max(0.0, start_s - 0.15) * SAMPLE_RATE_HZ), round((end_s + 0.15) * SAMPLE_RATE_HZ)


def pinyin_error(said: list[str], heard: list[str]) -> float:
    """Wrong toneless syllables per syllable said, Han characters only."""
    wrong = total = 0
    for a, b in zip(said, heard, strict=True):
        left, right = (list(lazy_pinyin(t, errors="ignore")) for t in (a, b))
        wrong, total = wrong + Levenshtein.distance(left, right), total + len(left)
    return wrong / total


def test_the_default_engine_hears_the_call(turns: list[tuple[str, Clip]]) -> None:
    (heard,) = load_transcriber().transcribe([CallClips([clip for _, clip in turns])])
    assert pinyin_error([text for text, _ in turns], [h.text for h in heard]) < 0.12
    assert {h.language for h in heard} == {"zh"}
    assert any("我也没办法" in h.text for h in heard)
    assert all(0.3 < h.confidence <= 1.0 for h in heard)


def test_what_is_heard_in_a_call_does_not_depend_on_the_others(turns: list[tuple[str, Clip]]) -> None:
    clips = [clip for _, clip in turns]
    calls = [CallClips(clips[:2]), CallClips(clips[2:]), CallClips(clips[1:3])]
    engine = load_transcriber(options=TranscriberOptions(threads=1))
    assert engine.transcribe(calls) == [engine.transcribe([call])[0] for call in calls]


def test_the_default_engine_hears_nothing_worth_keeping_in_silence_noise_and_tones() -> None:
    rng = np.random.default_rng(1)
    noise = (0.003 * rng.standard_normal(3 * SAMPLE_RATE_HZ)).astype(np.float32)
    times = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = (0.1 * np.sin(2 * np.pi * 450 * times)).astype(np.float32)
    hum = sum(0.05 / k * np.sin(2 * np.pi * 50 * k * times) for k in range(1, 9))
    clips = [np.zeros_like(noise), noise, tone, np.asarray(hum, np.float32)]
    (speech_free,) = load_transcriber().transcribe([CallClips(clips)])
    assert [h.text for h in speech_free] == [""] * 4


def test_the_two_engines_compute_the_same(turns: list[tuple[str, Clip]]) -> None:
    options = TranscriberOptions(language="zh", beam_size=1, compute_type="float32")
    weights = resolve("base")
    fast, reference = FasterWhisperTranscriber(weights, options), OpenAIWhisperTranscriber(weights, options)
    clip = turns[4][1]
    left = np.asarray(fast.encode([clip], window_s=30.0))
    right = reference.encode([clip], window_s=30.0).numpy()
    assert left.shape == right.shape
    assert np.corrcoef(left.ravel(), right.ravel())[0, 1] > 0.999
    texts = [
        engine.generate(encoded, [0], language="zh", prompt=options.prompt, beam_size=1)[0].text.strip()
        for engine, encoded in (
            (fast, fast.encode([clip], window_s=30.0)),
            (reference, reference.encode([clip], window_s=30.0)),
        )
    ]
    assert texts[0] == texts[1] != ""


def test_the_reference_engine_hears_the_call(turns: list[tuple[str, Clip]]) -> None:
    some = turns[:5]
    (heard,) = load_transcriber("openai-whisper").transcribe([CallClips([clip for _, clip in some])])
    assert pinyin_error([text for text, _ in some], [h.text for h in heard]) < 0.12
