"""Samples in memory and in a file: alike to whoever reads them."""

import gc
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

import numpy as np
import pytest
from samples import sample

from pipeline import waveform
from pipeline.audio import load_recording
from pipeline.hearing import Hearing
from pipeline.speech.levels import frame_level_db
from pipeline.transcribers.canned import CannedTranscriber
from pipeline.waveform import Clips, Recorder, Spool, blocks, find_peak, mean_power

NOISE = np.random.default_rng(0).normal(0, 0.1, 50_001).astype(np.float32)


def spooled(samples: np.ndarray, every: int = 7_001) -> Spool:
    spool = Spool()
    for at in range(0, len(samples), every):
        spool.append(samples[at : at + every])
    return spool


def test_a_file_is_read_like_an_array() -> None:
    spool = spooled(NOISE)
    assert len(spool) == len(NOISE)
    for where in (
        slice(None),
        slice(10, 20),
        slice(49_000, 60_000),
        slice(-5, None),
        slice(9, 3),
        slice(0, 0),
    ):
        assert np.array_equal(spool[where], NOISE[where])
    with pytest.raises(ValueError, match="steps of 1, not 2"):
        spool[::2]


def _nameless_files() -> set[tuple[int, int]]:
    """The device and inode of each open file without a name: other threads open and close other things."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            status = descriptor.stat()
            if S_ISREG(status.st_mode) and status.st_nlink == 0:
                found.add((status.st_dev, status.st_ino))
    return found


def test_the_file_has_no_name_and_goes_with_the_last_reference() -> None:
    before = _nameless_files()
    spool = spooled(NOISE)
    own = _nameless_files() - before
    assert len(own) == 1
    del spool
    gc.collect()
    assert not own & _nameless_files()


def test_a_recorder_goes_over_to_a_file_when_samples_become_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waveform, "IN_MEMORY_S", 1)
    short, long = Recorder(), Recorder()
    short.append(NOISE[:16_000])
    for at in range(0, 40_000, 3_000):
        long.append(NOISE[at : at + 3_000])
    assert isinstance(short.finish(), np.ndarray)
    found = long.finish(50_000)
    assert isinstance(found, Spool)
    assert np.array_equal(found[:42_000], NOISE[:42_000])
    assert len(found) == 50_000
    assert not found[42_000:].any()


def test_clips_are_the_pieces_of_their_channels() -> None:
    clips = Clips([(NOISE, 5, 9), (spooled(NOISE), 7, 60_000)])
    assert [len(clip) for clip in clips] == [4, len(NOISE) - 7]
    assert np.array_equal(clips[1:][0], NOISE[7:])


def test_power_and_peak_do_not_depend_on_blocks() -> None:
    spool = spooled(NOISE)
    assert find_peak(spool) == np.max(np.abs(NOISE))
    assert sum(len(block) for _, block in blocks(spool, 999)) == len(NOISE)
    whole = NOISE[: len(NOISE) // 160 * 160].reshape(-1, 160)
    assert mean_power(spool, 160) == pytest.approx(np.mean(whole**2, axis=1), rel=1e-5)
    assert frame_level_db(spool) is frame_level_db(spool)


def test_a_call_is_heard_alike_from_memory_and_from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    record = sample(8).record

    def hear() -> object:
        transcriber = CannedTranscriber(lambda _, clip: f"您好请问{len(clip)}有什么可以帮您")
        return Hearing(transcriber).hear(record, sha256="0" * 64)

    in_memory = hear()
    monkeypatch.setattr(waveform, "IN_MEMORY_S", 0)
    monkeypatch.setattr(waveform, "BLOCK", 7 * waveform.RATE_HZ)
    assert isinstance(load_recording(record).channels[0], Spool)
    assert hear() == in_memory
