"""Syllables counted in sound: bursts with known times, and a sample call."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_calls import call as made_call
from samples import sample

from pipeline.audio import RATE_HZ, Samples, load_recording
from pipeline.call import Role
from pipeline.measures.agreement import measure_syllable_agreement
from pipeline.measures.syllables import (
    SyllableCounter,
    find_nuclei,
    measure_syllable_rate,
)
from pipeline.spans import Span, total_s


def bursts(count: int, *, every_s: float = 0.2, level: float = 0.1, hz: float = 700.0) -> Samples:
    """A tone that swells and fades ``count`` times."""
    times = np.arange(round(count * every_s * RATE_HZ)) / RATE_HZ
    swell = np.sin(np.pi * times / every_s) ** 2
    return (level * swell * np.sin(2 * np.pi * hz * times)).astype(np.float32)


@settings(max_examples=15, deadline=None)
@given(st.integers(3, 30), st.floats(0.14, 0.35), st.floats(0.01, 0.5))
def test_every_burst_is_a_syllable_at_any_level(count: int, every_s: float, level: float) -> None:
    sound = bursts(count, every_s=every_s, level=level)
    assert abs(SyllableCounter(sound).count((Span(0.0, len(sound) / RATE_HZ),)) - count) <= 1


def test_a_steady_tone_is_one_syllable_at_most_and_silence_none() -> None:
    tone = bursts(1, every_s=3.0)
    assert SyllableCounter(tone).count((Span(0.0, 3.0),)) == 1
    assert SyllableCounter(np.zeros(RATE_HZ, np.float32)).count((Span(0.0, 1.0),)) == 0
    assert SyllableCounter(tone).count(()) == 0


def test_hisses_outside_the_band_are_no_syllables() -> None:
    speech, hisses = bursts(10), bursts(10, hz=5000.0)
    both = np.concatenate([speech, 0.3 * hisses])
    assert SyllableCounter(both).count((Span(0.0, 4.0),)) == pytest.approx(10, abs=1)


def test_ripples_below_two_decibels_part_nothing() -> None:
    assert len(find_nuclei(-20.0 + 0.8 * np.sin(np.arange(200) / 3))) <= 1


@pytest.mark.parametrize("number", [1, 8])
def test_the_rate_of_a_call_is_that_of_its_characters(number: int) -> None:
    call = sample(number)
    channels = load_recording(call.record).channels
    for role, channel in zip((Role.AGENT, Role.CUSTOMER), channels, strict=True):
        said = sum(len([c for c in text if c.isalnum()]) for r, _, text in call.turns if r is role)
        rate = measure_syllable_rate(SyllableCounter(channel), call.speech[role], role)
        assert rate.unit == "syllables/min"
        assert rate.value == pytest.approx(60 * said / total_s(call.speech[role]), rel=0.12)


def test_a_second_of_speech_is_needed() -> None:
    rate = measure_syllable_rate(SyllableCounter(bursts(4)), (Span(0.0, 0.8),), Role.AGENT)
    assert (rate.value, rate.reason) == (None, "less than 1 s of speech")


def test_agreement_compares_characters_with_syllables() -> None:
    heard = made_call()
    counted = tuple(replace(u, syllables=2 * u.chars) for u in heard.utterances)
    agreement = measure_syllable_agreement(replace(heard, utterances=counted), Role.AGENT)
    assert agreement.value == pytest.approx(0.5)
    assert measure_syllable_agreement(heard, Role.AGENT).value is None
