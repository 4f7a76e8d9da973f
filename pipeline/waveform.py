"""Samples of one channel: in memory, or in a file when the call is long.

Everything that looks at a channel takes slices of it, or goes over it block by block, so that a call of
hours takes hardly more memory than one of minutes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from typing import TypeAlias, overload

import numpy as np
import numpy.typing as npt

RATE_HZ = 16_000
Samples = npt.NDArray[np.float32]
# A call up to this long is kept in memory; a dozen may be under way at a time.
IN_MEMORY_S = 300
# A minute, a whole number of the frames that levels are taken over.
BLOCK = 60 * RATE_HZ
BYTES = 4


class Spool:
    """Samples in a private file without a name, which goes when the last reference or the process does."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="callaudit-")  # noqa: SIM115 - closed with the last reference
        self._length = 0

    def append(self, samples: Samples) -> None:
        """Write more samples behind those there are."""
        self._file.write(np.ascontiguousarray(samples, np.float32).data)
        self._file.flush()
        self._length += len(samples)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, where: slice) -> Samples:
        """Read a slice, as from an array; its step must be 1."""
        first, end, step = where.indices(self._length)
        if step != 1:
            raise ValueError(f"samples in a file are read in steps of 1, not {step}")
        found = np.empty(max(0, end - first), np.float32)
        left, at = memoryview(found.view(np.uint8).data), first * BYTES
        while len(left):
            count = os.preadv(self._file.fileno(), [left], at)
            if not count:
                raise OSError(f"{len(left)} bytes of a channel's temporary file are gone")
            left, at = left[count:], at + count
        return found


Waveform: TypeAlias = Samples | Spool


class Clips(Sequence[Samples]):
    """Pieces of channels, each read when it is asked for: all of a long call's would not fit into memory.

    Parameters
    ----------
    cuts : sequence of (Waveform, int, int)
        The channel, its first sample and the one after the last.
    """

    def __init__(self, cuts: Sequence[tuple[Waveform, int, int]]) -> None:
        self._cuts = tuple(cuts)

    def __len__(self) -> int:
        return len(self._cuts)

    @property
    def sizes(self) -> list[int]:
        """The samples of each, known without reading them."""
        return [max(0, min(end, len(samples)) - first) for samples, first, end in self._cuts]

    @overload
    def __getitem__(self, at: int) -> Samples: ...
    @overload
    def __getitem__(self, at: slice) -> Clips: ...
    def __getitem__(self, at: int | slice) -> Samples | Clips:
        if isinstance(at, slice):
            return Clips(self._cuts[at])
        samples, first, end = self._cuts[at]
        return samples[first:end]


class Recorder:
    """Takes in a channel's samples one after the other: into memory, or a file when they become many."""

    def __init__(self) -> None:
        self._parts: list[Samples] = []
        self._spool: Spool | None = None
        self._length = 0

    def append(self, samples: Samples) -> None:
        """Take in more samples."""
        self._length += len(samples)
        if self._spool is None and self._length > IN_MEMORY_S * RATE_HZ:
            self._spool = Spool()
            for part in self._parts:
                self._spool.append(part)
            self._parts = []
        if self._spool is None:
            self._parts.append(samples)
        else:
            self._spool.append(samples)

    def __len__(self) -> int:
        return self._length

    def finish(self, length: int | None = None) -> Waveform:
        """Return the samples, with silence behind them up to a length."""
        missing = (length or 0) - self._length
        while missing > 0:
            self.append(np.zeros(min(missing, BLOCK), np.float32))
            missing = (length or 0) - self._length
        if self._spool is not None:
            return self._spool
        return np.concatenate(self._parts) if self._parts else np.zeros(0, np.float32)


def blocks(samples: Waveform, size: int = BLOCK) -> Iterator[tuple[int, Samples]]:
    """Yield where each block starts, and its samples."""
    for at in range(0, len(samples), size):
        yield at, samples[at : at + size]


def find_peak(samples: Waveform) -> float:
    """Return the highest absolute value; 0 of nothing."""
    return max((float(np.max(np.abs(block))) for _, block in blocks(samples)), default=0.0)


def mean_power(samples: Waveform, frame: int) -> Samples:
    """Return the mean square of each whole frame of so many samples."""
    power = np.empty(len(samples) // frame, np.float32)
    for at, block in blocks(samples, BLOCK // frame * frame):
        whole = block[: len(block) // frame * frame].reshape(-1, frame)
        power[at // frame : at // frame + len(whole)] = np.einsum("ij,ij->i", whole, whole) / frame
    return power
