"""What may be opened as a recording, and what a recording may be."""

from __future__ import annotations

import os
import socket
import struct
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
from test_audio import encode, record, tone, write_wav

from pipeline import containers
from pipeline.audio import decode, load_recording
from pipeline.errors import AudioError, UnavailableError
from pipeline.plain_files import open_file

SPOKEN = tone(440.0, 8000)


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data


def wav_of(
    path: Path, data: bytes, *, rate_hz: int = 8000, channels: int = 1, bits: int = 16, tag: int = 1
) -> Path:
    align = channels * bits // 8 & 0xFFFF
    head = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * align & 0xFFFFFFFF, align, bits)
    path.write_bytes(chunk(b"RIFF", b"WAVE" + chunk(b"fmt ", head) + chunk(b"data", data)))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{target}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    ],
    ids=["hls", "concat", "sdp"],
)
@pytest.mark.parametrize("extension", ["wav", "mp3"])
def test_a_playlist_opens_no_other_file(tmp_path: Path, text: str, extension: str) -> None:
    write_wav(tmp_path / "other.wav", SPOKEN)
    list_ = tmp_path / f"list.{extension}"
    list_.write_text(text.format(target="other.wav"))
    with pytest.raises(AudioError, match="cannot be decoded as audio"):
        decode(list_)


@pytest.mark.parametrize(
    "name", ["concat:other.wav", "data:audio,x.wav", "subfile,,start,0,end,0,,:other.wav"]
)
def test_a_name_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_wav(tmp_path / "other.wav", SPOKEN * 0.1)
    write_wav(tmp_path / name, SPOKEN)
    assert np.abs(load_recording(record(Path(name))).channels[0]).max() > 0.4, "the file itself is heard"


def test_a_container_of_no_call_is_refused(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.wav", "pcm_s16le", "nut", 8000, SPOKEN)
    with pytest.raises(AudioError, match=r"a\.wav: cannot be decoded as audio"):
        decode(path)


def test_a_codec_of_no_call_is_refused(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mkv", "dfpwm", "wav", 8000, SPOKEN)
    with pytest.raises(AudioError, match="codec dfpwm; expected one that calls are recorded with"):
        decode(path)


def test_pictures_in_a_recording_are_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        out.mux(video.encode(frame))
        out.mux(video.encode(None))
    with pytest.raises(AudioError, match="no audio stream; found video"):
        decode(path)


@pytest.mark.parametrize("rate_hz", [1, 3999, 192_001, 4_000_000_000])
def test_rates_that_nobody_records_at_are_refused(tmp_path: Path, rate_hz: int) -> None:
    path = wav_of(tmp_path / "a.wav", bytes(16_000), rate_hz=rate_hz)
    with pytest.raises(AudioError, match=r"Hz; expected 4000 to 192000 Hz|cannot be decoded"):
        decode(path)


@pytest.mark.parametrize("channels", [0, 3, 255])
def test_channels_that_no_call_has_are_refused(tmp_path: Path, channels: int) -> None:
    path = wav_of(tmp_path / "a.wav", bytes(510 * 100), channels=channels)
    with pytest.raises(AudioError, match=r"channels; expected 1 or 2|cannot be decoded"):
        decode(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, value: float) -> None:
    samples = SPOKEN.astype("<f4")
    assert decode(wav_of(tmp_path / "good.wav", samples.tobytes(), bits=32, tag=3)).max > 10_000
    samples[5000] = value
    with pytest.raises(AudioError, match="infinite or not a number"):
        decode(wav_of(tmp_path / "bad.wav", samples.tobytes(), bits=32, tag=3))


def test_a_recording_that_changes_its_form_is_refused(tmp_path: Path) -> None:
    slow = encode(tmp_path / "a.aac", "aac", "adts", 16000, tone(440.0, 16000))
    fast = encode(tmp_path / "b.aac", "aac", "adts", 48000, tone(440.0, 48000))
    (tmp_path / "both.mp3").write_bytes(slow.read_bytes() + fast.read_bytes())
    with pytest.raises(AudioError, match=r"changes within the recording \(16000 Hz, 1 channels; then 48000"):
        decode(tmp_path / "both.mp3")


def test_chunks_without_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(chunk(b"RIFF", b"WAVE" + chunk(b"junk", b"") * 5000))
    with pytest.raises(AudioError, match="no samples within 1000 chunks"):
        decode(path)


def test_a_file_larger_than_any_recording_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(AudioError, match=r"has 10\.0 GiB; expected a recording of at most 4 GiB"):
        decode(path)


def test_a_pipe_or_socket_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(tmp_path / "s.wav"))
    for name in ("pipe.wav", "s.wav"):
        with pytest.raises(AudioError, match=rf"{name}: cannot be opened"):
            decode(tmp_path / name)
    for path in (tmp_path / "pipe.wav", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match=r"not a regular file|Is a directory"):
            open_file(path)
    bound.close()


def test_a_disk_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(tmp_path / "a.wav", tone(440.0, 8000, 20.0))
    read = containers._Bytes.read

    def failing(self: containers._Bytes, count: int) -> bytes:
        if self.tell() > 100_000:
            monkeypatch.setattr(self, "_file", Broken())
        return read(self, count)

    class Broken:
        def read(self, _count: int) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(containers._Bytes, "read", failing)
    with pytest.raises(AudioError, match=r"a\.wav: cannot be read \(Input/output error\)"):
        decode(path)


def test_lengths_that_lead_before_the_beginning_print_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = encode(tmp_path / "a.m4a", "alac", "mp4", 8000, SPOKEN).read_bytes()
    for name in (b"mdat", b"moov", b"trak", b"stbl", b"stsz"):
        at = content.index(name)
        (tmp_path / "a.m4a").write_bytes(content[: at - 4] + b"\xff\xff\xff\xff" + content[at:])
        with suppress(AudioError):
            decode(tmp_path / "a.m4a")
    with containers._open_recording(tmp_path / "a.m4a") as file:
        assert file.seek(-5) < 0
    assert capfd.readouterr().err == ""


def test_what_another_night_may_find_is_told_apart_from_what_a_recording_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    with pytest.raises(UnavailableError, match="no such file"), containers.open_audio(path):
        pass
    with pytest.raises(UnavailableError, match="cannot be opened"), containers.open_audio(tmp_path):
        pass
    path.write_bytes(b"no sound")
    with pytest.raises(AudioError, match="cannot be decoded") as spoilt, containers.open_audio(path):
        pass
    assert not isinstance(spoilt.value, UnavailableError)

    def full(*_: object, **__: object) -> None:
        raise av.MemoryError(12, "Cannot allocate memory")

    monkeypatch.setattr(av, "open", full)
    with pytest.raises(UnavailableError, match="Cannot allocate memory"), containers.open_audio(path):
        pass
