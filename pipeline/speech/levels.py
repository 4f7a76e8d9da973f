"""Level of a channel, frame by frame: what nearly every other look at a channel starts from."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from pipeline.waveform import RATE_HZ, Spool, Waveform, mean_power

FRAME_S = 0.01
FRAME = int(RATE_HZ * FRAME_S)
Frames = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def frame_level_db(samples: Waveform) -> Frames:
    """Level of each 10 ms frame [dBFS]."""
    if isinstance(samples, Spool) and samples in _known:
        return _known[samples]
    level_db: Frames = 10 * np.log10(mean_power(samples, FRAME) + np.float32(1e-12))
    if isinstance(samples, Spool):
        _known[samples] = level_db
    return level_db


# A long channel is not read from its file again and again for this.
_known: WeakKeyDictionary[Spool, Frames] = WeakKeyDictionary()


def find_runs(flags: Flags) -> list[tuple[int, int]]:
    """First frame, and the one after the last, of each run of frames that are set."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
