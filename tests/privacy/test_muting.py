"""Clips do not let personal data be heard."""

from __future__ import annotations

import json
import stat
import wave
from dataclasses import replace
from pathlib import Path

import made_calls as made
import numpy as np
import pytest
from samples import DATA, truth_call

from pipeline.audio import decode
from pipeline.call import Call, Event, EventKind, Finding, Role
from pipeline.privacy import muted_spans, redact
from pipeline.reports.clips import cut_evidence, plan_clips
from pipeline.spans import Span, total_s

RATE_HZ = 8000


def _call(path: Path, *texts: str) -> Call:
    said = tuple(
        made.utterance(i, Role.CUSTOMER, 4.0 * i, text, end_s=4.0 * i + 3.5) for i, text in enumerate(texts)
    )
    events = tuple(Event(EventKind.SPEECH, u.role, u.start_s, u.end_s) for u in said)
    call = replace(made.call(), utterances=said, events=events, duration_s=4.0 * len(texts))
    return replace(call, record=replace(call.record, path=path))


def _recording(path: Path, seconds: float) -> Path:
    # A clip holds both channels together.
    sound = 0.25 * np.sin(2 * np.pi * 1000 * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)
    samples = np.repeat((sound * 32767).astype("<i2")[:, None], 2, axis=1)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())
    return path


def _level_dbfs(clip: Path, span: Span) -> float:
    """RMS level of a stretch of a clip, which begins where the recording does."""
    sound = decode(clip)
    samples = np.array(sound.get_array_of_samples(), float) / 32768
    part = samples[int(span.start_s * sound.frame_rate) : int(span.end_s * sound.frame_rate)]
    return float(20 * np.log10(np.sqrt((part**2).mean()) + 1e-9))


def _cut(call: Call, finding: Finding, folder: Path) -> Path:
    (clip,) = cut_evidence(call, plan_clips(call, [finding]), folder)
    return clip


def test_a_clip_is_soft_where_a_number_is_said_and_as_it_was_elsewhere(tmp_path):
    path = _recording(tmp_path / "c.wav", 12.0)
    full = _call(path, "你好我想问一下", "我的手机号是13655582741你记一下好吗", "谢谢")
    call = redact(full)
    (muted,) = muted_spans(call)
    assert 4.0 < muted.start_s < 6.0 < muted.end_s < 8.5
    finding = replace(made.finding("OPS-01", "fail"), start_s=0.5, end_s=11.5)
    clip = _cut(call, finding, tmp_path / "clips")
    heard = Span(muted.start_s + 0.1, muted.end_s - 0.1)
    assert _level_dbfs(clip, heard) == pytest.approx(-38.0, abs=1.0)
    assert _level_dbfs(clip, Span(0.1, muted.start_s - 0.1)) == pytest.approx(-9.0, abs=1.0)
    assert _level_dbfs(clip, Span(muted.end_s + 0.1, 11.5)) == pytest.approx(-9.0, abs=1.0)


def test_a_clip_of_a_call_that_kept_its_personal_data_is_whole(tmp_path):
    call = _call(_recording(tmp_path / "c.wav", 8.0), "手机13655582741", "谢谢")
    finding = replace(made.finding("OPS-01", "fail"), start_s=0.5, end_s=7.5)
    clip = _cut(call, finding, tmp_path / "clips")
    assert _level_dbfs(clip, Span(0.1, 7.5)) == pytest.approx(-9.0, abs=1.0)


def test_clips_are_their_owners_alone(tmp_path):
    call = _call(_recording(tmp_path / "c.wav", 8.0), "你好", "谢谢")
    finding = replace(made.finding("OPS-01", "fail"), start_s=0.5, end_s=7.5)
    clip = _cut(call, finding, tmp_path / "clips")
    assert stat.S_IMODE(clip.stat().st_mode) == 0o600
    assert stat.S_IMODE(clip.parent.stat().st_mode) == 0o700


def test_the_pieces_of_a_number_are_muted_with_what_lies_between_them(tmp_path):
    call = redact(_call(tmp_path / "c.wav", "手机一三六", "五五五八", "二七四一"))
    (muted,) = muted_spans(call)
    assert muted.start_s < 2.0
    assert muted.end_s > 11.0


@pytest.mark.parametrize(
    ("number", "secret"), [(16, "一三九一二三四五六七八"), (26, "六二二二零二一零零一一一六二四五七零二")]
)
def test_every_digit_of_a_sample_call_is_muted(number: int, secret: str):
    muted = muted_spans(redact(truth_call(number)))
    truth = json.loads((DATA / "truth" / f"dev-{number:03d}.json").read_text(encoding="utf-8"))
    times = [unit for turn in truth["turns"] for unit in turn.get("unit_times") or ()]
    at = "".join(unit[0] for unit in times).index(secret)
    digits = times[at : at + len(secret)]
    assert all(any(s.start_s <= start and end <= s.end_s for s in muted) for _, start, end in digits)
    assert total_s(muted) < 0.2 * truth_call(number).duration_s
