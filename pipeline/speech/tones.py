"""Steady tones: stretches in which one or two frequencies hold nearly all of a channel's power.

Frames of 32 ms every 10 ms (Hann). A frame is tonal when its two strongest spectral peaks hold
three quarters of its power; tonal frames whose mean frequency stays put are a *burst*. Signalling tones keep
frequency and level to a fraction of a per cent: their mean frequency wobbles by 0.0-0.5 Hz from frame to
frame (3 Hz where they leak into another channel under noise), that of sustained vowels and notes by 1-10 Hz,
of car horns by 2-4 Hz.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.audio import RATE_HZ, Samples, Waveform
from pipeline.spans import Span
from pipeline.speech.levels import find_runs, frame_level_db

Numbers = npt.NDArray[np.float32] | npt.NDArray[np.float64]

FFT = 512
HOP = 160
HOP_S = HOP / RATE_HZ
BIN_HZ = RATE_HZ / FFT
# The telephone band, with room for a peak's flanks.
LOWEST_BIN, HIGHEST_BIN = 6, 120
# A Hann window spreads a pure tone over its bin and two on either side.
FLANK = 2
TONAL_SHARE = 0.75
LEAST_DBFS = -60.0
# Two tones that sound together are about equally loud.
LEAST_OF_PAIR_DB = -12.0
# Frames whose mean frequency differs by more belong to different bursts.
JUMP_HZ = 15.0
# Frames at a burst's edges see the tone come and go.
EDGE_FRAMES = 2
MIN_BURST_S = 0.06
# The power of a windowed frame is at most this much above that of its loudest 10 ms (a constant's is).
WINDOW_GAIN_DB = 7.5
SILENCE_DB = -120.0
# A spectrogram is many times the size of its samples, and quickest to work on inside a processor's cache.
BLOCK_FRAMES = 500


@dataclass(frozen=True, slots=True)
class Burst:
    """A stretch of steady tone.

    Attributes
    ----------
    mean_hz : float
        Mean frequency of its one or two peaks, weighted by their power.
    wobble_hz : float
        Standard deviation of that over the burst's frames.
    swing_db : float
        Standard deviation of the level over the burst's frames, without its edges.
    """

    span: Span
    mean_hz: float
    wobble_hz: float
    swing_db: float


@dataclass(frozen=True, slots=True, eq=False)
class Tonality:
    """What each 10 ms frame's two strongest peaks are.

    Attributes
    ----------
    share : ndarray, shape=(n,)
        Of the frame's power that they hold, 0..1.
    level_db : ndarray, shape=(n,)
        Of the frame [dBFS].
    low_hz, high_hz : ndarray, shape=(n,)
        Their frequencies, the lower one first.
    mean_hz : ndarray, shape=(n,)
        Weighted by their power; of the stronger one alone where the other is far below it.
    twist_db : ndarray, shape=(n,)
        Level of the higher over that of the lower.
    """

    share: Numbers
    level_db: Numbers
    low_hz: Numbers
    high_hz: Numbers
    mean_hz: Numbers
    twist_db: Numbers


def find_peaks(samples: Waveform) -> Tonality:
    """Find the two strongest spectral peaks of every frame of one channel."""
    if len(samples) < FFT:
        nothing = np.zeros(0)
        return Tonality(nothing, nothing, nothing, nothing, nothing, nothing)
    count = 1 + len(samples) // HOP
    found = Tonality(*(np.zeros(count, np.float32) for _ in fields(Tonality)))
    found.level_db.fill(SILENCE_DB)
    for first, end in _loud_stretches(samples, count):
        # Frames are centred on multiples of the hop, silence lies beyond both ends.
        start, stop = first * HOP - FFT // 2, (end - 1) * HOP + FFT // 2
        inside = samples[max(0, start) : stop]
        piece = np.pad(inside, (max(0, -start), stop - max(0, start) - len(inside)))
        peaks = _peaks(piece)
        for field in fields(Tonality):
            getattr(found, field.name)[first:end] = getattr(peaks, field.name)
    return found


def _loud_stretches(samples: Waveform, count: int) -> Iterator[tuple[int, int]]:
    """Stretches of frames that hold all those which may be loud enough for a tone, in order."""
    from scipy.ndimage import maximum_filter1d

    level_db = frame_level_db(samples)
    loud = np.ones(count, bool)
    loud[: len(level_db)] = level_db >= LEAST_DBFS - WINDOW_GAIN_DB
    # A frame reaches into the two 10 ms before its own, and into the one after.
    near = maximum_filter1d(loud.view(np.int8), 5, mode="nearest").astype(bool)
    for first, end in find_runs(near):
        for at in range(first, end, BLOCK_FRAMES):
            yield at, min(at + BLOCK_FRAMES, end)


def _peaks(samples: Samples) -> Tonality:
    """Find the peaks of the frames that lie wholly inside."""
    from scipy.fft import rfft

    frames = np.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP]
    spectrum = rfft(frames * _hann(), axis=1, overwrite_x=True)
    power = spectrum.real**2 + spectrum.imag**2
    # A sine of full scale has this much power over its peak's bins.
    level_db = 10 * np.log10(power.sum(axis=1) / (FFT**2 * 3 / 16) + 1e-12)
    band = power[:, LOWEST_BIN:HIGHEST_BIN]
    total = band.sum(axis=1) + 1e-12
    first_power, first_hz = _take_peak(band)
    second_power, second_hz = _take_peak(band)
    rising = first_hz <= second_hz
    ratio_db = 10 * np.log10((second_power + 1e-12) / (first_power + 1e-12))
    both = first_power + second_power + 1e-12
    # A second peak far below the first is noise, which would pull the mean about.
    second_counts = np.where(ratio_db >= LEAST_OF_PAIR_DB, second_power, 0.0)
    return Tonality(
        share=both / total,
        level_db=level_db,
        low_hz=np.where(rising, first_hz, second_hz),
        high_hz=np.where(rising, second_hz, first_hz),
        mean_hz=(first_power * first_hz + second_counts * second_hz) / (first_power + second_counts + 1e-12),
        twist_db=np.where(rising, ratio_db, -ratio_db),
    )


@cache
def _hann() -> Samples:
    from scipy.signal.windows import hann

    window: Samples = hann(FFT, sym=False).astype(np.float32)
    return window


def _take_peak(band: Samples) -> tuple[Numbers, Numbers]:
    """Return power and frequency of each frame's strongest peak, and clear it from the band."""
    at = np.clip(band.argmax(axis=1), FLANK, band.shape[1] - FLANK - 1)
    bins = at[:, None] + np.arange(-FLANK, FLANK + 1)
    peak = np.take_along_axis(band, bins, axis=1).astype(np.float64)
    power = peak.sum(axis=1)
    hz = (peak * (bins + LOWEST_BIN) * BIN_HZ).sum(axis=1) / (power + 1e-12)
    np.put_along_axis(band, bins, 0.0, axis=1)
    return power, hz


