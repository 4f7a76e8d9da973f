"""Decoding, channels and clips: the only module that decodes recordings.

PyAV carries FFmpeg's libraries in its wheel, so every format decodes without a system ffmpeg.
pydub holds the samples that become an evidence clip; PyAV encodes it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.call import CallRecord
from pipeline.containers import TRUNCATED_SHARE, check_shape, open_audio
from pipeline.errors import AudioError
from pipeline.pcm import portions
from pipeline.private_files import write_private
from pipeline.spans import Span, Spans, intersect
from pipeline.waveform import RATE_HZ, Recorder, Samples, Waveform

if TYPE_CHECKING:
    import soxr
    from pydub import AudioSegment

__all__ = ["RATE_HZ", "Cut", "Recording", "Samples", "Waveform", "cut_clips", "decode", "load_recording"]

MAX_DURATION_S = 6 * 3600.0
MIN_DURATION_S = 0.1
# A container that promises this much more than it holds was cut off.
TRUNCATED_S = 1.0
# The quietest telephone line still has quantisation noise above this.
SILENT_DBFS = -80.0
# A word cut off at the edge is not understood; speech at 32 kbit/s is as clear as the telephone's.
CLIP_MARGIN_S = 0.75
CLIP_BIT_RATE = 32_000
# The encoder takes a third of the time, and speech sounds the same.
_FAST = {"compression_level": "9"}
# What is heard in the place of what must not be: it is no fault of the recording.
MUTED_HZ, MUTED_DBFS = 440.0, -35.0


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
    return _audio_segment()(b"".join(parts), sample_width=2, frame_rate=rate_hz, channels=channels)


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


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a recording, and the file that it is to be written to."""

    span: Span
    to: Path


def cut_clips(
    record: CallRecord, cuts: Sequence[Cut], *, margin_s: float = CLIP_MARGIN_S, muted: Spans = ()
) -> None:
    """Write stretches of a recording as MP3 files that only their owner may read.

    The recording is decoded once for all of them. Each clip is the sum of the call's channels at 16 kHz, so
    that both parties are heard in both ears. A soft tone takes the place of what is ``muted``.

    Parameters
    ----------
    record : CallRecord
        Whose recording is cut; of a call with two legs both are heard.
    cuts : sequence of Cut
        Times in seconds from the start of the recording.
    margin_s : float
        Heard before and after each stretch, as far as the recording goes.
    muted : Spans
        Where personal data are said.

    Raises
    ------
    AudioError
        When the recording cannot be decoded any more, or ends before a stretch begins.
    WriteError
        When a clip cannot be written.
    """
    if not cuts:
        return
    recording = load_recording(record)
    for cut in cuts:
        heard = widened(cut.span, recording.duration_s, margin_s)
        if not heard.duration_s > 0:
            raise AudioError(
                f"{record.path}: {recording.duration_s:.1f} s long; expected the recording that was heard, "
                f"with something at {cut.span.start_s:.1f} s"
            )
        segment = _muted(_mixed(recording, heard), intersect(muted, [heard]), from_s=heard.start_s)
        write_private(cut.to, _encode_mp3(segment))


def widened(span: Span, duration_s: float, margin_s: float = CLIP_MARGIN_S) -> Span:
    """Return the stretch of a recording that a clip of ``span`` holds: with a margin, as far as it goes."""
    start_s = min(max(0.0, span.start_s - margin_s), duration_s)
    return Span(start_s, max(start_s, min(duration_s, span.end_s + margin_s)))


def _mixed(recording: Recording, span: Span) -> AudioSegment:
    """Return the sum of the channels, made softer where it would be clipped."""
    first, end = round(span.start_s * RATE_HZ), round(span.end_s * RATE_HZ)
    mix = np.sum([channel[first:end] for channel in recording.channels], axis=0)
    peak = float(np.max(np.abs(mix), initial=0.0))
    samples = np.round(mix * (32767.0 / max(1.0, peak))).astype("<i2")
    return _audio_segment()(samples.tobytes(), sample_width=2, frame_rate=RATE_HZ, channels=1)


def _muted(segment: AudioSegment, spans: Spans, *, from_s: float) -> AudioSegment:
    from pydub.generators import Sine

    length_ms = len(segment)
    for span in spans:
        start_ms = int(1000 * (span.start_s - from_s))
        end_ms = min(length_ms, math.ceil(1000 * (span.end_s - from_s)))
        if start_ms >= end_ms:
            continue
        tone = Sine(MUTED_HZ, sample_rate=segment.frame_rate, bit_depth=8 * segment.sample_width)
        sound = tone.to_audio_segment(duration=end_ms - start_ms, volume=MUTED_DBFS)
        segment = segment[:start_ms] + sound + segment[end_ms:]
    return segment


def _encode_mp3(segment: AudioSegment) -> bytes:
    """Encode one channel; every browser plays MP3, and its header says how long the clip is."""
    import av

    file = BytesIO()
    samples = np.frombuffer(segment.raw_data, "<i2")[None, :]
    with av.open(file, "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=RATE_HZ, layout="mono", options=_FAST)
        stream.codec_context.bit_rate = CLIP_BIT_RATE
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        for block in av.AudioResampler(
            format=stream.format, frame_size=stream.codec_context.frame_size or 576
        ).resample(frame):
            out.mux(stream.encode(block))
        out.mux(stream.encode(None))
    return file.getvalue()


def _audio_segment() -> type[AudioSegment]:
    """Import pydub without its warning about a missing ffmpeg binary, which is not needed here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Couldn't find ffmpeg", category=RuntimeWarning)
        warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
        from pydub import AudioSegment
    segment_type: type[AudioSegment] = AudioSegment
    return segment_type


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
