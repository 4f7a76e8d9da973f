"""Ringback, music and typing: known signals and real recordings."""

import numpy as np
import pytest
from samples import sample

from pipeline.audio import RATE_HZ, load_recording
from pipeline.call import Role
from pipeline.spans import Span, intersect, total_s
from pipeline.speech.sounds import detect_music, detect_ringback, detect_typing, quiet_stretches


def ring(count: int, hz: float = 450.0, on_s: float = 1.0, off_s: float = 4.0) -> np.ndarray:
    t = np.arange(int(on_s * RATE_HZ)) / RATE_HZ
    one = np.concatenate([0.1 * np.sin(2 * np.pi * hz * t), np.zeros(int(off_s * RATE_HZ))])
    noise = np.random.default_rng(1).normal(0, 0.0005, count * len(one) + RATE_HZ)
    return (np.concatenate([np.tile(one, count), np.zeros(RATE_HZ)]) + noise).astype(np.float32)


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_rings_are_counted(count):
    rings = detect_ringback(ring(count) if count else ring(1)[RATE_HZ * 2 :])
    assert len(rings) == count
    assert [round(r.start_s) for r in rings] == [5 * n for n in range(count)]


@pytest.mark.parametrize(
    "tone", [ring(3, hz=700.0), ring(3, on_s=0.35, off_s=0.35)], ids=["pitch", "busy tone"]
)
def test_other_tones_are_not_ringback(tone):
    assert detect_ringback(tone) == ()


@pytest.mark.parametrize("number", [1, 5, 7, 10])
def test_rings_of_recorded_calls(number):
    call = sample(number)
    agent, _ = load_recording(call.record).channels
    assert len(detect_ringback(agent)) == call.rings


@pytest.mark.parametrize("number", [1, 3, 16, 22])
def test_music_and_typing_fill_the_holds_that_have_them(number):
    call = sample(number)
    agent, customer = load_recording(call.record).channels
    music = detect_music(agent)
    speech = tuple(s for spans in call.speech.values() for s in spans)
    duration_s = len(agent) / RATE_HZ
    typing = detect_typing(agent, quiet=quiet_stretches(speech, music, duration_s=duration_s))
    for kind, hold in call.holds:
        share = {
            "music": total_s(intersect(music, [hold])) / hold.duration_s,
            "typing": total_s(intersect(typing, [hold])) / hold.duration_s,
        }
        assert {k for k, s in share.items() if s >= 0.4} == ({kind} - {"dead"})
    assert detect_music(customer) == ()


def test_quiet_is_what_neither_speech_nor_music_fills():
    quiet = quiet_stretches((Span(1, 2),), (Span(4, 6),), duration_s=8.0)
    assert quiet == (Span(0, 1), Span(2, 4), Span(6, 8))


def test_a_tone_later_in_the_call_is_not_the_ringing_before_the_answer():
    call = sample(8)
    agent, _ = load_recording(call.record).channels
    transfer = np.concatenate([agent, ring(2)])
    assert detect_ringback(transfer) == ()


def test_somebody_speaking_over_music_is_not_music():
    call = sample(8)
    agent, _ = load_recording(call.record).channels
    t = np.arange(len(agent)) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6)) / 3
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * 0.5 * t)
    level = float(np.sqrt(np.mean(agent[agent != 0] ** 2)))
    mixed = (agent + 0.5 * level * chord * swell).astype(np.float32)
    spoken = call.speech[Role.AGENT]
    assert total_s(intersect(detect_music(mixed), spoken)) <= 0.2 * total_s(spoken)
