"""The line a role speaks over: known noise, and lines that have none."""

import numpy as np
import pytest

from pipeline.audio import RATE_HZ, Samples
from pipeline.call import Role
from pipeline.measures.level import measure_level
from pipeline.measures.line import measure_line
from pipeline.spans import Span

SPEECH = (Span(1.0, 5.0),)


def call(noise_db: float | None, speech_db: float = -20.0) -> Samples:
    rng = np.random.default_rng(4)
    t = np.arange(10 * RATE_HZ) / RATE_HZ
    rms = 0.0 if noise_db is None else 10 ** (noise_db / 20)
    samples = rms * rng.normal(size=len(t))
    inside = (t >= 1.0) & (t < 5.0)
    samples[inside] += np.sqrt(2) * 10 ** (speech_db / 20) * np.sin(2 * np.pi * 300 * t[inside])
    return samples.astype(np.float32)


@pytest.mark.parametrize("noise_db", [-65.0, -50.0, -35.0])
def test_the_noise_floor_is_the_lines_and_stands_below_speech_by_the_snr(noise_db):
    floor, dropouts = measure_line(call(noise_db), SPEECH, Role.AGENT)
    assert floor.value == pytest.approx(noise_db, abs=1.0)
    assert (floor.unit, dropouts.value) == ("dBFS", 0.0)
    levels = {m.name: m.value for m in measure_level(call(noise_db), SPEECH, Role.AGENT)}
    assert levels["snr"] == pytest.approx(-20.0 - noise_db, abs=1.5)


def test_a_digitally_silent_line_has_no_floor_and_hides_its_holes():
    floor, dropouts = measure_line(call(None), SPEECH, Role.AGENT)
    assert (floor.value, dropouts.value) == (None, None)
    assert floor.reason == dropouts.reason == "the line is digitally silent between words"


def test_other_sounds_are_no_noise():
    samples = call(-60.0)
    samples[7 * RATE_HZ :] += 0.1
    floor, _ = measure_line(samples, SPEECH, Role.AGENT, sounds=(Span(7.0, 10.0),))
    assert floor.value == pytest.approx(-60.0, abs=1.0)


def test_without_a_pause_or_speech_there_is_nothing_to_measure():
    floor, _ = measure_line(call(-60.0), (Span(0.0, 10.0),), Role.AGENT)
    assert floor.reason == "no pause long enough to hear the line's noise"
    _, dropouts = measure_line(call(-60.0), (), Role.AGENT)
    assert dropouts.reason == "less than 1 s of speech"
