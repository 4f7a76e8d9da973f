"""Faults of the line: made where they are known, and absent from clean recordings."""

import numpy as np
import pytest
from samples import sample

from pipeline.audio import RATE_HZ, Samples, load_recording
from pipeline.call import Role
from pipeline.spans import Span
from pipeline.speech.line import find_clipping, find_dead_air, find_dropouts


def voice(seconds: float = 4.0, level: float = 0.3, floor: float = 0.001, seed: int = 5) -> Samples:
    """Something like a voice: harmonics that come and go four times a second, over a line's noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = sum(np.sin(2 * np.pi * k * 150 * t + k) / k for k in range(1, 8)) / 2
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * t)
    return (level * wave * swell + floor * rng.normal(size=len(t))).astype(np.float32)


def silent_from(samples: Samples, start_s: float, end_s: float, noise: float = 0.001) -> Samples:
    """Speech that pauses: only the line's noise is left."""
    quiet = samples.copy()
    inside = slice(round(start_s * RATE_HZ), round(end_s * RATE_HZ))
    quiet[inside] = noise * np.random.default_rng(6).normal(size=len(quiet[inside]))
    return quiet


def test_flat_tops_are_clipping():
    loud = voice(level=0.6)
    loud[2 * RATE_HZ :] *= 3.0
    (found,) = find_clipping(np.clip(loud, -0.98, 0.98).astype(np.float32))
    assert found.start_s == pytest.approx(2.0, abs=0.3)
    assert found.end_s == pytest.approx(4.0, abs=0.3)


def test_clipping_here_and_there_is_found_where_it_is():
    loud = np.tile(voice(level=0.6), 30)
    for start_s in (10, 70, 110):
        loud[start_s * RATE_HZ : (start_s + 2) * RATE_HZ] *= 3.0
    found = find_clipping(np.clip(loud, -0.98, 0.98).astype(np.float32))
    assert [round(s.start_s) for s in found] == [10, 70, 110]
    assert [round(s.end_s) for s in found] == [12, 72, 112]


def test_speech_below_full_scale_is_not_clipped():
    assert find_clipping(voice(level=0.6)) == ()
    assert find_clipping(np.clip(voice(level=0.6), -0.2, 0.2).astype(np.float32)) == ()


@pytest.mark.parametrize("length_s", [0.03, 0.1, 0.4])
def test_a_hole_in_speech_is_a_dropout(length_s):
    samples = silent_from(voice(8.0), 6.0, 8.0)
    samples[round(1.005 * RATE_HZ) : round((1.025 + length_s) * RATE_HZ)] = 0.0
    (hole,) = find_dropouts(samples, (Span(0.0, 6.0),)) or ()
    assert hole.start_s == pytest.approx(1.01, abs=0.02)
    assert hole.duration_s == pytest.approx(length_s, abs=0.03)


def test_a_pause_with_the_lines_noise_is_none():
    samples = silent_from(silent_from(voice(8.0), 6.0, 8.0), 1.0, 1.1)
    assert find_dropouts(samples, (Span(0.0, 6.0),)) == ()


def test_on_a_digitally_silent_line_nobody_can_tell():
    samples = silent_from(voice(8.0), 4.0, 8.0, noise=0.0)
    assert find_dropouts(samples, (Span(0.0, 4.0),)) is None


def test_dead_air_is_dead_on_every_channel():
    one, other = voice(10.0), voice(10.0, seed=7)
    one[2 * RATE_HZ : 6 * RATE_HZ] = 0.0
    other[3 * RATE_HZ : 8 * RATE_HZ] = 0.0
    (dead,) = find_dead_air([one, other])
    assert dead.start_s == pytest.approx(3.0, abs=0.02)
    assert dead.end_s == pytest.approx(6.0, abs=0.02)
    assert find_dead_air([one, voice(10.0)]) == ()
    assert find_dead_air([]) == ()


@pytest.mark.parametrize("number", [2, 8, 16])
def test_recorded_calls_have_none_of_these(number):
    call = sample(number)
    agent, customer = load_recording(call.record).channels
    assert find_clipping(agent) == ()
    assert find_dropouts(agent, call.speech[Role.AGENT]) == ()
    assert find_dead_air([agent, customer]) == ()
