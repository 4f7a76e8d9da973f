"""Whether the parties are apart at all: which channels carry a party of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.call import ChannelForm
from pipeline.spans import Spans
from pipeline.speakers.leakage import find_leak, remove_leak
from pipeline.waveform import RATE_HZ, Waveform, find_peak, mean_power

# Loud frames of two channels this alike, at any delay up to a quarter of a second, carry the same signal: a
# mono call stored twice. Clean stereo calls reach 0.06, leaks of -12 dB 0.34, noisy copies 0.86.
SAME_SIGNAL = 0.8
FRAME = 8192
MAX_FRAMES = 400
# Channels of which no part shows half of that in an eighth of its frames are no copies.
LOOK_EVERY, WORTH_A_LOOK = 8, 0.4
PARTS = 4
# A source must be free of its own leak before it is taken out of the other: each round weakens what is left.
ROUNDS = 2
# Peak below which a channel carries no line at all (-70 dBFS).
NO_LINE = 10 ** (-70 / 20)


Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The channels worth listening to.

    Attributes
    ----------
    channels : tuple of Waveform
        One or two; of two, without what leaked from the other.
    form : ChannelForm
        What the recording's channels turned out to be.
    leaks_db : tuple of float or None
        Per channel, the level of the other party's voice on it below that party's own channel [dB];
        None where nothing leaks.
    borrowed : tuple of Spans
        Per channel, where the other party's leak was most of what it carried.
    """

    channels: tuple[Waveform, ...]
    form: ChannelForm
    leaks_db: tuple[float | None, ...] = (None,)
    borrowed: tuple[Spans, ...] = field(default=((),))


def choose_lines(channels: Sequence[Waveform]) -> Lines:
    """Leave out a channel that carries no line: a live one has noise even when nobody speaks on it.

    Parameters
    ----------
    channels : sequence of Waveform
        One or two, 16 kHz.
    """
    if len(channels) < 2:
        return Lines(tuple(channels), ChannelForm.MONO)
    live = [c for c in channels if find_peak(c) > NO_LINE]
    if len(live) < 2:
        return Lines((*live, channels[0])[:1], ChannelForm.ONE_LINE)
    return Lines(tuple(channels), ChannelForm.STEREO, (None, None), ((), ()))


def part_lines(lines: Lines, *, sounds: Spans = ()) -> Lines:
    """Leave out a copy, and take out what leaks from each of two channels into the other.

    Parameters
    ----------
    lines : Lines
    sounds : Spans
        Music and tones on any channel: a switchboard may play them on both, which makes neither a copy nor a
        leak.

    Returns
    -------
    Lines
        The same when there is one channel, or two that have nothing to do with each other.
    """
    if len(lines.channels) < 2:
        return lines
    left, right = lines.channels
    if is_copy(left, right, sounds=sounds):
        return Lines((left,), ChannelForm.DUAL_MONO)
    to_left, to_right = find_leak(right, left, sounds=sounds), find_leak(left, right, sounds=sounds)
    if to_left is None and to_right is None:
        return lines
    clean_left, clean_right = left, right
    of_right: Spans = ()
    of_left: Spans = ()
    for _ in range(ROUNDS):
        if to_left:
            clean_left, of_right = remove_leak(to_left, clean_right, left)
        if to_right:
            clean_right, of_left = remove_leak(to_right, clean_left, right)
    return Lines(
        (clean_left, clean_right),
        ChannelForm.LEAKING,
        (to_left.level_db if to_left else None, to_right.level_db if to_right else None),
        (of_right, of_left),
    )


def is_copy(one: Waveform, other: Waveform, *, sounds: Spans = ()) -> bool:
    """Whether two channels carry the same signal wherever one is loud.

    Most quarters of the loud frames outside music and tones must show it: an announcement that is played on
    both channels makes no copy.
    """
    frames = _loud_frames(one, other, sounds)
    parts = [part for part in np.array_split(frames, PARTS) if len(part)]
    if not any(alikeness(one, other, part[::LOOK_EVERY]) >= WORTH_A_LOOK for part in parts):
        return False
    return 2 * sum(alikeness(one, other, part) >= SAME_SIGNAL for part in parts) > len(parts)


def alikeness(one: Waveform, other: Waveform, frames: Numbers) -> float:
    """Return how alike two channels are at the best delay in some frames, 0..1.

    The largest normalised cross-correlation within a quarter of a second, summed over the frames.
    """
    from scipy.fft import rfft

    cross: npt.NDArray[np.complex128] = np.zeros(FRAME + 1, complex)
    energy = np.zeros(2)
    for frame in frames:
        a, b = (c[frame * FRAME : (frame + 1) * FRAME] for c in (one, other))
        a, b = a - np.mean(a), b - np.mean(b)
        cross += np.conj(rfft(a, 2 * FRAME)) * rfft(b, 2 * FRAME)
        energy += float(a @ a), float(b @ b)
    scale = float(np.sqrt(energy[0] * energy[1]))
    lags = np.fft.fftshift(np.fft.irfft(cross))
    return float(np.max(np.abs(lags[FRAME // 2 : FRAME + FRAME // 2]))) / scale if scale > 0 else 0.0


def _loud_frames(one: Waveform, other: Waveform, sounds: Spans) -> Numbers:
    """Numbers of the loudest frames of two channels outside some sounds, in order, at most ``MAX_FRAMES``."""
    count = min(len(one), len(other)) // FRAME
    power = np.zeros(count)
    for channel in (one, other):
        power += mean_power(channel, FRAME)[:count]
    for sound in sounds:
        power[int(sound.start_s * RATE_HZ) // FRAME : int(sound.end_s * RATE_HZ) // FRAME + 1] = 0.0
    loudest = np.argsort(power)[-MAX_FRAMES:]
    kept: Numbers = np.sort(loudest[power[loudest] > 0])
    return kept
