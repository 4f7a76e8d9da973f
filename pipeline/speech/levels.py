"""Level of a channel, frame by frame: what nearly every other look at a channel starts from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.audio import RATE_HZ, Samples

FRAME_S = 0.01
FRAME = int(RATE_HZ * FRAME_S)
Frames = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
# Squares of a long channel are taken a minute at a time.
BLOCK = 6000 * FRAME


def frame_level_db(samples: Samples) -> Frames:
    """Level of each 10 ms frame [dBFS]."""
    level_db = np.empty(len(samples) // FRAME, np.float32)
    for at in range(0, len(level_db) * FRAME, BLOCK):
        whole = samples[at : min(at + BLOCK, len(level_db) * FRAME)].reshape(-1, FRAME)
        power = np.einsum("ij,ij->i", whole, whole) / FRAME
        level_db[at // FRAME : at // FRAME + len(whole)] = 10 * np.log10(power + 1e-12)
    return level_db


def find_runs(flags: Flags) -> list[tuple[int, int]]:
    """First frame, and the one after the last, of each run of frames that are set."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
