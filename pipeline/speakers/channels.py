"""Whether the parties are apart at all: which channels carry a party of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.audio import Samples
from pipeline.call import ChannelForm
from pipeline.spans import Spans
from pipeline.speakers.leakage import find_leak, remove_leak

# Loud frames of two channels this alike, at any delay up to a quarter of a second, carry the same signal: a
# mono call stored twice. Clean stereo calls reach 0.02, leaks of -12 dB 0.36, noisy copies 0.86.
SAME_SIGNAL = 0.8
FRAME = 8192
MAX_FRAMES = 400
# A source must be free of its own leak before it is taken out of the other: each round weakens what is left.
ROUNDS = 2
# Peak below which a channel carries no line at all (-70 dBFS).
NO_LINE = 10 ** (-70 / 20)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The channels worth listening to.

    Attributes
    ----------
    channels : tuple of ndarray, shape=(n,)
        One or two; of two, without what leaked from the other.
    form : ChannelForm
        What the recording's channels turned out to be.
    leaks_db : tuple of float or None
        Per channel, the level of the other party's voice on it below that party's own channel [dB];
        None where nothing leaks.
    borrowed : tuple of Spans
        Per channel, where the other party's leak was most of what it carried.
    """

    channels: tuple[Samples, ...]
    form: ChannelForm
    leaks_db: tuple[float | None, ...] = (None,)
    borrowed: tuple[Spans, ...] = field(default=((),))


def choose_lines(channels: Sequence[Samples]) -> Lines:
    """Choose the channels worth listening to, as they are.

    One of two is enough when they carry the same signal, or one carries none: a live line has noise even when
    nobody speaks on it.

    Parameters
    ----------
    channels : sequence of ndarray, shape=(n,)
        One or two, 16 kHz.
    """
    if len(channels) < 2:
        return Lines(tuple(channels), ChannelForm.MONO)
    live = [c for c in channels if float(np.max(np.abs(c), initial=0.0)) > NO_LINE]
    if len(live) < 2:
        return Lines(tuple(live) or (channels[0],), ChannelForm.ONE_LINE)
    left, right = channels
    if alikeness(left, right) >= SAME_SIGNAL:
        return Lines((left,), ChannelForm.DUAL_MONO)
    return Lines((left, right), ChannelForm.STEREO, (None, None), ((), ()))


def part_lines(lines: Lines, *, sounds: Spans = ()) -> Lines:
    """Take out what leaks from each of two channels into the other.

    Parameters
    ----------
    lines : Lines
    sounds : Spans
        Music and tones on any channel: a switchboard may play them on both, which is no leak.

    Returns
    -------
    Lines
        The same when there is one channel or nothing leaks.
    """
    if len(lines.channels) < 2:
        return lines
    left, right = lines.channels
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


def alikeness(one: Samples, other: Samples) -> float:
    """Return how alike the loud frames of two channels are at the best delay, 0..1.

    The largest normalised cross-correlation within a quarter of a second, summed over the frames.
    """
    length = min(len(one), len(other)) // FRAME * FRAME
    if length == 0:
        return 0.0
    first, second = (c[:length].reshape(-1, FRAME) for c in (one, other))
    power = np.mean(first**2, axis=1) + np.mean(second**2, axis=1)
    loudest = np.sort(np.argsort(power)[-MAX_FRAMES:])
    cross: npt.NDArray[np.complex128] = np.zeros(FRAME + 1, complex)
    energy = np.zeros(2)
    for frame in loudest:
        a, b = (c[frame] - np.mean(c[frame]) for c in (first, second))
        cross += np.conj(np.fft.rfft(a, 2 * FRAME)) * np.fft.rfft(b, 2 * FRAME)
        energy += float(a @ a), float(b @ b)
    scale = float(np.sqrt(energy[0] * energy[1]))
    lags = np.fft.fftshift(np.fft.irfft(cross))
    return float(np.max(np.abs(lags[FRAME // 2 : FRAME + FRAME // 2]))) / scale if scale > 0 else 0.0
