"""Decoded frames as 16-bit samples, in portions of some seconds.

Compressed recordings decode to floats in frames of a few milliseconds. FFmpeg's own conversion costs as much
per frame as the decoding of a quiet call; here the planes are collected and converted together, to the same
samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

PORTION = 1 << 19
"""Bytes of 16-bit samples after which a portion is handed on."""

_FULL_SCALE = np.float32(1 << 15)


def portions(frames: Iterator[Any]) -> Iterator[tuple[bytes, int, int]]:
    """Interleaved 16-bit samples in portions, with their rate and channels.

    Parameters
    ----------
    frames : iterator of av.AudioFrame
        All of one rate, format and number of channels.

    Yields
    ------
    block : bytes
        Interleaved samples; floats are rounded to the nearest, half to even, and clipped, as FFmpeg does it.
    rate_hz, channels : int
    """
    import av

    resampler = av.AudioResampler(format="s16")
    planes: tuple[bytearray, ...] = ()
    frame = None
    for frame in frames:
        # Most recordings are 16-bit already: resampling would only copy them.
        blocks = [frame] if frame.format.name in ("s16", "fltp") else resampler.resample(frame)
        for block in blocks:
            planes = planes or tuple(bytearray() for _ in block.planes)
            size = _plane_bytes(block)
            for plane, samples in zip(planes, block.planes, strict=True):
                plane += memoryview(samples)[:size]
        if sum(map(len, planes)) >= PORTION * (2 if frame.format.name == "fltp" else 1):
            yield _interleaved(planes, frame), frame.sample_rate, frame.layout.nb_channels
            planes = ()
    if frame is not None and any(planes):
        yield _interleaved(planes, frame), frame.sample_rate, frame.layout.nb_channels


def _plane_bytes(block: Any) -> int:
    """Bytes of samples in each plane of a frame; what is behind them is padding."""
    if block.format.name == "fltp":
        return 4 * int(block.samples)
    return 2 * int(block.samples) * int(block.layout.nb_channels)


def _interleaved(planes: tuple[bytearray, ...], frame: Any) -> bytes:
    if frame.format.name != "fltp":
        return bytes(planes[0])
    scaled = np.stack([np.frombuffer(plane, np.float32) for plane in planes], axis=1) * _FULL_SCALE
    # Unlike np.clip, these two give a number for what is none.
    limited = np.fmax(np.fmin(np.rint(scaled), _FULL_SCALE - 1), -_FULL_SCALE)
    samples: NDArray[np.int16] = limited.astype(np.int16)
    return samples.tobytes()
