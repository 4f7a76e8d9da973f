"""Music and typing: real recordings, and music that is faint, noisy, or only resembled."""

import numpy as np
import pytest
from samples import sample

from pipeline.audio import RATE_HZ, Samples, load_recording
from pipeline.call import Role
from pipeline.spans import Span, Spans, intersect, total_s
from pipeline.speech.keystrokes import detect_typing, quiet_stretches
from pipeline.speech.music import detect_music, without_music
from pipeline.speech.signals import find_signals
from pipeline.speech.tone_plans import TonePlan


def music_of(samples: Samples) -> Spans:
    return detect_music(samples, find_signals(samples, TonePlan())).spans


def noise(seconds: float, level_db: float, seed: int = 3) -> Samples:
    rng = np.random.default_rng(seed)
    return (10 ** (level_db / 20) * rng.normal(size=round(seconds * RATE_HZ))).astype(np.float32)


@pytest.mark.parametrize("number", [1, 3, 22])
def test_music_and_typing_fill_the_holds_that_have_them(number):
    call = sample(number)
    agent, customer = load_recording(call.record).channels
    music = music_of(agent)
    speech = tuple(s for spans in call.speech.values() for s in spans)
    duration_s = len(agent) / RATE_HZ
    typing = detect_typing(agent, quiet=quiet_stretches(speech, music, duration_s=duration_s))
    for kind, hold in call.holds:
        share = {
            "music": total_s(intersect(music, [hold])) / hold.duration_s,
            "typing": total_s(intersect(typing, [hold])) / hold.duration_s,
        }
        assert {k for k, s in share.items() if s >= 0.4} == ({kind} - {"dead"})
    assert music_of(customer) == ()


def test_somebody_speaking_over_music_is_not_music():
    call = sample(8)
    agent, _ = load_recording(call.record).channels
    t = np.arange(len(agent)) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6)) / 3
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * 0.5 * t)
    level = float(np.sqrt(np.mean(agent[agent != 0] ** 2)))
    mixed = (agent + 0.5 * level * chord * swell).astype(np.float32)
    spoken = call.speech[Role.AGENT]
    assert total_s(intersect(music_of(mixed), spoken)) <= 0.2 * total_s(spoken)


def test_faint_music_in_noise_is_music_from_beginning_to_end():
    call = sample(16)
    agent, _ = load_recording(call.record).channels
    (_, hold), *_ = call.holds
    around = agent[int((hold.start_s - 5) * RATE_HZ) : int((hold.end_s + 5) * RATE_HZ)]
    faint = (around + noise(len(around) / RATE_HZ, -48.0)).astype(np.float32)
    found = intersect(music_of(faint), [Span(5.0, 5.0 + hold.duration_s)])
    assert total_s(found) >= 0.9 * hold.duration_s


def test_hum_hiss_and_ringing_are_no_music():
    t = np.arange(20 * RATE_HZ) / RATE_HZ
    hum = 0.05 * (np.sin(2 * np.pi * 250 * t) + 0.3 * np.sin(2 * np.pi * 500 * t))
    ring = 0.1 * np.sin(2 * np.pi * 450 * t) * (t % 5 < 1)
    for samples in (hum, noise(20, -30), ring):
        assert music_of((samples + noise(20, -60)).astype(np.float32)) == ()


def test_what_lies_inside_music_is_no_speech_and_what_leaves_it_is_cut():
    music = (Span(10, 30),)
    speech = (Span(5, 8), Span(12, 14), Span(28, 36))
    assert without_music(speech, music) == (Span(5, 8), Span(29, 36))
