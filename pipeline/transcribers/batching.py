"""Which clips are decoded together, and in windows of what length.

The encoder takes as long as its window is, so a clip's window follows the clip's length. Windows come in
a few lengths, and a batch holds clips of one window: what is heard in a clip then depends on the clip alone,
not on which other clips it shares a batch with.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.transcribers.base import SAMPLE_RATE_HZ

FULL_WINDOW_S = 30.0
PADDING_S = 3.0
"""Least silence after a clip. With less the decoder makes more errors: on 83 clips of calls 9.6 % of
syllables at 3 s, 10.6 % at 2 s, 11.1 % at 1 s."""

SECOND_PADDING_S = 10.0
"""The same when a clip is decoded again: with the whole window of 30 s, which takes three times as long, 412
clips of calls had a tenth of a point more errors, with 6 s a tenth more than that."""

WINDOWS_S = (
    *(0.5 * n for n in range(8, 20)),
    *(10.0, 11.0, 12.0, 13.0, 14.5, 16.0, 17.5, 19.0, 21.0, 23.0, 25.0, 27.5, FULL_WINDOW_S),
)
"""Each about a tenth longer than the one before: a twentieth of what is encoded is padding to the next
length. More lengths would leave batches with few clips."""

BATCH_S = 160.0
"""A batch's windows together; the decoder takes about 1.4 MB for each second."""


def window_s(size: int, *, padding_s: float = PADDING_S) -> float:
    """Return the window a clip of so many samples is decoded in, s; the longest get less silence."""
    needed_s = min(FULL_WINDOW_S, size / SAMPLE_RATE_HZ + padding_s)
    return WINDOWS_S[bisect_left(WINDOWS_S, needed_s)]


def batches(
    numbers: Sequence[int], sizes: Sequence[int], *, size: int, padding_s: float = PADDING_S
) -> Iterator[tuple[float, list[int]]]:
    """Yield windows [s] and the numbers of clips to decode in them, at most ``size`` at a time.

    Parameters
    ----------
    numbers : sequence of int
        Of the clips to decode.
    sizes : sequence of int
        Samples of every clip.
    size : int
        Clips in a batch, at least 1; fewer where their windows are long.
    padding_s : float
        Least silence after a clip, s, as far as the longest window allows.
    """
    sharing: defaultdict[float, list[int]] = defaultdict(list)
    # Clips of one length end their decoding at about the same time.
    for number in sorted(numbers, key=lambda i: (sizes[i], i)):
        sharing[window_s(sizes[number], padding_s=padding_s)].append(number)
    for window, together in sharing.items():
        most = min(size, int(BATCH_S / window))
        for start in range(0, len(together), most):
            yield window, together[start : start + most]