def find_bursts(peaks: Tonality) -> tuple[Burst, ...]:
    """Find the bursts of steady tone of at least 60 ms, in order."""
    tonal = (peaks.share >= TONAL_SHARE) & (peaks.level_db >= LEAST_DBFS)
    if not tonal.any():
        return ()
    jumps = np.abs(np.diff(peaks.mean_hz, prepend=peaks.mean_hz[0])) >= JUMP_HZ
    starts = tonal & (jumps | ~np.concatenate(([False], tonal[:-1])))
    begins = np.flatnonzero(starts)
    ends = np.flatnonzero(tonal & np.concatenate((starts[1:] | ~tonal[1:], [True]))) + 1
    long = ends - begins >= round(MIN_BURST_S / HOP_S)
    return tuple(_burst(peaks, a, b) for a, b in zip(begins[long].tolist(), ends[long].tolist(), strict=True))


def _burst(peaks: Tonality, first: int, end: int) -> Burst:
    edge = min(EDGE_FRAMES, (end - first - 1) // 2)
    inner = slice(first + edge, end - edge)
    hz, level_db = peaks.mean_hz[inner], peaks.level_db[inner]
    span = Span(first * HOP_S, end * HOP_S)
    return Burst(span, float(np.median(hz)), float(np.std(hz)), float(np.std(level_db)))
