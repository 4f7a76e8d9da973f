"""Music and typing: known signals and real recordings."""

import numpy as np
import pytest
from samples import sample

from pipeline.audio import RATE_HZ, load_recording
from pipeline.call import Role
from pipeline.spans import Span, intersect, total_s
from pipeline.speech.sounds import detect_music, detect_typing, quiet_stretches


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
