"""Hearing one call, with the words given: what is cut out, who says it, what becomes of tones and silence."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from samples import sample

from pipeline.audio import decode
from pipeline.call import Call, EventKind, Role
from pipeline.hearing import Hearing, HearingOptions
from pipeline.profiling import Account, Stage
from pipeline.spans import Span, intersect, total_s
from pipeline.speech.activity import ActivityOptions
from pipeline.transcribers import CannedTranscriber, Clip
from pipeline.transcribers.base import Heard


def hear(number: int, said: Callable[[int, Clip], str] = lambda *_: "嗯", **metadata: str | None) -> Call:
    call = sample(number)
    return Hearing(CannedTranscriber(said)).hear(replace(call.record, **metadata), sha256="0" * 64)


def test_utterances_cover_the_true_turns_and_nothing_else():
    call, heard = sample(8), hear(8)
    for role, span, text in call.turns:
        if len(text) > 3:
            best = max(u.span.overlap_s(span) for u in heard.by_role(role))
            assert best >= 0.8 * span.duration_s, text
    quiet = [u for u in heard.utterances if not any(u.span.overlap_s(s) > 0 for _, s, _ in call.turns)]
    assert quiet == []


def test_clips_are_no_longer_than_the_recogniser_takes_and_hold_sound():
    lengths = []

    def listen(_: int, clip: Clip) -> str:
        lengths.append(len(clip) / 16000)
        assert np.abs(clip).max() > 0
        return "好"

    hear(1, listen)
    assert max(lengths) <= 29.0
    assert max(lengths) > 15.0


def test_the_ringback_tone_is_an_event_and_no_speech():
    heard = hear(5)
    (ringing,) = heard.events_of(EventKind.RINGBACK)
    assert ringing.get("rings") == 4
    assert all(s.start_s >= ringing.end_s for s in heard.speech())


def test_the_announcement_is_an_event_and_no_agent_speech():
    call = sample(22)

    def listen(number: int, clip: Clip) -> str:
        if number == 0:
            return "工号8006为您服务，您好，请问有什么可以帮您"
        return "工号8006为您服务" if len(clip) < 16000 * 3.5 else "您好，请问有什么可以帮到您"

    heard = hear(22, listen)
    (announcement,) = heard.events_of(EventKind.ANNOUNCEMENT)
    assert call.announcement is not None
    assert announcement.end_s == pytest.approx(call.announcement.end_s, abs=0.2)
    assert not any(s.overlap_s(announcement.span) > 0 for s in heard.speech(Role.AGENT))


def test_what_is_heard_again_behind_an_announcement_counts_its_removed_pieces_once():
    def listen(number: int, clip: Clip) -> Heard:
        if number == 0:
            return Heard("工号8006为您服务，您好，请问有什么可以帮您", 0.9, "zh", removed=5)
        text = "工号8006为您服务" if len(clip) < 16000 * 3.5 else "您好，请问有什么可以帮到您"
        return Heard(text, 0.9, "zh", removed=1)

    heard = Hearing(CannedTranscriber(listen)).hear(sample(22).record, sha256="0" * 64)
    assert heard.events_of(EventKind.ANNOUNCEMENT)
    assert heard.removed_texts == len(heard.utterances)


def test_holds_of_every_kind_are_where_they_are():
    for number in (1, 3, 22):
        truth = [(kind, span) for kind, span in sample(number).holds]
        found = [(h.get("kind"), h.span) for h in hear(number).events_of(EventKind.HOLD)]
        assert [k for k, _ in found] == [k for k, _ in truth]
        for (_, span), (_, true) in zip(found, truth, strict=True):
            assert span.start_s == pytest.approx(true.start_s, abs=0.5)
            assert span.end_s == pytest.approx(true.end_s, abs=0.5)


def test_without_a_channel_map_and_telling_words_roles_are_unknown():
    heard = hear(8, agent_channel=None)
    assert {u.role for u in heard.utterances} == {Role.UNKNOWN}
    assert heard.record.agent_channel is None
    assert not heard.events_of(EventKind.INTERRUPTION)


def test_words_decide_the_channel_when_the_metadata_is_silent():
    heard = hear(8, lambda n, _: "请您稍等，感谢您的来电" if n == 0 else "嗯", agent_channel=None)
    assert heard.record.agent_channel == "left"


def test_text_without_words_is_no_utterance():
    assert hear(8, lambda *_: "……").utterances == ()


def test_the_stages_of_hearing_are_charged_to_the_call():
    call, account = sample(8), Account()
    (heard,) = Hearing(CannedTranscriber(lambda *_: "嗯")).hear_together([(call.record, "0" * 64)], [account])
    assert isinstance(heard, Call)
    own = [Stage.READING, Stage.CHANNELS, Stage.TONES, Stage.MUSIC, Stage.ACTIVITY]
    own += [Stage.ANNOUNCEMENTS, Stage.SPEAKERS, Stage.MEASURING, Stage.OTHER]
    assert [t.stage for t in account.times] == own
    assert all(t.clock_s >= 0 for t in account.times)


def test_the_key_changes_with_what_can_change_a_value():
    transcriber = CannedTranscriber([])
    default = Hearing(transcriber).key
    other = Hearing(transcriber, HearingOptions(activity=ActivityOptions(threshold=0.4))).key
    assert default == Hearing(CannedTranscriber([])).key
    assert default != other
    assert len(default) == 64


def test_speech_is_disjoint_and_inside_the_recording():
    heard = hear(8)
    for role in (Role.AGENT, Role.CUSTOMER):
        spans = heard.speech(role)
        assert spans
        assert all(Span(0, heard.duration_s).overlap_s(s) == pytest.approx(s.duration_s) for s in spans)


def test_the_first_of_two_legs_is_the_agents_whatever_the_metadata_says(tmp_path):
    call = sample(8)
    for name, channel in zip(("agent", "customer"), decode(call.record.path).split_to_mono(), strict=True):
        channel.export(tmp_path / f"{name}.wav", format="wav").close()
    legs = {
        "path": tmp_path / "agent.wav",
        "customer_path": tmp_path / "customer.wav",
        "agent_channel": "right",
    }
    heard = Hearing(CannedTranscriber(lambda *_: "嗯")).hear(replace(call.record, **legs), sha256="0" * 64)
    assert heard.separated
    assert heard.record.agent_channel == "left"
    for role in (Role.AGENT, Role.CUSTOMER):
        shared = total_s(intersect(heard.speech(role), call.speech[role]))
        assert shared >= 0.85 * total_s(call.speech[role])
