"""Whether the parties are apart at all: which channels carry a party of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.audio import Samples

# Two channels this alike carry the same signal: a mono call stored twice.
SAME_SIGNAL = 0.98
# Peak below which a channel carries no line at all (-70 dBFS).
NO_LINE = 10 ** (-70 / 20)


def distinct_channels(channels: Sequence[Samples]) -> tuple[Samples, ...]:
    """Channels worth listening to: one of two when they carry the same signal, or one carries none.

    A live line has noise even when nobody speaks on it; a channel without any is not a party's.
    """
    if len(channels) < 2:
        return tuple(channels)
    live = [c for c in channels if float(np.max(np.abs(c), initial=0.0)) > NO_LINE]
    if len(live) < 2:
        return tuple(live) or (channels[0],)
    left, right = (c - float(np.mean(c)) for c in channels)
    scale = float(np.sqrt(np.sum(left * left) * np.sum(right * right)))
    same = scale > 0 and abs(float(np.dot(left, right))) / scale >= SAME_SIGNAL
    return (channels[0],) if same else tuple(channels)
