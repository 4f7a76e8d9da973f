"""Keys pressed: every key of the table, and speech that presses none."""

import numpy as np
import pytest
from samples import sample

from pipeline.audio import RATE_HZ, Samples, load_recording
from pipeline.speech.dtmf import COLUMNS_HZ, KEYS, ROWS_HZ, find_keys
from pipeline.speech.tones import find_peaks

DIGITS = "".join(KEYS)


def press(digits: str, on_s: float = 0.1, off_s: float = 0.1, twist_db: float = 0.0) -> Samples:
    t = np.arange(round(on_s * RATE_HZ)) / RATE_HZ
    pause = np.zeros(round(off_s * RATE_HZ))
    parts = [pause]
    for digit in digits:
        row = next(i for i, keys in enumerate(KEYS) if digit in keys)
        low, high = ROWS_HZ[row], COLUMNS_HZ[KEYS[row].index(digit)]
        gain = 10 ** (twist_db / 20)
        parts += [0.1 * (np.sin(2 * np.pi * low * t) + gain * np.sin(2 * np.pi * high * t)), pause]
    return np.concatenate(parts).astype(np.float32)


def read(samples: Samples) -> str:
    return "".join(key.digit for key in find_keys(find_peaks(samples)))


@pytest.mark.parametrize("on_s", [0.045, 0.1, 0.4])
def test_every_key_is_read(on_s):
    assert read(press(DIGITS, on_s=on_s)) == DIGITS


@pytest.mark.parametrize("twist_db", [-6.0, 6.0])
def test_one_group_may_be_louder(twist_db):
    assert read(press("13579", twist_db=twist_db)) == "13579"


def test_keys_are_read_through_noise_and_placed():
    noise = np.random.default_rng(2).normal(0, 0.01, round(0.1 * RATE_HZ) * 5)
    keys = find_keys(find_peaks((press("42") + noise).astype(np.float32)))
    assert [k.digit for k in keys] == ["4", "2"]
    assert keys[0].span.start_s == pytest.approx(0.1, abs=0.03)
    assert keys[1].span.end_s == pytest.approx(0.4, abs=0.03)


def test_frequencies_off_the_table_press_nothing():
    t = np.arange(RATE_HZ // 5) / RATE_HZ
    off = 0.1 * (np.sin(2 * np.pi * 697 * 1.04 * t) + np.sin(2 * np.pi * 1209 * 1.04 * t))
    assert read(off.astype(np.float32)) == ""


@pytest.mark.parametrize("number", [1, 16, 22])
def test_speech_music_and_typing_press_nothing(number):
    assert [read(c) for c in load_recording(sample(number).record).channels] == ["", ""]
