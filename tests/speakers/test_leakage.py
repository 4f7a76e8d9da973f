"""Channels that leak into each other: found, measured and taken out; never where nothing leaks."""

import numpy as np
import pytest

from pipeline.call import ChannelForm
from pipeline.spans import Span, total_s
from pipeline.speakers.channels import choose_lines, part_lines
from pipeline.speakers.leakage import find_leak, remove_leak

RATE_HZ = 16_000
SECONDS = 40
Signal = np.ndarray


def talk(seed: int, turns: list[tuple[float, float]], level: float = 0.1) -> Signal:
    """Noise coloured like speech in the given turns, over a faint line noise."""
    random = np.random.default_rng(seed)
    voice = np.convolve(random.normal(0, level, SECONDS * RATE_HZ), [0.5, 1.0, 0.5], mode="same")
    spoken = np.zeros(SECONDS * RATE_HZ)
    for start, end in turns:
        spoken[int(start * RATE_HZ) : int(end * RATE_HZ)] = 1.0
    return (voice * spoken + random.normal(0, 0.001, len(voice))).astype(np.float32)


ONE = [(t, t + 3.0) for t in range(0, SECONDS, 8)]
TWO = [(t + 4.0, t + 7.0) for t in range(0, SECONDS, 8)]


def leaking(delay_s: float, gain_db: float) -> tuple[Signal, Signal]:
    one, two = talk(1, ONE), talk(2, TWO)
    return one, (two + 10 ** (gain_db / 20) * np.roll(one, int(delay_s * RATE_HZ))).astype(np.float32)


@pytest.mark.parametrize("delay_s", [0.0, 0.03, 0.12, -0.02])
@pytest.mark.parametrize("gain_db", [-4.0, -10.0, -25.0])
def test_delay_and_level_of_a_leak_are_measured(delay_s, gain_db):
    leak = find_leak(*leaking(delay_s, gain_db))
    assert leak is not None
    assert leak.delay_s == pytest.approx(delay_s, abs=1e-4)
    assert leak.level_db == pytest.approx(gain_db, abs=1.0)


@pytest.mark.parametrize("delay_s", [0.03, -0.02])
def test_the_leak_is_taken_out_and_the_own_voice_stays(delay_s):
    one, two = leaking(delay_s, -12.0)
    leak = find_leak(one, two)
    assert leak is not None
    clean, borrowed = remove_leak(leak, one, two)
    alone, own = slice(9 * RATE_HZ, 10 * RATE_HZ), slice(5 * RATE_HZ, 6 * RATE_HZ)
    assert np.std(clean[alone]) < 0.1 * np.std(two[alone])
    assert np.std(clean[own]) == pytest.approx(np.std(two[own]), rel=0.02)
    assert total_s(borrowed) == pytest.approx(sum(e - s for s, e in ONE), rel=0.1)
    assert not any(span.overlap_s(Span(5.0, 6.0)) for span in borrowed)


def test_clean_channels_show_no_leak():
    one, two = talk(1, ONE), talk(2, TWO)
    assert find_leak(one, two) is None
    lines = choose_lines((one, two))
    assert part_lines(lines) is lines


def test_what_both_channels_play_once_is_no_leak():
    one, two = talk(1, ONE), talk(2, TWO)
    played = talk(3, [(0.0, 8.0)])
    assert find_leak(one + played, two + 0.3 * played) is None


def test_music_on_both_channels_is_no_leak():
    one, two = talk(1, ONE), talk(2, TWO)
    music = talk(3, [(8.0, 38.0)])
    lines = choose_lines((one + music, two + 0.3 * music))
    assert part_lines(lines, sounds=(Span(8.0, 38.0),)) is lines


def test_a_source_that_is_never_alone_tells_nothing():
    assert find_leak(talk(1, [(0.0, 1.0)]), talk(2, [(0.0, 30.0)])) is None
    assert find_leak(np.zeros(100, np.float32), np.zeros(100, np.float32)) is None


def test_leaking_channels_are_named_and_parted():
    lines = part_lines(choose_lines(leaking(0.03, -15.0)))
    assert lines.form is ChannelForm.LEAKING
    assert lines.leaks_db[0] is None
    assert lines.leaks_db[1] == pytest.approx(-15.0, abs=1.0)
    assert lines.borrowed[0] == ()
    assert total_s(lines.borrowed[1]) > 5.0


def test_a_leak_whose_waveform_a_codec_has_changed_is_told_by_its_level():
    one, two = leaking(0.03, -12.0)
    random = np.random.default_rng(4)
    echo = 10 ** (-12.0 / 20) * np.roll(one, int(0.03 * RATE_HZ))
    coded = (two + 0.8 * random.normal(0, 1, len(two)) * np.abs(echo)).astype(np.float32)
    leak = find_leak(one, coded)
    assert leak is not None
    _, borrowed = remove_leak(leak, one, coded)
    assert total_s(borrowed) == pytest.approx(sum(e - s for s, e in ONE), rel=0.1)
    assert not any(span.overlap_s(Span(5.0, 6.0)) for span in borrowed)


def test_channels_that_leak_strongly_into_each_other_are_parted():
    one, two = talk(1, ONE), talk(2, TWO)
    delayed = [10 ** (-5.0 / 20) * np.roll(c, int(0.03 * RATE_HZ)) for c in (one, two)]
    lines = part_lines(choose_lines((one + delayed[1], two + delayed[0])))
    assert lines.form is ChannelForm.LEAKING
    for clean, own, other in zip(lines.channels, (ONE, TWO), (TWO, ONE), strict=True):
        spoken = [
            np.std(clean[int((t[0][0] + 1) * RATE_HZ) : int((t[0][0] + 2) * RATE_HZ)]) for t in (own, other)
        ]
        assert spoken[1] < 0.2 * spoken[0]
