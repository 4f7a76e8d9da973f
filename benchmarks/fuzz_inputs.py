"""A folder of recordings as no recorder writes them, with good calls among them; a seed makes it again.

Every maker returns a file's extension and bytes. ``fuzz_night.py`` hears what is made here.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import socket
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
CALLS = ROOT / "data" / "calls"
# What no playlist, link or path may bring into a table or message.
SECRET = "FUZZ-SECRET-a2f9"

# Without it containers carry random numbers.
SAME_EACH_TIME = {"fflags": "+bitexact"}

ENCODINGS = (
    ("wav", "pcm_s16le", "wav", 8000),
    ("wav", "pcm_alaw", "wav", 8000),
    ("wav", "pcm_mulaw", "wav", 8000),
    ("wav", "pcm_f32le", "wav", 16000),
    ("wav", "adpcm_ms", "wav", 8000),
    ("wav", "adpcm_ima_wav", "wav", 8000),
    ("wav", "g722", "wav", 16000),
    ("mp3", "libmp3lame", "mp3", 16000),
    ("m4a", "aac", "mp4", 16000),
    ("mp4", "alac", "mp4", 16000),
    ("ogg", "libopus", "ogg", 16000),
    ("opus", "libopus", "ogg", 48000),
    ("ogg", "flac", "ogg", 16000),
    ("flac", "flac", "flac", 8000),
    ("amr", "libopencore_amrnb", "amr", 8000),
    ("wma", "wmav2", "asf", 16000),
    ("ogg", "libopus", "matroska", 16000),
    ("wav", "pcm_s16le", "w64", 8000),
    ("wav", "pcm_s16be", "aiff", 8000),
    ("wav", "pcm_s16be", "au", 8000),
    ("mp4", "pcm_s16le", "caf", 8000),
)


def speech(rng: random.Random, seconds: float, rate_hz: int) -> np.ndarray:
    """Make a sound with syllables in it, in [-1, 1]."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    tone = np.sin(2 * np.pi * rng.uniform(100, 300) * t) + 0.5 * np.sin(
        2 * np.pi * rng.uniform(600, 1200) * t
    )
    return np.asarray(0.3 * tone * (np.sin(2 * np.pi * rng.uniform(2, 5) * t) > 0))


def encode(samples: np.ndarray, codec: str, container: str, rate_hz: int, **tags: str) -> bytes:
    """Encode mono samples with PyAV."""
    to = io.BytesIO()
    with av.open(to, "w", format=container, container_options=SAME_EACH_TIME) as out:
        out.metadata.update(tags)
        stream = out.add_stream(codec, rate=rate_hz, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (samples * 32767).astype("<i2")[None, :], format="s16", layout="mono"
        )
        frame.sample_rate = rate_hz
        frame.time_base = Fraction(1, rate_hz)
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate_hz)
        fifo = av.AudioFifo()
        for block in resampler.resample(frame):
            fifo.write(block)
        size = stream.codec_context.frame_size or 1024
        while (block := fifo.read(size, partial=True)) is not None:
            out.mux(stream.encode(block))
        out.mux(stream.encode(None))
    return to.getvalue()


