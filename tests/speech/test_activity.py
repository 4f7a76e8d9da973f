"""Voice activity on real recordings with exact truth, and on signals without speech."""

import numpy as np
import pytest
from samples import sample

from pipeline.audio import RATE_HZ, load_recording
from pipeline.call import Role
from pipeline.spans import Span, intersect, total_s
from pipeline.speech.activity import detect_speech
from pipeline.speech.levels import frame_level_db

NOISE = np.random.default_rng(0)


def f1(found, truth) -> float:
    return 2 * total_s(intersect(found, truth)) / (total_s(found) + total_s(truth))


@pytest.mark.parametrize("number", [5, 8, 16])
def test_both_parties_are_heard_where_they_speak(number):
    call = sample(number)
    agent, customer = load_recording(call.record).channels
    announced = [call.announcement] if call.announcement else []
    spoken_by_agent = (*call.speech[Role.AGENT], *announced)
    assert f1(detect_speech(agent), spoken_by_agent) >= 0.95
    assert f1(detect_speech(customer), call.speech[Role.CUSTOMER]) >= 0.93


def test_a_faint_caller_is_heard_like_a_loud_one():
    call = sample(8)
    _, customer = load_recording(call.record).channels
    loud, faint = detect_speech(customer), detect_speech(customer * np.float32(0.03))
    assert f1(faint, loud) >= 0.97


def test_leading_zeros_move_speech_and_change_nothing_else():
    _, customer = load_recording(sample(8).record).channels
    late = np.concatenate([np.zeros(RATE_HZ * 7, np.float32), customer])
    shifted = [Span(s.start_s - 7.0, s.end_s - 7.0) for s in detect_speech(late)]
    assert f1(shifted, detect_speech(customer)) >= 0.98


@pytest.mark.parametrize(
    "samples",
    [
        NOISE.normal(0, 0.01, RATE_HZ * 20).astype(np.float32),
        (0.3 * np.sin(2 * np.pi * 450 * np.arange(RATE_HZ * 20) / RATE_HZ)).astype(np.float32),
        np.full(RATE_HZ * 5, 1e-4, np.float32),
        np.zeros(100, np.float32),
    ],
    ids=["noise", "tone", "offset", "shorter than a frame"],
)
def test_no_speech_is_found_where_there_is_none(samples):
    assert total_s(detect_speech(samples)) < 0.3


def test_level_of_a_sine_is_three_decibels_below_its_peak():
    sine = (0.5 * np.sin(2 * np.pi * 400 * np.arange(RATE_HZ) / RATE_HZ)).astype(np.float32)
    assert frame_level_db(sine) == pytest.approx(20 * np.log10(0.5) - 3.01, abs=0.05)
