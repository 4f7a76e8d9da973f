from __future__ import annotations

import numpy as np
import pytest

from pipeline.audio import RATE_HZ, Samples
from pipeline.call import Measurement, Role, Utterance
from pipeline.measures import LEVEL_NAMES, measure_names
from pipeline.measures.voice import describe_voice
from pipeline.spans import Span, Spans

SPEECH = (Span(1.0, 3.0), Span(5.0, 7.0))


def band(low_hz: float, high_hz: float, *, seconds: float = 8.0) -> Samples:
    """Noise within a band, root mean square 0.1."""
    spectrum = np.fft.rfft(np.random.default_rng(7).normal(size=int(seconds * RATE_HZ)))
    hz = np.fft.rfftfreq(int(seconds * RATE_HZ), 1 / RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    samples = np.fft.irfft(spectrum)
    return (0.1 * samples / np.sqrt(np.mean(samples**2))).astype(np.float32)


def spoken(samples: Samples, speech: Spans, *, noise_db: float = -60.0) -> Samples:
    """Keep the samples in the speech, and noise of a level elsewhere."""
    kept = 10 ** (noise_db / 20) * np.random.default_rng(3).normal(size=len(samples))
    for span in speech:
        part = slice(int(span.start_s * RATE_HZ), int(span.end_s * RATE_HZ))
        kept[part] = samples[part]
    return kept.astype(np.float32)


def taken(samples: Samples, speech: Spans = SPEECH, *, sounds: Spans = ()) -> dict[str, Measurement]:
    return {m.name: m for m in describe_voice(samples, speech, (), Role.AGENT, sounds=sounds)[1]}


def utterance(start_s: float, end_s: float) -> Utterance:
    return Utterance(0, Role.AGENT, start_s, end_s, "您好", "您好", 2, end_s - start_s, 0.9, "zh")


def test_every_voice_measure_has_a_known_name_and_a_unit() -> None:
    for samples in (spoken(band(300, 3400), SPEECH), np.zeros(RATE_HZ, dtype=np.float32)):
        found = describe_voice(samples, SPEECH if len(samples) > RATE_HZ else (), (), Role.AGENT)[1]
        assert {m.name for m in found} == set(LEVEL_NAMES) <= measure_names()
        assert all(m.unit and (m.value is not None or m.reason) for m in found)


def test_level_and_noise() -> None:
    found = taken(spoken(band(300, 3400), SPEECH, noise_db=-60))
    assert found["level"].value == pytest.approx(-20.0, abs=0.3)
    assert found["snr"].value == pytest.approx(40.0, abs=1.0)
    assert found["clipping"].value == 0.0


def test_noise_that_comes_and_goes_is_noise() -> None:
    samples = spoken(band(300, 3400), SPEECH, noise_db=-60)
    loud = spoken(band(300, 3400), SPEECH, noise_db=-35)
    gaps = (np.arange(len(samples)) % 1600) < 400
    assert taken(np.where(gaps, samples, loud))["snr"].value == pytest.approx(15.0, abs=1.5)


def test_music_is_no_noise() -> None:
    samples = spoken(band(300, 3400), (*SPEECH, Span(3.3, 4.7), Span(7.2, 8.0)))
    assert taken(samples)["snr"].value == pytest.approx(0.0, abs=3.0)
    music = (Span(3.3, 4.7), Span(7.2, 8.0))
    assert taken(samples, sounds=music)["snr"].value == pytest.approx(40.0, abs=1.5)


def test_a_muffled_voice_tilts() -> None:
    clear, muffled = taken(band(300, 3400)), taken(band(300, 900))
    assert clear["spectral_tilt"].value == pytest.approx(0.0, abs=1.0)
    assert muffled["spectral_tilt"].value is not None
    assert muffled["spectral_tilt"].value < -30


def test_clipping_and_peaks() -> None:
    found = taken(np.clip(20 * band(300, 3400), -1, 1))
    assert found["clipping"].value is not None
    assert found["clipping"].value > 0.2
    assert found["peak_level"].value == pytest.approx(0.0, abs=1.5)


def test_each_utterance_has_its_level() -> None:
    samples = spoken(band(300, 3400), SPEECH)
    samples[4 * RATE_HZ :] *= 0.1
    described, _ = describe_voice(samples, SPEECH, [utterance(1, 3), utterance(5, 7)], Role.AGENT)
    assert [u.level_dbfs for u in described] == [pytest.approx(-20, abs=0.5), pytest.approx(-40, abs=0.5)]
    assert described[0].pitch_hz is None


def test_an_utterance_without_voice_activity_has_no_level() -> None:
    described, _ = describe_voice(band(300, 3400), SPEECH, [utterance(3.5, 4.5)], Role.AGENT)
    assert described[0].level_dbfs is None


def test_a_shared_channel_is_not_one_voice() -> None:
    described, found = describe_voice(band(300, 3400), SPEECH, [utterance(1, 3)], Role.UNKNOWN)
    assert {m.name for m in found} == {"level", "snr", "clipping", "peak_level", "noise_floor", "dropouts"}
    assert described[0].level_dbfs is not None