def wav(
    data: bytes,
    *,
    rate_hz: int = 8000,
    channels: int = 1,
    bits: int = 16,
    tag: int = 1,
    length: int | None = None,
) -> bytes:
    """Write a WAV header of any values before ``data``."""
    align = max(1, channels * bits // 8) & 0xFFFF
    head = struct.pack("<HHIIHH", tag, channels, rate_hz, (rate_hz * align) & 0xFFFFFFFF, align, bits)
    size = len(data) if length is None else length
    body = (
        b"WAVEfmt "
        + struct.pack("<I", len(head))
        + head
        + b"data"
        + struct.pack("<I", size & 0xFFFFFFFF)
        + data
    )
    return b"RIFF" + struct.pack("<I", len(body) & 0xFFFFFFFF) + body


class Seeds:
    """Good recordings of every encoding that this PyAV writes, made once."""

    def __init__(self, rng: random.Random) -> None:
        self.files: list[tuple[str, bytes]] = []
        for extension, codec, container, rate_hz in ENCODINGS:
            with suppress(av.FFmpegError, ValueError):
                data = encode(
                    speech(rng, 1.5, rate_hz), codec, container, rate_hz, title="call", artist="agent"
                )
                self.files.append((extension, data))
        for path in sorted(CALLS.iterdir())[:6]:
            self.files.append((path.suffix[1:], path.read_bytes()[:200_000]))

    def pick(self, rng: random.Random) -> tuple[str, bytes]:
        """Return an extension and the bytes of a good recording."""
        return rng.choice(self.files)


Made = tuple[str, bytes]
Maker = Callable[[random.Random, Seeds], Made]
MAKERS: dict[str, Maker] = {}


def maker(make: Maker) -> Maker:
    """Register a way of making a bad recording."""
    MAKERS[make.__name__.replace("_", " ")] = make
    return make


@maker
def header_bytes_changed(rng: random.Random, seeds: Seeds) -> Made:
    extension, data = seeds.pick(rng)
    changed = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        changed[rng.randrange(min(len(changed), 200))] = rng.choice(
            (0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256))
        )
    return extension, bytes(changed)


