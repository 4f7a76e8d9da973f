"""Clips of a recording, as MP3 files that only their owner may read.

pydub holds the samples that become a clip; PyAV encodes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.audio.decoding import Recording, load_recording
from pipeline.audio.segments import audio_segment
from pipeline.call import CallRecord
from pipeline.errors import AudioError
from pipeline.private_files import write_private
from pipeline.spans import Span, Spans, intersect
from pipeline.waveform import RATE_HZ

if TYPE_CHECKING:
    from pydub import AudioSegment

# A word cut off at the edge is not understood; speech at 32 kbit/s is as clear as the telephone's.
CLIP_MARGIN_S = 0.75
CLIP_BIT_RATE = 32_000
# The encoder takes a third of the time, and speech sounds the same.
_FAST = {"compression_level": "9"}
# What is heard in the place of what must not be: it is no fault of the recording.
MUTED_HZ, MUTED_DBFS = 440.0, -35.0


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
    return audio_segment()(samples.tobytes(), sample_width=2, frame_rate=RATE_HZ, channels=1)


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
