"""Channels that leak into each other, and how the leak is taken out.

Crosstalk of a telephone set, a hybrid or a recorder is the other party's signal, delayed and weakened: a
linear filter of it. The filter is estimated where only the source speaks (least squares over spectra, as in
acoustic echo cancellation: Benesty et al., *Advances in Network and Acoustic Echo Cancellation*, 2001), and
its output subtracted; what the subtraction explains is not the channel's own voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.spans import Span, Spans, union
from pipeline.waveform import RATE_HZ, Recorder, Waveform, blocks, mean_power

Frames = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Spectrum = npt.NDArray[np.float64]
CrossSpectrum = npt.NDArray[np.complex128]

# Frames for estimating: long enough for delays up to a quarter of a second either way.
FRAME = 8192
HOP = 2048
MAX_FRAMES = 1200
MIN_FRAMES = 16
BLOCK = 32
# The source speaks where it is within this of its loud frames, this far above its quiet ones, and this much
# louder than the other channel.
BELOW_LOUD_DB = 25.0
ABOVE_QUIET_DB = 6.0
DOMINATES_DB = 1.0
# The filter's peak over the spread of its other taps. On 48 clean stereo calls at most 13, on leaks of -12 to
# -25 dB at least 145. What both channels carry once, such as an announcement, is no leak: most of the
# call's quarters must show it at the same delay.
MIN_PROMINENCE = 30.0
PARTS = 4
SAME_DELAY_S = 0.002
# A look at one frame in four tells channels that have nothing to do with each other: 13 at most, leaks 120.
LOOK_EVERY, WORTH_A_LOOK = 4, 20.0
# What is kept of the filter around its peak.
BEFORE_PEAK_S, AFTER_PEAK_S = 0.01, 0.05
# A frame is the leak's when the subtraction takes away this much of it: a voice of one's own loses nothing. A
# codec after the leak keeps its loudness and not its waveform, so that little can be subtracted: a frame that
# is no louder over the leak than most are where only the source speaks is the leak's too.
EXPLAINED_DB = 3.0
MOST_FRAMES = 0.8
LEFT_OVER_DB, MOST_LEFT_OVER_DB = 3.0, 4.0
FLICKER_S = 0.1
STEP = RATE_HZ // 100
SMOOTH_STEPS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Leak:
    """How one channel is heard on the other.

    Attributes
    ----------
    delay_s : float
        From the source to the other channel; negative when the recorder skewed them.
    level_db : float
        Level of the leak below the source, negative.
    taps : ndarray, shape=(n,)
        The filter, of which the first tap lies ``BEFORE_PEAK_S`` before the peak.
    """

    delay_s: float
    level_db: float
    taps: Frames


def find_leak(source: Waveform, target: Waveform, *, sounds: Spans = ()) -> Leak | None:
    """Return how ``source`` leaks into ``target``, or None when it does not.

    Parameters
    ----------
    source, target : Waveform
        Two channels of one recording, 16 kHz.
    sounds : Spans
        Music and tones, which a switchboard may play on both channels.

    Returns
    -------
    Leak or None
        None also when ``source`` is hardly ever alone, so that nothing can be told.
    """
    starts = _source_alone(source, target, sounds)
    parts = np.array_split(starts, PARTS)
    long = [len(part) >= MIN_FRAMES for part in parts]
    if sum(long) < PARTS // 2 or not _may_leak(source, target, starts):
        return None
    spectra = [_spectra(source, target, part) for part in parts]
    source_power = np.sum([power for power, _ in spectra], axis=0)
    response = _response(source_power, np.sum([cross for _, cross in spectra], axis=0))
    delay, prominence = _peak(response)
    shown = [_peak(_response(*spectrum)) for spectrum, enough in zip(spectra, long, strict=True) if enough]
    agreeing = sum(p >= MIN_PROMINENCE and abs(d - delay) <= SAME_DELAY_S * RATE_HZ for d, p in shown)
    if prominence < MIN_PROMINENCE or agreeing <= len(shown) // 2:
        return None
    at = delay + FRAME // 2
    before, after = int(BEFORE_PEAK_S * RATE_HZ), int(AFTER_PEAK_S * RATE_HZ)
    taps = response[max(0, at - before) : at + after] / _shared_window(delay)
    gain = np.abs(np.fft.rfft(taps, FRAME)) ** 2
    level_db = 10 * float(np.log10(np.sum(gain * source_power) / np.sum(source_power)))
    return Leak(delay / RATE_HZ, level_db, taps)


def remove_leak(leak: Leak, source: Waveform, target: Waveform) -> tuple[Waveform, Spans]:
    """Take the leak of ``source`` out of ``target``.

    Returns
    -------
    Waveform
        ``target`` without the leak.
    Spans
        Where the leak was most of what ``target`` carried.
    """
    from scipy.signal import oaconvolve

    first = round(leak.delay_s * RATE_HZ) - int(BEFORE_PEAK_S * RATE_HZ)
    cleaned, echoes = Recorder(), []
    for at, block in blocks(target):
        # The taps that reach back before the block, and what of the source there is.
        start, stop = at - first - len(leak.taps) + 1, at - first + len(block)
        inside = source[max(start, 0) : max(stop, 0)]
        heard = np.pad(
            inside, (before := min(max(-start, 0), stop - start), stop - start - before - len(inside))
        )
        echo = oaconvolve(heard, leak.taps, mode="valid").astype(np.float32)
        cleaned.append(block - echo)
        echoes.append(mean_power(echo, STEP))
    clean = cleaned.finish()
    powers = [*(mean_power(s, STEP) for s in (source, target, clean)), np.concatenate(echoes)]
    explained = _is_leak(*(_level_db(power) for power in powers))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], explained.astype(np.int8), [0]))))
    step_s = STEP / RATE_HZ
    spans = (Span(a * step_s, b * step_s) for a, b in edges.reshape(-1, 2).tolist())
    return clean, union(spans, bridge_s=FLICKER_S)


def _is_leak(source_db: Frames, target_db: Frames, clean_db: Frames, echo_db: Frames) -> Mask:
    """Frames of the target that are the source's leak, by levels before, after and of what was taken."""
    left_over_db = clean_db - echo_db
    loud = source_db > np.quantile(source_db, 0.95) - BELOW_LOUD_DB
    alone = left_over_db[loud & (source_db - target_db > DOMINATES_DB)]
    usual_db = float(np.quantile(alone, MOST_FRAMES)) if len(alone) else 0.0
    return (target_db - clean_db >= EXPLAINED_DB) | (
        loud & (left_over_db <= min(usual_db + LEFT_OVER_DB, MOST_LEFT_OVER_DB))
    )