@maker
def bytes_changed_anywhere(rng: random.Random, seeds: Seeds) -> Made:
    extension, data = seeds.pick(rng)
    changed = bytearray(data)
    for _ in range(rng.randint(1, 200)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return extension, bytes(changed)


@maker
def cut_off(rng: random.Random, seeds: Seeds) -> Made:
    extension, data = seeds.pick(rng)
    return extension, data[: rng.choice((1, 3, 4, 11, 12, 43, 44, 45, 100, rng.randrange(1, len(data))))]


@maker
def blocks_moved(rng: random.Random, seeds: Seeds) -> Made:
    extension, data = seeds.pick(rng)
    size = rng.choice((64, 512, 4096))
    blocks = [data[i : i + size] for i in range(0, len(data), size)]
    for _ in range(rng.randint(1, 8)):
        i, j = rng.randrange(len(blocks)), rng.randrange(len(blocks))
        blocks[i], blocks[j] = blocks[j], rng.choice((blocks[i], b"", bytes(size)))
    return extension, b"".join(blocks)


@maker
def two_files_in_one(rng: random.Random, seeds: Seeds) -> Made:
    (extension, one), (_, other) = seeds.pick(rng), seeds.pick(rng)
    return extension, one[: rng.randrange(len(one))] + other[rng.randrange(len(other)) :]


@maker
def another_extension(rng: random.Random, seeds: Seeds) -> Made:
    _, data = seeds.pick(rng)
    return rng.choice(("wav", "mp3", "ogg", "m4a", "amr", "gsm", "flac", "wma", "opus", "mp4")), data


@maker
def lying_wav_header(rng: random.Random, _seeds: Seeds) -> Made:
    data = (speech(rng, 0.7, 8000) * 32767).astype("<i2").tobytes()
    number = rng.choice((0, 1, 2, 3, 255, 256, 65535))
    return "wav", wav(
        data,
        rate_hz=rng.choice((0, 1, 2, 100, 3999, 8000, 192_001, 1 << 20, 1 << 31, (1 << 32) - 1)),
        channels=rng.choice((0, 1, 2, 3, 255, 65535, number)),
        bits=rng.choice((0, 1, 8, 12, 16, 17, 24, 32, 64, 65535)),
        tag=rng.choice((0, 1, 2, 3, 6, 7, 17, 49, 80, 85, 255, 352, 353, 0xFFFE, 65535)),
        length=rng.choice((None, 0, 1, len(data) + 1, len(data) * 100, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)),
    )


@maker
def absurd_rate(rng: random.Random, _seeds: Seeds) -> Made:
    data = (speech(rng, 1.0, 8000) * 32767).astype("<i2").tobytes()
    return "wav", wav(data, rate_hz=rng.choice((0, 1, 10, 3999, 192_001, 10**6, 4 * 10**9)))


@maker
def absurd_channels(rng: random.Random, _seeds: Seeds) -> Made:
    return "wav", wav(bytes(65535 * 2), channels=rng.choice((0, 3, 6, 64, 255, 65535)))


@maker
def nothing_or_next_to_nothing(rng: random.Random, _seeds: Seeds) -> Made:
    return "wav", rng.choice((b"", b"\0", b"RIFF", wav(b""), wav(b"\0\0"), wav(bytes(100)), bytes(5000)))


@maker
def noise_for_a_file(rng: random.Random, seeds: Seeds) -> Made:
    magic = rng.choice(
        (
            b"RIFF\xff\xff\xff\xffWAVEfmt ",
            b"OggS\0\2",
            b"fLaC\0\0\0\x22",
            b"ID3\4\0\0\x7f\x7f\x7f\x7f",
            b"#!AMR\n",
            b"\xff\xfb\x90\x00",
            b"\0\0\0\x18ftypM4A ",
            b"\x1aE\xdf\xa3",
            b"0&\xb2u\x8ef\xcf\x11",
            b"",
        )
    )
    return seeds.pick(rng)[0], magic + rng.randbytes(rng.choice((10, 1000, 20_000)))


@maker
def floats_that_are_no_numbers(rng: random.Random, _seeds: Seeds) -> Made:
    samples = speech(rng, 1.0, 8000).astype("<f4")
    samples[rng.randrange(len(samples)) :: rng.choice((1, 7, 1000))] = rng.choice(
        (float("nan"), float("inf"), float("-inf"), 3e38, 1e-40)
    )
    return "wav", wav(samples.tobytes(), bits=32, tag=3)


@maker
def offset_or_square_wave(rng: random.Random, _seeds: Seeds) -> Made:
    level = rng.choice((1, 300, 20_000, 32_767))
    samples = np.full(16_000, level, "<i2")
    if rng.random() < 0.5:
        samples[:: rng.choice((2, 40))] = -level
    return "wav", wav(samples.tobytes())


@maker
def playlist_or_script(rng: random.Random, _seeds: Seeds) -> Made:
    target = rng.choice(
        (
            f"file://{CALLS}/../calls.csv",
            "http://127.0.0.1:9/x.wav",
            "/etc/passwd",
            "../secret.wav",
            "tcp://127.0.0.1:9",
            "data:audio/wav;base64,UklGRg==",
            "concat:a.wav|b.wav",
        )
    )
    text = rng.choice(
        (
            f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
            f"ffconcat version 1.0\nfile '{target}'\n",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
            f"[playlist]\nFile1={target}\nNumberOfEntries=1\n",
            f"<?xml version='1.0'?><MPD><BaseURL>{target}</BaseURL></MPD>",
            f"[Reference]\nRef1={target}\n",
            f"<asx version='3.0'><entry><ref href='{target}'/></entry></asx>",
            "#!/bin/sh\nid > /tmp/owned\n",
            f";FFMETADATA1\ntitle={target}\n",
            f"rtsp {target}\n",
        )
    )
    return rng.choice(("wav", "mp3", "ogg", "m4a")), text.encode()


@maker
def archive_as_a_recording(rng: random.Random, seeds: Seeds) -> Made:
    extension, data = seeds.pick(rng)
    to = io.BytesIO()
    kind = rng.randrange(4)
    if kind == 0:
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("../../evil.wav"), data)
            archive.writestr(zipfile.ZipInfo("bomb"), bytes(5_000_000), zipfile.ZIP_DEFLATED)
    elif kind == 1:
        with tarfile.open(fileobj=to, mode="w") as archive:
            info = tarfile.TarInfo("../../evil.wav")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    elif kind == 2:
        to.write(gzip.compress(bytes(5_000_000), mtime=0))
    else:
        to.write(wav(data))
    return extension, to.getvalue()


