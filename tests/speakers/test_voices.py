"""The voice model: there with the extra, a clear message without it."""

import numpy as np
import pytest

from pipeline.speakers import voices
from pipeline.speakers.voices import CamPlusPlus, voices_key


def test_the_key_tells_whether_voices_are_told_apart(monkeypatch):
    monkeypatch.setattr(voices, "PACKAGE", "a-package-that-is-not-there")
    assert voices_key() == "no voices"


def test_filter_banks_do_not_depend_on_the_blocks_they_are_computed_in(monkeypatch):
    pytest.importorskip("kaldi_native_fbank")
    samples = np.random.default_rng(0).normal(0, 0.1, 2 * 16000 + 77).astype(np.float32)
    whole = voices._filter_bank(samples)
    monkeypatch.setattr(voices, "FEED_SAMPLES", 1234)
    assert whole.shape == (198, voices.MELS)
    assert np.array_equal(voices._filter_bank(samples), whole)


@pytest.mark.real
def test_vectors_have_length_one_and_short_stretches_are_no_error():
    pytest.importorskip("kaldi_native_fbank")
    samples = np.random.default_rng(0).normal(0, 0.1, 3 * 16000).astype(np.float32)
    vectors = CamPlusPlus().embed(samples, [np.arange(150), np.arange(10, 15), np.arange(250, 310)])
    assert vectors.shape == (3, 192)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
