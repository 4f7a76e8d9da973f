from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline import pcm
from pipeline.pcm import portions

RATE_HZ = 48_000


def frames(samples: NDArray[np.float32], form: str, size: int = 960) -> Iterator[av.AudioFrame]:
    layout = {1: "mono", 2: "stereo"}[len(samples)]
    for at in range(0, samples.shape[1], size):
        block = np.ascontiguousarray(samples[:, at : at + size])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = RATE_HZ
        if form == "fltp":
            yield frame
        else:
            yield from av.AudioResampler(format=form).resample(frame)


def joined(samples: NDArray[np.float32], form: str) -> NDArray[np.int16]:
    found = list(portions(frames(samples, form)))
    assert {(rate, channels) for _, rate, channels in found} == {(RATE_HZ, len(samples))}
    return np.frombuffer(b"".join(block for block, _, _ in found), np.int16).reshape(-1, len(samples))


@pytest.mark.parametrize("channels", [1, 2])
def test_floats_become_the_samples_that_ffmpeg_makes_of_them(
    channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pcm, "PORTION", 1 << 12)
    random = np.random.default_rng(7)
    samples = random.normal(0, 0.6, (channels, 10_000)).astype(np.float32)
    samples[:, :8] = np.array([1, -1, 0.5 / 32768, 1.5 / 32768, -0.5 / 32768, -1.5 / 32768, 3, -3])
    expected = joined(samples, "s16")
    assert expected.min() == -32768
    assert expected.max() == 32767
    np.testing.assert_array_equal(joined(samples, "fltp"), expected)


def test_other_forms_go_through_ffmpeg() -> None:
    samples = np.linspace(-0.9, 0.9, 4_000, dtype=np.float32)[None]
    np.testing.assert_array_equal(joined(samples, "flt"), joined(samples, "s16"))


def test_portions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcm, "PORTION", 1 << 12)
    sizes = [len(block) for block, _, _ in portions(frames(np.zeros((2, 50_000), np.float32), "fltp"))]
    assert len(sizes) > 20
    assert max(sizes) < (1 << 12) + 4 * 960


def test_what_is_no_number_is_one_sample_and_no_warning() -> None:
    samples = np.zeros((1, 960), np.float32)
    samples[0, 5] = np.nan
    assert np.count_nonzero(joined(samples, "fltp")) == 1


def test_nothing_is_nothing() -> None:
    assert list(portions(iter(()))) == []