@maker
def days_in_kilobytes(rng: random.Random, _seeds: Seeds) -> Made:
    """Silence that decodes to far more than it takes."""
    kind = rng.randrange(3)
    if kind == 0:
        # An AMR frame of 20 ms without data is a byte.
        return "amr", b"#!AMR\n" + b"\x7c" * rng.choice((200_000, 2_000_000))
    rate_hz = 8000 if kind == 1 else 48_000
    seconds = rng.choice((60, 600))
    quiet = np.zeros(seconds * rate_hz)
    return (
        ("flac", encode(quiet, "flac", "flac", rate_hz))
        if kind == 1
        else ("opus", encode(quiet[: 60 * rate_hz], "libopus", "ogg", rate_hz))
    )


@maker
def hostile_tags(rng: random.Random, _seeds: Seeds) -> Made:
    text = rng.choice(
        (
            "<script>alert(1)</script>",
            "\x1b]0;owned\x07",
            "=cmd|'/C calc'!A0",
            "{{ 7*7 }}",
            "\u202egpj.exe",
            "A" * 500_000,
            "%s%n%x",
            "😀" * 1000,
            "'; DROP TABLE calls;--",
            "\r\nX: y",
        )
    )
    extension, codec, container = rng.choice(
        (
            ("mp3", "libmp3lame", "mp3"),
            ("flac", "flac", "flac"),
            ("wav", "pcm_s16le", "wav"),
            ("m4a", "aac", "mp4"),
        )
    )
    return extension, encode(
        speech(rng, 0.5, 16000), codec, container, 16000, title=text, artist=text, comment=text
    )


@maker
def picture_or_video_inside(rng: random.Random, _seeds: Seeds) -> Made:
    to = io.BytesIO()
    container = rng.choice(("mp4", "matroska"))
    with av.open(to, "w", format=container, container_options=SAME_EACH_TIME) as out:
        video = out.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound = out.add_stream("aac", rate=16000, layout="mono") if rng.random() < 0.6 else None
        for n in range(5):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 40 * n, np.uint8), format="rgb24")
            picture.pts = n
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
        if sound is not None:
            samples = (speech(rng, 1.0, 16000) * 32767).astype("<i2")
            for at in range(0, len(samples) - 1024, 1024):
                frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], format="s16", layout="mono")
                frame.sample_rate, frame.pts = 16000, at
                converted = av.AudioResampler(format="fltp", layout="mono", rate=16000).resample(frame)
                for block in converted:
                    out.mux(sound.encode(block))
            out.mux(sound.encode(None))
    return rng.choice(("mp4", "m4a", "wav")), to.getvalue()


@maker
def boxes_of_wrong_length(rng: random.Random, seeds: Seeds) -> Made:
    """Overwrite a length field: a WAV chunk's, an MP4 atom's, an Ogg page's."""
    extension, data = seeds.pick(rng)
    changed = bytearray(data)
    names = (
        b"data",
        b"fmt ",
        b"LIST",
        b"moov",
        b"mdat",
        b"stsz",
        b"stco",
        b"trak",
        b"esds",
        b"OggS",
        b"STREAMINFO",
    )
    places = [at for name in names if (at := data.find(name)) >= 4]
    at = rng.choice(places) if places else 4
    where = rng.choice((at - 4, at + 4))
    changed[where : where + 4] = struct.pack(
        rng.choice("<>") + "I", rng.choice((0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF, len(data) * 3))
    )
    return extension, bytes(changed)


@maker
def many_empty_chunks(rng: random.Random, _seeds: Seeds) -> Made:
    count = rng.choice((10, 999, 1001, 100_000))
    body = b"WAVE" + b"junk\0\0\0\0" * count
    return "wav", b"RIFF" + struct.pack("<I", len(body)) + body


NAMES = (
    "-rf",
    "--out=x",
    "a\nb",
    "a\tb",
    "\x1b]0;owned\x07",
    "\u202egnp",
    "=cmd|'/C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "a'b\"c",
    "$(id)",
    "`id`",
    "a;b|c&d",
    "CON",
    "nul",
    "aux.wav",
    "..",
    "...",
    "%00",
    "%s%n",
    "con:aux",
    "concat:a|b",
    "http:x",
    "file:x",
    "pipe:0",
    "a" * 240,
    "电" * 80,
    "😀",
    "\u200b",
    " ",
    " a ",
    "a\\b",
    "*",
    "?",
    "[a]",
    "~",
    "#",
    "call_date=2026-01-01",
    ".wav",
)


