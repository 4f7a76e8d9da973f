"""Which channels carry a party of their own."""

import numpy as np
import pytest

from pipeline.call import ChannelForm
from pipeline.spans import Span
from pipeline.speakers.channels import alikeness, choose_lines, is_copy, part_lines

RATE_HZ = 16_000


def noise(seed: int, level: float = 0.1, seconds: float = 4.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, int(RATE_HZ * seconds)).astype(np.float32)


@pytest.mark.parametrize("delay", [0, 480])
def test_a_mono_call_stored_twice_is_listened_to_once(delay):
    signal = noise(0)
    lines = part_lines(choose_lines((signal, 0.5 * np.roll(signal, delay))))
    assert lines.form is ChannelForm.DUAL_MONO
    assert len(lines.channels) == 1


def test_noise_of_its_own_does_not_hide_a_copy():
    signal = noise(0)
    copies = (signal + noise(1, 0.03), signal + noise(2, 0.03))
    assert part_lines(choose_lines(copies)).form is ChannelForm.DUAL_MONO


def test_two_signals_are_two_parties():
    lines = part_lines(choose_lines((noise(0), noise(1))))
    assert lines.form is ChannelForm.STEREO
    assert len(lines.channels) == len(lines.leaks_db) == len(lines.borrowed) == 2


def test_a_channel_without_a_line_is_not_a_party():
    signal = noise(0)
    silent = choose_lines((np.zeros_like(signal), signal))
    assert silent.form is ChannelForm.ONE_LINE
    assert silent.channels[0] is signal
    assert choose_lines((signal, noise(1, 0.001))).form is ChannelForm.STEREO


def test_nothing_is_like_nothing():
    silence = np.zeros(RATE_HZ, np.float32)
    assert alikeness(silence, silence, np.arange(1)) == 0.0
    assert not is_copy(silence, silence)
    assert not is_copy(silence[:100], silence[:100])
    assert choose_lines((noise(0),)).form is ChannelForm.MONO


def test_music_on_both_channels_makes_no_copy():
    music = np.concatenate([np.zeros(4 * RATE_HZ, np.float32), noise(2, 0.2, 12.0)])
    pair = tuple(np.concatenate([noise(n, 0.1, 4.0), noise(n + 5, 0.001, 12.0)]) + music for n in (0, 1))
    assert part_lines(choose_lines(pair), sounds=(Span(4.0, 16.0),)).form is ChannelForm.STEREO


def test_an_announcement_on_both_channels_makes_no_copy():
    played = np.concatenate([noise(2, 0.2, 6.0), np.zeros(12 * RATE_HZ, np.float32)])
    pair = tuple(noise(n, 0.1, 18.0) + played for n in (0, 1))
    assert not is_copy(*pair)
