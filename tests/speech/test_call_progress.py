"""Ringback and busy tone: known cadences, other networks, and what only resembles a tone."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import sample

from pipeline.audio import RATE_HZ, Samples, load_recording
from pipeline.speech import tones
from pipeline.speech.call_progress import ProgressTones, find_progress_tones
from pipeline.speech.tone_plans import TonePlan, load_tone_plan
from pipeline.speech.tones import find_bursts, find_peaks


def tone(hz: Sequence[float], seconds: float, level: float = 0.1) -> Samples:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (level * sum(np.sin(2 * np.pi * f * t) for f in hz) / len(hz)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def cadence(hz: Sequence[float], times_s: Sequence[float], cycles: int) -> Samples:
    one = [tone(hz, s) if i % 2 == 0 else silence(s) for i, s in enumerate(times_s)]
    return np.concatenate(one * cycles)


def noisy(samples: Samples, rms: float = 0.0005, seed: int = 1) -> Samples:
    noise = np.random.default_rng(seed).normal(0, rms, len(samples))
    return (samples + noise).astype(np.float32)


def find(samples: Samples, plan: TonePlan | None = None) -> ProgressTones:
    return find_progress_tones(samples, find_bursts(find_peaks(samples)), plan or TonePlan())


@pytest.mark.parametrize("name", ["cn", "hk", "tw", "us", "uk", "eu"])
@pytest.mark.parametrize("cycles", [1, 2, 4])
def test_every_network_rings_are_counted_under_its_plan(name, cycles):
    plan = load_tone_plan(name)
    samples = cadence(plan.ringback.frequencies_hz, plan.ringback.cadence_s, cycles)
    found = find(noisy(np.concatenate([samples, silence(1.0)])), plan)
    assert len(found.rings) == cycles
    assert not found.busy


@pytest.mark.parametrize("name", ["cn", "hk", "us", "uk", "eu"])
def test_busy_tone_is_a_stretch_and_no_ringing(name):
    plan = load_tone_plan(name)
    call = np.concatenate([silence(20.0), cadence(plan.busy.frequencies_hz, plan.busy.cadence_s, 6)])
    found = find(noisy(call), plan)
    assert not found.rings
    (busy,) = found.busy
    assert busy.start_s == pytest.approx(20.0, abs=0.05)
    assert busy.end_s == pytest.approx(20.0 + 6 * sum(plan.busy.cadence_s), abs=0.5)


def test_one_plan_does_not_count_another_ones_rings():
    cn, us = load_tone_plan("cn"), load_tone_plan("us")
    china = noisy(cadence((450.0,), (1.0, 4.0), 3))
    america = noisy(cadence((440.0, 480.0), (2.0, 4.0), 3))
    assert not find(china, us).rings
    assert not find(america, cn).rings


@settings(max_examples=25, deadline=None)
@given(begun_s=st.floats(0.0, 4.9), cut_s=st.floats(0.1, 4.9), rings=st.integers(2, 4))
def test_the_recording_may_begin_and_the_answer_come_anywhere(begun_s, cut_s, rings):
    whole = cadence((450.0,), (1.0, 4.0), rings)
    call = whole[round(begun_s * RATE_HZ) : len(whole) - round((5.0 - cut_s) * RATE_HZ)]
    # A ring of which less than 0.3 s is left can be heard or not.
    heard = (begun_s <= 0.65) + (rings - 2) + (cut_s >= 0.35)
    most = (begun_s < 1.0) + (rings - 1)
    # Of a single ring, and of one cut off at its end that follows none, too little is known.
    sure = heard if heard > 1 or begun_s <= 0.65 or cut_s >= 1.0 else 0
    assert sure <= len(find(noisy(np.concatenate([call, silence(2.0)]))).rings) <= most


@pytest.mark.parametrize("snr_db", [20, 10, 5])
def test_rings_are_counted_in_noise(snr_db):
    rms = 0.1 / np.sqrt(2) * 10 ** (-snr_db / 20)
    call = noisy(np.concatenate([cadence((450.0,), (1.0, 4.0), 3), silence(3.0)]), rms)
    assert len(find(call).rings) == 3


@pytest.mark.parametrize(
    "samples",
    [
        cadence((700.0,), (1.0, 4.0), 3),
        cadence((450.0,), (1.0, 1.0), 5),
        np.concatenate([silence(30.0), cadence((450.0,), (1.0, 4.0), 2)]),
        np.concatenate([silence(0.9), tone((450.0,), 0.5), silence(9.0)]),
        tone((450.0,), 12.0),
        np.concatenate([tone((450.0,), 0.35), silence(0.35)] * 2),
    ],
    ids=["pitch", "cadence", "transfer", "horn", "endless", "two beeps"],
)
def test_other_tones_are_neither(samples):
    found = find(noisy(np.concatenate([samples, silence(2.0)])))
    assert (found.rings, found.busy) == ((), ())


@pytest.mark.parametrize("number", [1, 5, 7, 10])
def test_rings_of_recorded_calls(number):
    call = sample(number)
    agent, customer = load_recording(call.record).channels
    assert len(find(agent).rings) == call.rings
    assert (find(customer).rings, find(agent).busy) == ((), ())


@pytest.mark.parametrize("length", [511, 512, 16000, 5 * 16000 + 17])
def test_peaks_do_not_depend_on_the_blocks_they_are_found_in(monkeypatch, length):
    samples = np.random.default_rng(3).normal(0, 0.1, length).astype(np.float32)
    whole = find_peaks(samples)
    monkeypatch.setattr(tones, "BLOCK_FRAMES", 37)
    blocks = find_peaks(samples)
    for each in fields(tones.Tonality):
        assert np.array_equal(getattr(blocks, each.name), getattr(whole, each.name))
    assert len(whole.share) == (1 + length // tones.HOP if length >= tones.FFT else 0)
