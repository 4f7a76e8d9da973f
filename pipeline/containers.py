"""Opening recordings that nobody vouches for: only plain files, only containers and codecs of calls.

FFmpeg knows some 300 formats. Among them are playlists, which make it open other files and addresses, and
decoders of pictures, which cover art would set to work. A recording is handed to it as an open file, so that
no part of its name is taken for a protocol, and with lists of what it may be.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

from pipeline.errors import AudioError, UnavailableError
from pipeline.plain_files import open_file

MAX_CHANNELS = 2
# Below, no speech can be understood; above, no telephone or microphone records.
MIN_RATE_HZ, MAX_RATE_HZ = 4_000, 192_000
MAX_BYTES = 4 << 30
"""Six hours of two channels at 48 kHz have 4.1 GB."""

FORMATS = (
    *("3gp", "aac", "aiff", "amr", "amrnb", "amrwb", "asf", "au", "caf", "flac", "gsm", "m4a"),
    *("matroska", "mov", "mp3", "mp4", "ogg", "w64", "wav", "webm"),
)
"""FFmpeg's names of the containers a recording may be in; none of them refers to other files."""

DECODERS = (
    *("pcm_alaw", "pcm_mulaw", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be"),
    *("adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_yamaha", "g722", "g723_1", "g726", "g726le"),
    *("g729", "gsm", "gsm_ms", "ilbc", "speex", "truespeech", "amrnb", "amrwb", "libopencore_amrnb"),
    *("libopencore_amrwb", "evrc", "qcelp", "aac", "alac", "flac", "libopus", "mp1float", "mp1", "mp2float"),
    *("mp2", "mp3float", "mp3", "opus", "vorbis", "wmav1", "wmav2", "wmalossless", "wmapro", "wmavoice"),
)
"""FFmpeg's names of the decoders that may run."""

# A WAV file has a handful of chunks before its samples.
MAX_WAV_CHUNKS = 1000
# A container that promises this much more than it holds was cut off.
TRUNCATED_SHARE = 0.05
# Streamed WAV files carry a data length of this or more.
UNKNOWN_LENGTH = 0x7FFFF000


@contextmanager
def open_audio(path: Path) -> Iterator[tuple[Any, Any]]:
    """Open a recording for decoding.

    Yields
    ------
    container, stream
        PyAV's, of the first audio stream, with 1 or 2 channels and a rate of 4 to 192 kHz by its header.

    Raises
    ------
    AudioError
        When the file cannot be read, is no container or codec of calls, was cut off, or has another shape;
        also for what FFmpeg finds wrong while the caller decodes.
    """
    import av

    with _open_recording(path) as file:
        _check_wav(file, path)
        file.seek(0)
        try:
            with av.open(
                file,
                metadata_errors="ignore",
                container_options={
                    "format_whitelist": ",".join(FORMATS),
                    "codec_whitelist": ",".join(DECODERS),
                    "protocol_whitelist": "file",
                },
            ) as container:
                yield container, _choose_stream(container, path)
        except av.FFmpegError as error:
            # What the disk refuses, `_Bytes` tells; whatever else FFmpeg complains of is the recording's.
            kind = UnavailableError if isinstance(error, MemoryError) else AudioError
            raise kind(f"{path}: cannot be decoded as audio ({error.strerror})") from error


class _Bytes:
    """A recording's bytes as PyAV reads them; an error of the disk names the recording."""

    def __init__(self, file: BufferedReader, path: Path) -> None:
        self._file, self._path = file, path
        self.tell = file.tell
        self.size = os.fstat(file.fileno()).st_size

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; one before the beginning, where wrong lengths lead, gives the system's error number.

        FFmpeg takes that for an answer. An exception PyAV would print.
        """
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -errno.EINVAL

    def read(self, count: int) -> bytes:
        """Read so many bytes, fewer at the end."""
        try:
            return self._file.read(count)
        except OSError as error:
            raise UnavailableError(f"{self._path}: cannot be read ({error.strerror})") from error


@contextmanager
def _open_recording(path: Path) -> Iterator[_Bytes]:
    try:
        file = open_file(path)
    except FileNotFoundError:
        raise UnavailableError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise UnavailableError(f"{path}: cannot be opened ({error}); expected a recording") from error
    with file:
        recording = _Bytes(file, path)
        if recording.size == 0:
            raise AudioError(f"{path}: empty file (0 bytes)")
        if recording.size > MAX_BYTES:
            raise AudioError(f"{path}: {too_large(recording.size)}")
        yield recording


def too_large(size: int) -> str:
    """Say what is wrong with a file of so many bytes."""
    return f"has {size / 2**30:.1f} GiB; expected a recording of at most {MAX_BYTES >> 30} GiB"


def _choose_stream(container: Any, path: Path) -> Any:
    if not container.streams.audio:
        kinds = ", ".join(sorted({stream.type for stream in container.streams})) or "no streams"
        raise AudioError(f"{path}: no audio stream; found {kinds}")
    stream = container.streams.audio[0]
    codec = stream.codec_context
    if codec is None or codec.name not in DECODERS:
        seen = f"codec {codec.name}" if codec is not None else "an unknown codec"
        raise AudioError(f"{path}: {seen}; expected one that calls are recorded with, such as PCM or MP3")
    check_shape(codec.sample_rate, codec.layout.nb_channels, path)
    return stream


def check_shape(rate_hz: int, channels: int, path: Path) -> None:
    """Make sure that sampling rate and channels are those of a call.

    Raises
    ------
    AudioError
    """
    if not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(f"{path}: {channels} channels; expected 1 or 2")
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise AudioError(f"{path}: {rate_hz} Hz; expected {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz")


def _check_wav(file: _Bytes, path: Path) -> None:
    """Compare what a WAV header promises with the file's size; FFmpeg trusts the size alone."""
    magic = file.read(12)
    if magic[:4] != b"RIFF" or magic[8:] != b"WAVE":
        return
    for _ in range(MAX_WAV_CHUNKS):
        header = file.read(8)
        if len(header) < 8:
            return
        length = int.from_bytes(header[4:], "little")
        if header[:4] == b"data":
            there = file.size - file.tell()
            # Recorders that stream, or crash, leave a length that is zero or the largest possible.
            if there < (1 - TRUNCATED_SHARE) * length and length < UNKNOWN_LENGTH:
                raise AudioError(
                    f"{path}: cut off; its header says {length} bytes of samples, {there} are there"
                )
            return
        file.seek(length + length % 2, os.SEEK_CUR)
    raise AudioError(f"{path}: no samples within {MAX_WAV_CHUNKS} chunks; expected a chunk named data")
