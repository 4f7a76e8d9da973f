"""Decoding recordings into channels of samples.

PyAV carries FFmpeg's libraries in its wheel, so every format decodes without a system ffmpeg.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.audio.segments import audio_segment
from pipeline.call import CallRecord
from pipeline.containers import TRUNCATED_SHARE, check_shape, open_audio
from pipeline.errors import AudioError
from pipeline.pcm import portions
from pipeline.waveform import RATE_HZ, Recorder, Samples, Waveform

if TYPE_CHECKING:
    import soxr
    from pydub import AudioSegment

MAX_DURATION_S = 6 * 3600.0
MIN_DURATION_S = 0.1
# A container that promises this much more than it holds was cut off.
TRUNCATED_S = 1.0
# The quietest telephone line still has quantisation noise above this.
SILENT_DBFS = -80.0


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A decoded call.

    Attributes
    ----------
    channels : tuple of Waveform
        One or two channels, mono float32 in [-1, 1] at 16 kHz, equally long.
    source_rate_hz : int
        Sampling rate of the file.
    duration_s : float
        Length of the longer leg.
    """

    channels: tuple[Waveform, ...]
    source_rate_hz: int
    duration_s: float


def load_recording(record: CallRecord, *, max_duration_s: float = MAX_DURATION_S) -> Recording:
    """Decode a call's recording, joining two legs when there are two.

    Raises
    ------
    AudioError
        When a file is missing, empty, cut off, silent, too long, has more than two channels or cannot
        be decoded. The message names the file, what was seen and what was expected.
    """
    paths = [record.path] if record.customer_path is None else [record.path, record.customer_path]
    legs = [_Leg() for _ in paths]
    for path, leg in zip(paths, legs, strict=True):
        _read(path, leg.append, max_duration_s)
        if len(legs) == 2 and len(leg.channels) != 1:
            raise AudioError(f"{path}: {len(leg.channels)} channels in one leg of a call; expected 1")
    found = [channel for leg in legs for channel in leg.finish()]
    length = max(len(channel) for channel in found)
    if 20 * np.log10(max(leg.peak for leg in legs) + 1e-12) < SILENT_DBFS:
        raise AudioError(f"{record.path}: silent; no sample exceeds {SILENT_DBFS:g} dBFS on any channel")
    return Recording(
        channels=tuple(channel.finish(length) for channel in found),
        source_rate_hz=legs[0].rate_hz,
        duration_s=length / RATE_HZ,
    )


class _Leg:
    """The channels of one file, at 16 kHz as they come."""

    def __init__(self) -> None:
        self.rate_hz = 0
        self.peak = 0.0
        self.channels: list[Recorder] = []
        self._resamplers: list[soxr.ResampleStream] = []

    def append(self, block: bytes, rate_hz: int, channels: int) -> None:
        """Take in interleaved 16-bit samples."""
        import soxr

        if not self.channels:
            self.rate_hz = rate_hz
            self.channels = [Recorder() for _ in range(channels)]
            if rate_hz != RATE_HZ:
                self._resamplers = [
                    soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="float32") for _ in range(channels)
                ]
        frames = np.frombuffer(block, np.int16).reshape(-1, channels).astype(np.float32) / 32768.0
        self._add([frames[:, k] for k in range(channels)], last=False)

    def finish(self) -> list[Recorder]:
        """Take what the resamplers still hold, and return the channels."""
        if self._resamplers:
            self._add([np.zeros(0, np.float32)] * len(self.channels), last=True)
        return self.channels

    def _add(self, parts: list[Samples], *, last: bool) -> None:
        for k, part in enumerate(parts):
            if self._resamplers:
                part = self._resamplers[k].resample_chunk(np.ascontiguousarray(part), last=last)
            self.peak = max(self.peak, float(np.max(np.abs(part), initial=0.0)))
            self.channels[k].append(np.ascontiguousarray(part))


def decode(path: Path, *, max_duration_s: float = MAX_DURATION_S) -> AudioSegment:
    """Decode any supported file to 16-bit samples at its own rate.

    Raises
    ------
    AudioError
        As :func:`load_recording`, except for silence.
    """
    parts: list[bytes] = []
    rate_hz, channels = _read(path, lambda block, _rate, _channels: parts.append(block), max_duration_s)
    return audio_segment()(b"".join(parts), sample_width=2, frame_rate=rate_hz, channels=channels)


def _read(path: Path, take: Callable[[bytes, int, int], None], max_duration_s: float) -> tuple[int, int]:
    """Hand over a file's interleaved 16-bit samples with its rate and channels; return those."""
    decoded = 0
    rate_hz, channels = 0, 0
    with open_audio(path) as (container, stream):
        promised_s = _promised_s(stream.duration, stream.time_base)
        if promised_s is not None and promised_s > max_duration_s:
            raise AudioError(f"{path}: {promised_s / 3600:.1f} h long; at most {max_duration_s / 3600:g} h")
        for block, rate_hz, channels in portions(_frames(container, stream, path)):
            decoded += len(block) // (2 * channels)
            if decoded > rate_hz * max_duration_s:
                raise AudioError(
                    f"{path}: longer than {max_duration_s / 3600:g} h although its header says otherwise"
                )
            take(block, rate_hz, channels)
    _check_length(path, decoded / rate_hz if rate_hz else 0.0, promised_s)
    return rate_hz, channels


def _frames(container: Any, stream: Any, path: Path) -> Iterator[Any]:
    """Decoded frames of one stream, all of one rate and number of channels.

    A file may change both on its way, which no recorder does: its samples would be laid out wrongly.
    """
    first: tuple[int, int] | None = None
    for frame in container.decode(stream):
        shape = (frame.sample_rate, frame.layout.nb_channels)
        if first is None:
            check_shape(*shape, path)
            first = shape
        if shape != first:
            seen = "; then ".join(f"{rate} Hz, {channels} channels" for rate, channels in (first, shape))
            raise AudioError(f"{path}: changes within the recording ({seen}); expected one form throughout")
        if stream.codec_context.name.startswith("pcm_f") and not np.isfinite(frame.to_ndarray()).all():
            raise AudioError(f"{path}: holds samples that are infinite or not a number")
        yield frame


def _check_length(path: Path, decoded_s: float, promised_s: float | None) -> None:
    if decoded_s < MIN_DURATION_S:
        raise AudioError(f"{path}: {decoded_s:.2f} s of audio; expected at least {MIN_DURATION_S:g} s")
    if promised_s is None:
        return
    missing_s = promised_s - decoded_s
    if missing_s > TRUNCATED_S and missing_s > TRUNCATED_SHARE * promised_s:
        raise AudioError(f"{path}: cut off; its header says {promised_s:.1f} s, {decoded_s:.1f} s are there")


def _promised_s(duration: int | None, time_base: Fraction | None) -> float | None:
    """Return the length the container claims, in seconds."""
    return None if duration is None or time_base is None else float(duration * time_base)
