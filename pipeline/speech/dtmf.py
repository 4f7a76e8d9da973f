"""Keys pressed during a call: the dual-tone multi-frequency signals of ITU-T Q.23 and Q.24.

A key sounds one tone of each group for at least 40 ms. Both must be within 2 % of the table, about equally
loud, and hold nearly all of the power; speech seldom does that for two frames running.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.spans import Span
from pipeline.speech.tones import HOP_S, Numbers, Tonality

ROWS_HZ = (697.0, 770.0, 852.0, 941.0)
COLUMNS_HZ = (1209.0, 1336.0, 1477.0, 1633.0)
KEYS = ("123A", "456B", "789C", "*0#D")
# Q.24: a receiver takes tones off by 1.5 %, none off by 3.5 %.
OFF_SHARE = 0.02
# Of the two tones; telephones and lines favour one group over the other by up to this.
MOST_TWIST_DB = 9.0
PURE_SHARE = 0.85
LEAST_DBFS = -50.0
# Q.24: 40 ms; frames of 32 ms that lie wholly inside make three of 10 ms.
LEAST_FRAMES = 3
# Steadiness of either tone over the key's frames.
WOBBLE_HZ = 8.0


@dataclass(frozen=True, slots=True)
class Key:
    """One key pressed: ``0``-``9``, ``A``-``D``, ``*`` or ``#``."""

    digit: str
    span: Span


def find_keys(peaks: Tonality) -> tuple[Key, ...]:
    """Find the keys pressed on one channel, in order."""
    pure = (peaks.share >= PURE_SHARE) & (peaks.level_db >= LEAST_DBFS)
    sure = np.flatnonzero(pure & (np.abs(peaks.twist_db) <= MOST_TWIST_DB))
    rows, columns = _nearest(peaks.low_hz[sure], ROWS_HZ), _nearest(peaks.high_hz[sure], COLUMNS_HZ)
    key = np.full(len(peaks.share), -1)
    key[sure] = np.where((rows >= 0) & (columns >= 0), rows * len(COLUMNS_HZ) + columns, -1)
    edges = np.flatnonzero(np.diff(key)) + 1
    bounds = [0, *edges.tolist(), len(key)]
    return tuple(
        Key(KEYS[key[a] // len(COLUMNS_HZ)][key[a] % len(COLUMNS_HZ)], Span(a * HOP_S, b * HOP_S))
        for a, b in pairwise(bounds)
        if b - a >= LEAST_FRAMES and key[a] >= 0 and _steady(peaks, a, b)
    )


def _nearest(hz: Numbers, table: tuple[float, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Index of the tone each frequency is near enough to, or -1."""
    off = np.abs(hz[:, None] / np.array(table)[None, :] - 1)
    nearest = off.argmin(axis=1)
    return np.where(off.min(axis=1) <= OFF_SHARE, nearest, -1)


def _steady(peaks: Tonality, first: int, end: int) -> bool:
    return all(float(np.std(hz[first:end])) <= WOBBLE_HZ for hz in (peaks.low_hz, peaks.high_hz))
