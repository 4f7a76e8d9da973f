"""Decoding: formats, channels, and every way a recording can be bad."""

import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.audio import RATE_HZ, Cut, cut_clips, decode, load_recording
from pipeline.call import CallRecord
from pipeline.errors import AudioError
from pipeline.spans import Span

SECONDS = 2.0


def tone(hz: float, rate_hz: int, seconds: float = SECONDS) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)


def write_wav(path: Path, *channels: np.ndarray, rate_hz: int = 8000) -> Path:
    samples = (np.stack(channels, axis=1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples.tobytes())
    return path


def encode(path: Path, codec: str, container: str, rate_hz: int, samples: np.ndarray) -> Path:
    """Encode mono samples with PyAV; skip when this build of it cannot write the codec."""
    try:
        with av.open(str(path), "w", format=container) as out:
            stream = out.add_stream(codec, rate=rate_hz, layout="mono")
            frame = av.AudioFrame.from_ndarray(
                (samples * 32767).astype("<i2")[None, :], format="s16", layout="mono"
            )
            frame.sample_rate = rate_hz
            resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate_hz)
            fifo = av.AudioFifo()
            for block in resampler.resample(frame):
                fifo.write(block)
            size = stream.codec_context.frame_size or 1024
            while (block := fifo.read(size, partial=True)) is not None:
                out.mux(stream.encode(block))
            out.mux(stream.encode(None))
    except (av.FFmpegError, ValueError, av.codec.codec.UnknownCodecError) as error:
        pytest.skip(f"this PyAV cannot encode {codec}: {error}")
    return path


def dominant_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE_HZ / len(samples))


def record(path: Path, **metadata: object) -> CallRecord:
    return CallRecord("call", path, **metadata)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "codec", "container", "rate_hz"),
    [
        ("a.wav", "pcm_alaw", "wav", 8000),
        ("u.wav", "pcm_mulaw", "wav", 8000),
        ("p.wav", "pcm_s16le", "wav", 48000),
        ("m.mp3", "libmp3lame", "mp3", 16000),
        ("c.m4a", "aac", "mp4", 16000),
        ("o.opus", "libopus", "ogg", 16000),
        ("f.flac", "flac", "flac", 44100),
        ("n.amr", "libopencore_amrnb", "amr", 8000),
        ("g.wav", "adpcm_ms", "wav", 8000),
    ],
)
def test_every_format_decodes_to_16_khz(tmp_path, name, codec, container, rate_hz):
    path = encode(tmp_path / name, codec, container, rate_hz, tone(440.0, rate_hz))
    heard = load_recording(record(path))
    assert len(heard.channels) == 1
    assert heard.duration_s == pytest.approx(SECONDS, abs=0.15)
    assert dominant_hz(heard.channels[0]) == pytest.approx(440.0, abs=3.0)


def test_channels_keep_their_sides(tmp_path):
    path = write_wav(tmp_path / "two.wav", tone(440.0, 8000), tone(880.0, 8000))
    left, right = load_recording(record(path)).channels
    assert dominant_hz(left) == pytest.approx(440.0, abs=2.0)
    assert dominant_hz(right) == pytest.approx(880.0, abs=2.0)


def test_two_legs_are_joined_agent_first_and_padded_to_the_longer(tmp_path):
    agent = write_wav(tmp_path / "a.wav", tone(440.0, 8000, 1.0))
    customer = write_wav(tmp_path / "c.wav", tone(880.0, 16000, 2.0), rate_hz=16000)
    heard = load_recording(record(agent, customer_path=customer))
    assert [len(c) for c in heard.channels] == [2 * RATE_HZ, 2 * RATE_HZ]
    assert dominant_hz(heard.channels[0][:RATE_HZ]) == pytest.approx(440.0, abs=2.0)
    assert not heard.channels[0][RATE_HZ + 200 :].any()


def test_a_leg_must_be_mono(tmp_path):
    agent = write_wav(tmp_path / "a.wav", tone(440.0, 8000), tone(440.0, 8000))
    with pytest.raises(AudioError, match=r"a\.wav: 2 channels in one leg"):
        load_recording(record(agent, customer_path=agent))


def test_missing_empty_and_unreadable_files_are_named(tmp_path):
    with pytest.raises(AudioError, match=r"gone\.wav: no such file"):
        decode(tmp_path / "gone.wav")
    (tmp_path / "empty.wav").touch()
    with pytest.raises(AudioError, match=r"empty\.wav: empty file \(0 bytes\)"):
        decode(tmp_path / "empty.wav")
    (tmp_path / "text.wav").write_text("this is not audio " * 50)
    with pytest.raises(AudioError, match=r"text\.wav: cannot be decoded as audio"):
        decode(tmp_path / "text.wav")


def test_three_channels_are_refused(tmp_path):
    path = write_wav(tmp_path / "three.wav", *[tone(440.0, 8000)] * 3)
    with pytest.raises(AudioError, match="3 channels; expected 1 or 2"):
        decode(path)


def test_a_header_without_samples_is_refused(tmp_path):
    with pytest.raises(AudioError, match=r"expected at least 0\.1 s|cannot be decoded"):
        decode(write_wav(tmp_path / "none.wav", np.zeros(0)))


def test_a_cut_off_file_is_recognised(tmp_path):
    path = write_wav(tmp_path / "cut.wav", tone(440.0, 8000, 20.0))
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(
        AudioError, match=r"cut\.wav: cut off; its header says 320000 bytes of samples, 99956 are there"
    ):
        decode(path)