def hostile_name(rng: random.Random) -> bytes:
    """Return a file name without extension, as bytes: some are no UTF-8."""
    if rng.random() < 0.15:
        return "录音".encode("gb18030") + bytes([rng.choice((0xFF, 0xC0, 0x80))])
    return rng.choice(NAMES).encode()


@dataclass(frozen=True, slots=True)
class Input:
    """One made input: by which kind of mutation, and where it lies."""

    kind: str
    path: str


@dataclass(slots=True)
class Folder:
    """What was made."""

    base: Path
    inputs: list[Input] = field(default_factory=list)
    good: list[Path] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)


def make_folder(base: Path, *, count: int, seed: int, good: int = 12, large: bool = False) -> Folder:
    """Fill a folder with ``count`` bad inputs and some good calls; the same seed makes the same."""
    rng = random.Random(seed)
    made = Folder(base)
    base.mkdir(parents=True, exist_ok=True)
    outside = base.parent / f"{base.name}-outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.wav").write_bytes(wav(SECRET.encode() * 1000))
    for n, path in enumerate(sorted(CALLS.iterdir(), key=lambda path: path.stat().st_size)[:good]):
        made.good.append(base / f"good-{n:02d}{path.suffix}")
        shutil.copy(path, made.good[-1])
    special = list(_special(base, outside, made, large=large))
    made.inputs += special
    seeds, kinds = Seeds(rng), sorted(MAKERS)
    for n in range(count - len(special)):
        kind = kinds[n % len(kinds)]
        extension, data = MAKERS[kind](rng, seeds)
        folder = base / f"{n % 20:02d}"
        folder.mkdir(exist_ok=True)
        name = f"{n:05d}-".encode() + hostile_name(rng) if rng.random() < 0.2 else f"{n:05d}".encode()
        target = folder / os.fsdecode(name.replace(b"/", b"_")[:250] + b"." + extension.encode())
        target.write_bytes(data)
        made.inputs.append(Input(kind, str(target)))
    return made


def _special(base: Path, outside: Path, made: Folder, *, large: bool) -> Iterator[Input]:
    """What is no plain file, or only seems to be."""
    odd = base / "odd"
    odd.mkdir()
    os.mkfifo(odd / "pipe.wav")
    yield Input("pipe", str(odd / "pipe.wav"))
    with suppress(OSError):
        bound = socket.socket(socket.AF_UNIX)
        bound.bind(str(odd / "s.wav"))
        made.sockets.append(bound)
        yield Input("socket", str(odd / "s.wav"))
    (odd / "folder.wav").mkdir()
    yield Input("folder", str(odd / "folder.wav"))
    (odd / "loop.wav").symlink_to(odd / "loop.wav")
    yield Input("link in a circle", str(odd / "loop.wav"))
    (odd / "round").symlink_to(base)
    (odd / "gone.wav").symlink_to(odd / "nothing.wav")
    yield Input("link to nothing", str(odd / "gone.wav"))
    for name, target in (
        ("out.wav", outside / "secret.wav"),
        ("passwd.wav", Path("/etc/passwd")),
        ("null.wav", Path("/dev/zero")),
    ):
        (odd / name).symlink_to(target)
        yield Input("link out of the folder", str(odd / name))
    (odd / "elsewhere").symlink_to(outside)
    yield Input("link out of the folder", str(odd / "elsewhere"))
    (odd / "closed.wav").write_bytes(wav(bytes(16_000)))
    (odd / "closed.wav").chmod(0)
    yield Input("no permission", str(odd / "closed.wav"))
    for name, size in (
        (("sparse.wav", 10 << 30), ("zeros.mp3", 64 << 20)) if large else (("sparse.wav", 10 << 30),)
    ):
        with (odd / name).open("wb") as file:
            file.write(b"RIFF\0\0\0\0WAVE")
            file.truncate(size)
        yield Input("sparse file", str(odd / name))
