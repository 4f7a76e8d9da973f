"""Evidence clips: which stretches are cut, how they are named, and that they hold what they are about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_calls as made
import numpy as np
import pytest
from pypinyin import lazy_pinyin
from rapidfuzz.distance import LCSseq
from samples import sample, truth_call

from pipeline.audio import load_recording
from pipeline.call import Call, CallRecord, Event, EventKind, Finding, Role, Verdict
from pipeline.reports.clips import clips_folder, cut_evidence, plan_clips
from pipeline.spans import Span
from pipeline.transcribers import load_transcriber
from pipeline.transcribers.base import CallClips


def long_call() -> Call:
    said = (
        made.utterance(0, Role.AGENT, 5.0, "您好，请问有什么可以帮您？"),
        made.utterance(1, Role.CUSTOMER, 50.0, "我想问一下我的退票。", end_s=60.0),
        made.utterance(2, Role.AGENT, 120.0, "让您久等了，退票已经办好。", end_s=140.0),
    )
    speech = tuple(Event(EventKind.SPEECH, u.role, u.start_s, u.end_s) for u in said)
    return replace(made.call(), duration_s=200.0, utterances=said, events=speech)


def about(rule_id: str, start_s: float | None, end_s: float | None, **changes: object) -> Finding:
    return made.finding(rule_id, "fail", start_s=start_s, end_s=end_s, **{"quote": "", **changes})


def test_findings_on_one_stretch_share_a_clip() -> None:
    findings = [about("OPS-02", 5.0, 7.0), about("OPS-01", 5.01, 7.02), about("OPS-03", 5.0, 8.0)]
    clips = plan_clips(long_call(), findings)
    assert [[f.rule_id for f in clip.findings] for clip in clips] == [["OPS-02", "OPS-01"], ["OPS-03"]]
    assert [clip.file_name for clip in clips] == ["OPS-02+OPS-01_5.0-7.0s.mp3", "OPS-03_5.0-8.0s.mp3"]


def test_findings_without_a_stretch_have_no_clip() -> None:
    nothing = [about("OPS-01", None, None), about("OPS-20", 0.0, 0.0), about("OPS-21", 300.0, 301.0)]
    assert plan_clips(long_call(), nothing) == ()


def test_passes_are_cut_when_asked_for() -> None:
    passed = made.finding("OPS-01", "pass")
    assert plan_clips(long_call(), [passed]) == ()
    assert len(plan_clips(long_call(), [passed], verdicts=tuple(Verdict))) == 1


def test_of_a_long_window_the_quoted_turn_is_heard() -> None:
    (clip,) = plan_clips(long_call(), [about("OPS-01", 0.0, 200.0, quote="问一下我的退票", role=Role.AGENT)])
    assert (clip.span, clip.shortened) == (Span(50.0, 60.0), True)


def test_of_a_long_window_without_a_quote_the_half_minute_is_heard_in_which_its_role_speaks_most() -> None:
    (clip,) = plan_clips(long_call(), [about("OPS-01", 0.0, 200.0)])
    assert (clip.span, clip.window) == (Span(120.0, 150.0), Span(0.0, 200.0))
    (clip,) = plan_clips(long_call(), [about("OPS-01", 0.0, 100.0, role=Role.CUSTOMER)])
    assert clip.span == Span(50.0, 80.0)


def test_a_minute_is_heard_whole() -> None:
    (clip,) = plan_clips(long_call(), [about("OPS-01", 10.0, 70.0)])
    assert (clip.span, clip.shortened) == (Span(10.0, 70.0), False)


@pytest.mark.parametrize("call_id", ["../../etc/passwd", "a/b", "通话 1", "\x00", "x" * 5000, "\udcff"])
def test_no_id_leads_out_of_the_folder(call_id: str) -> None:
    folder = clips_folder("2026-10-09", call_id)
    assert len(folder.parts) == 2
    assert folder.as_posix().isascii()
    assert len(folder.name) < 60
    assert ".." not in folder.parts


def test_ids_that_look_alike_have_folders_of_their_own() -> None:
    assert clips_folder("2026-10-09", "a/b") != clips_folder("2026-10-09", "a-b")


def test_clips_hold_their_stretches_of_the_recording(tmp_path: Path) -> None:
    call = truth_call(5)
    findings = [about("OPS-01", u.start_s, u.end_s) for u in call.utterances[:4]]
    clips = plan_clips(call, findings)
    paths = cut_evidence(call, clips, tmp_path)
    whole = np.sum([c[:] for c in load_recording(sample(5).record).channels], axis=0)
    for clip, path in zip(clips, paths, strict=True):
        (heard,) = load_recording(CallRecord("clip", path)).channels
        start = round(16_000 * (clip.span.start_s - 0.75))
        wanted = whole[start : start + len(heard)]
        assert np.corrcoef(heard[:], wanted)[0, 1] > 0.95, clip.file_name


@pytest.mark.real
def test_clips_say_what_they_are_about(tmp_path: Path) -> None:
    """The recogniser hears in ten clips of two calls what was said there, though the margin may add words."""
    found: list[float] = []
    for number in (8, 26):
        call = truth_call(number)
        said = [u for u in call.utterances if 2.0 < u.span.duration_s < 12.0][:5]
        clips = plan_clips(call, [about("OPS-01", u.start_s, u.end_s) for u in said])
        sounds = [
            load_recording(CallRecord("clip", path)).channels[0][:]
            for path in cut_evidence(call, clips, tmp_path)
        ]
        (heard,) = load_transcriber().transcribe([CallClips(sounds)])
        for utterance, text in zip(said, heard, strict=True):
            wanted, got = (lazy_pinyin(t, errors="ignore") for t in (utterance.text, text.text))
            found.append(LCSseq.similarity(wanted, got) / len(wanted))
    assert len(found) == 10
    assert np.mean(found) > 0.85
    assert min(found) > 0.5