def _source_alone(source: Waveform, target: Waveform, sounds: Spans) -> npt.NDArray[np.int64]:
    """Starts of frames, at most ``MAX_FRAMES``, in which the source speaks and the other is quieter."""
    starts = np.arange(0, min(len(source), len(target)) - FRAME, HOP)
    if len(starts) == 0:
        return starts
    source_db, target_db = (_frame_db(c, len(starts)) for c in (source, target))
    loud_db, quiet_db = np.quantile(source_db, [0.95, 0.1])
    loud = source_db > max(loud_db - BELOW_LOUD_DB, quiet_db + ABOVE_QUIET_DB)
    sounding = np.zeros(len(starts), bool)
    for sound in sounds:
        sounding |= (starts < sound.end_s * RATE_HZ) & (starts + FRAME > sound.start_s * RATE_HZ)
    alone = starts[loud & ~sounding & (source_db - target_db > DOMINATES_DB)]
    picked: npt.NDArray[np.int64] = alone[:: 1 + len(alone) // MAX_FRAMES]
    return picked


def _frame_db(samples: Waveform, frames: int) -> Frames:
    width = FRAME // HOP
    power = np.convolve(mean_power(samples, HOP), np.ones(width, np.float32) / width, mode="valid")
    level: Frames = 10 * np.log10(power[:frames] + 1e-12).astype(np.float32)
    return level


def _may_leak(source: Waveform, target: Waveform, starts: npt.NDArray[np.int64]) -> bool:
    some = starts[::LOOK_EVERY] if len(starts) >= LOOK_EVERY * MIN_FRAMES else starts
    return _peak(_response(*_spectra(source, target, some)))[1] >= WORTH_A_LOOK


def _spectra(
    source: Waveform, target: Waveform, starts: npt.NDArray[np.int64]
) -> tuple[Spectrum, CrossSpectrum]:
    """Power spectrum of the source, and cross spectrum of source and target, summed over frames."""
    from scipy.fft import rfft

    window = np.hanning(FRAME).astype(np.float32)
    power = np.zeros(FRAME // 2 + 1)
    cross = np.zeros(FRAME // 2 + 1, complex)
    for first in range(0, len(starts), BLOCK):
        block = starts[first : first + BLOCK].tolist()
        a, b = (
            rfft(np.stack([c[at : at + FRAME] for at in block]) * window, axis=1, overwrite_x=True)
            for c in (source, target)
        )
        power += np.einsum("ij,ij->j", a.real, a.real) + np.einsum("ij,ij->j", a.imag, a.imag)
        cross += np.einsum("ij,ij->j", np.conj(a), b)
    return power, cross


def _response(power: Spectrum, cross: CrossSpectrum) -> Frames:
    """Impulse response from source to target with delay 0 in the middle."""
    response: Frames = np.fft.irfft(cross / (power + 0.01 * np.mean(power) + 1e-12)).astype(np.float32)
    return np.roll(response, FRAME // 2)


def _shared_window(delay: int) -> float:
    """Share of the windowed energy that is still in a frame after a delay: the estimate lacks the rest."""
    window = np.hanning(FRAME)
    shift = abs(delay)
    return float(window[shift:] @ window[: FRAME - shift]) / float(window @ window)


def _peak(response: Frames) -> tuple[int, float]:
    """Delay of the strongest tap in samples, and how far it stands out of the spread of all."""
    at = int(np.argmax(np.abs(response)))
    spread = float(np.median(np.abs(response))) / 0.6745
    return at - FRAME // 2, float(np.abs(response[at])) / max(spread, 1e-9)


def _level_db(power: Frames) -> Frames:
    smooth = np.convolve(power, np.ones(SMOOTH_STEPS, np.float32) / SMOOTH_STEPS, mode="same")
    level: Frames = 10 * np.log10(smooth + 1e-12).astype(np.float32)
    return level
