from __future__ import annotations

import numpy as np
import pytest

from pipeline.audio import RATE_HZ, Samples
from pipeline.call import Role
from pipeline.measures.pitch import measure_pitch, pitch_within, track_pitch
from pipeline.spans import Span

LENGTH_S = 4.0
SPEECH = (Span(0.5, 3.5),)


def voice(pitch_hz: np.ndarray, *, from_hz: float = 300.0, to_hz: float = 3400.0) -> Samples:
    """Equally strong harmonics of a moving pitch, as much of them as a telephone line lets through."""
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    orders = range(1, int(to_hz / pitch_hz.min()) + 1)
    heard = [
        np.where((k * pitch_hz > from_hz) & (k * pitch_hz < to_hz), np.sin(k * phase + k * k), 0.0)
        for k in orders
    ]
    return (0.02 * np.sum(heard, axis=0)).astype(np.float32)


def steady(hz: float) -> np.ndarray:
    return np.full(int(LENGTH_S * RATE_HZ), hz)


@pytest.mark.parametrize("hz", [85.0, 120.0, 210.0, 340.0])
def test_pitch_of_a_voice_whose_fundamental_the_line_cuts_off(hz: float) -> None:
    median, spread, _ = measure_pitch(track_pitch(voice(steady(hz)), SPEECH), Role.AGENT)
    assert median.value == pytest.approx(hz, rel=0.02)
    assert spread.value == pytest.approx(0.0, abs=0.5)


def test_spread_of_a_voice_that_glides_an_octave_up() -> None:
    glide = 150.0 * 2 ** np.linspace(-1 / 6, 7 / 6, int(LENGTH_S * RATE_HZ))
    _, spread, position = measure_pitch(track_pitch(voice(glide), SPEECH), Role.AGENT)
    # 3 s of 4 s: an octave; 90 % of it lies between the 5th and the 95th percentile.
    assert spread.value == pytest.approx(0.9 * 12.0, abs=0.7)
    assert position.value == pytest.approx(0.5, abs=0.1)


def test_noise_has_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, int(LENGTH_S * RATE_HZ)).astype(np.float32)
    track = track_pitch(noise, SPEECH)
    assert all(m.value is None and m.reason for m in measure_pitch(track, Role.AGENT))


def test_no_speech() -> None:
    track = track_pitch(voice(steady(200.0)), ())
    assert pitch_within(track, Span(0.0, 4.0)) is None
    assert measure_pitch(track, Role.AGENT)[0].value is None


def test_pitch_of_one_utterance() -> None:
    samples = np.concatenate([voice(steady(130.0)), voice(steady(200.0))])
    track = track_pitch(samples, (Span(0.2, 3.8), Span(4.2, 7.8)))
    first, second = pitch_within(track, Span(0.0, 4.0)), pitch_within(track, Span(4.0, 8.0))
    assert first == pytest.approx(130.0, rel=0.02)
    assert second == pytest.approx(200.0, rel=0.02)
    assert pitch_within(track, Span(3.9, 4.1)) is None


def test_speech_to_the_very_end_of_the_recording() -> None:
    track = track_pitch(voice(steady(200.0)), (Span(0.0, LENGTH_S + 0.05),))
    assert len(track.times_s) == len(track.voiced) == len(track.pitch_hz)