def test_digital_silence_is_refused_but_a_quiet_line_is_not(tmp_path):
    with pytest.raises(AudioError, match="silent; no sample exceeds -80 dBFS"):
        load_recording(record(write_wav(tmp_path / "silent.wav", np.zeros(16000))))
    faint = write_wav(tmp_path / "faint.wav", tone(440.0, 8000) * 0.002)
    assert load_recording(record(faint)).duration_s == pytest.approx(SECONDS)


def test_an_over_long_recording_is_refused_before_decoding(tmp_path):
    path = write_wav(tmp_path / "long.wav", tone(440.0, 8000, 20.0))
    with pytest.raises(AudioError, match="long; at most"):
        decode(path, max_duration_s=10.0)


def test_a_header_that_understates_its_length_does_not_exhaust_memory(tmp_path):
    path = write_wav(tmp_path / "liar.wav", tone(440.0, 8000, 20.0))
    raw = bytearray(path.read_bytes())
    raw[40:44] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(bytes(raw))
    with pytest.raises(AudioError, match="long"):
        decode(path, max_duration_s=10.0)


def heard_of(path: Path) -> np.ndarray:
    (samples,) = load_recording(record(path)).channels
    return np.asarray(samples[:])


def loudness(samples: np.ndarray, from_s: float, to_s: float) -> float:
    return float(np.sqrt(np.mean(samples[int(from_s * RATE_HZ) : int(to_s * RATE_HZ)] ** 2)))


def test_a_clip_holds_the_stretch_and_its_margin(tmp_path):
    silence = np.zeros(8000 * 3)
    path = write_wav(tmp_path / "call.wav", np.concatenate([silence, tone(440.0, 8000), silence]))
    clip = tmp_path / "clips" / "x.mp3"
    cut_clips(record(path), [Cut(Span(3.0, 5.0), clip)], margin_s=0.5)
    samples = heard_of(clip)
    assert len(samples) / RATE_HZ == pytest.approx(3.0, abs=0.05)
    assert loudness(samples, 0.0, 0.4) < 0.01
    assert loudness(samples, 0.6, 2.4) > 0.25
    assert dominant_hz(samples) == pytest.approx(440.0, abs=2.0)
    assert clip.stat().st_mode & 0o777 == 0o600
    assert clip.parent.stat().st_mode & 0o777 == 0o700


def test_clips_of_a_recording_are_cut_from_one_decoding(tmp_path, monkeypatch):
    decoded = []
    monkeypatch.setattr(
        "pipeline.audio.clips.load_recording", lambda r: decoded.append(r) or load_recording(r)
    )
    path = write_wav(tmp_path / "call.wav", np.concatenate([tone(hz, 8000) for hz in (300.0, 600.0, 900.0)]))
    cuts = [Cut(Span(2.0 * k, 2.0 * k + 2.0), tmp_path / f"{k}.mp3") for k in range(3)]
    cut_clips(record(path), cuts, margin_s=0.0)
    assert len(decoded) == 1
    assert [dominant_hz(heard_of(cut.to)) for cut in cuts] == pytest.approx([300.0, 600.0, 900.0], abs=2.0)
    assert all(cut.to.stat().st_size < 12_000 for cut in cuts), "2 s at 32 kbit/s"


def test_both_parties_are_heard_in_a_clip(tmp_path):
    left = np.concatenate([tone(300.0, 8000), np.zeros(16000)])
    right = np.concatenate([np.zeros(16000), tone(900.0, 8000)])
    clip = tmp_path / "x.mp3"
    cut_clips(record(write_wav(tmp_path / "two.wav", left, right)), [Cut(Span(0.0, 4.0), clip)], margin_s=0.0)
    samples = heard_of(clip)
    halves = samples[: 2 * RATE_HZ], samples[2 * RATE_HZ :]
    assert [dominant_hz(half) for half in halves] == pytest.approx([300.0, 900.0], abs=2.0)


def test_two_loud_channels_are_not_clipped(tmp_path):
    loud = tone(300.0, 8000) * 1.9
    clip = tmp_path / "x.mp3"
    cut_clips(record(write_wav(tmp_path / "two.wav", loud, loud)), [Cut(Span(0.0, 2.0), clip)], margin_s=0.0)
    spectrum = np.abs(np.fft.rfft(heard_of(clip)))
    third_harmonic = spectrum[(1800 - 20) : (1800 + 20)].max() / spectrum.max()
    assert third_harmonic < 0.01


def test_what_is_muted_is_not_in_the_clip(tmp_path):
    path = write_wav(tmp_path / "call.wav", tone(1000.0, 8000, 6.0))
    clip = tmp_path / "x.mp3"
    cut_clips(record(path), [Cut(Span(1.0, 5.0), clip)], margin_s=0.0, muted=(Span(2.0, 3.0), Span(4.5, 9.0)))
    samples = heard_of(clip)
    for from_s, to_s in ((1.1, 1.9), (3.6, 3.95)):
        assert loudness(samples, from_s, to_s) < 0.03
        assert dominant_hz(samples[int(from_s * RATE_HZ) : int(to_s * RATE_HZ)]) == pytest.approx(
            440.0, abs=5.0
        )
    assert loudness(samples, 0.1, 0.9) > 0.25
    assert loudness(samples, 2.1, 3.4) > 0.25


def test_a_stretch_beyond_the_recording_is_not_of_it(tmp_path):
    path = write_wav(tmp_path / "call.wav", tone(440.0, 8000))
    with pytest.raises(AudioError, match=r"call\.wav: 2\.0 s long; expected the recording that was heard"):
        cut_clips(record(path), [Cut(Span(30.0, 31.0), tmp_path / "x.mp3")])
