"""A line that both parties share: divided by voice on real audio, honest where there is nothing to divide."""

import wave
from dataclasses import replace

import numpy as np
import pytest
from samples import sample

from pipeline import dividing
from pipeline.audio import load_recording
from pipeline.call import EventKind, Role
from pipeline.composition import Channel
from pipeline.dividing import divide_line
from pipeline.errors import VoicesError
from pipeline.hearing import Hearing
from pipeline.spans import Span, intersect, subtract, total_s
from pipeline.speakers.voices import voices_key
from pipeline.speech.activity import ActivityOptions, detect_speech
from pipeline.transcribers import CannedTranscriber

ACTIVITY = ActivityOptions()
NEEDS_VOICES = pytest.mark.skipif(voices_key() == "no voices", reason="the extra 'mono' is not installed")
A, C = Role.AGENT, Role.CUSTOMER


def line(samples, within=None):
    speech = detect_speech(samples, ACTIVITY)
    return Channel(samples, speech if within is None else intersect(speech, within))


def channels(number):
    return load_recording(sample(number).record).channels


def mono_call(tmp_path, number, keep=(0, 1)):
    """Write the sum of a sample's channels and return its record."""
    both = channels(number)
    path = tmp_path / "mono.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        mixed = np.clip(sum(both[i] for i in keep), -1.0, 1.0)
        file.writeframes((mixed * 32767).astype("<i2").tobytes())
    return replace(sample(number).record, path=path, agent_channel=None)


def without_voices():
    raise VoicesError("the extra 'mono' is not installed")


@NEEDS_VOICES
@pytest.mark.real
def test_two_voices_on_one_line_are_those_of_the_two_parties():
    call = sample(10)
    separation, voices = divide_line(line(sum(channels(10)), [*call.speech[A], *call.speech[C]]), ACTIVITY)
    assert len(voices) == 2
    assert separation.confidence > 0.8
    own = {role: subtract(call.speech[role], call.speech[other]) for role, other in ((A, C), (C, A))}
    straight = sum(total_s(intersect(own[r], v.speech)) for r, v in zip((A, C), voices, strict=True))
    crossed = sum(total_s(intersect(own[r], v.speech)) for r, v in zip((C, A), voices, strict=True))
    assert max(straight, crossed) >= 0.95 * (straight + crossed)
    assert intersect(voices[0].speech, voices[1].speech) == ()


@NEEDS_VOICES
@pytest.mark.real
def test_one_speaker_is_not_surely_two():
    separation, _ = divide_line(line(channels(10)[0], sample(10).speech[A]), ACTIVITY)
    assert separation.confidence < 0.5


@NEEDS_VOICES
def test_a_line_on_which_nobody_speaks_stays_whole():
    noise = np.random.default_rng(0).normal(0, 0.001, 20 * 16000).astype(np.float32)
    separation, voices = divide_line(line(noise), ACTIVITY)
    assert len(voices) == 1
    assert separation.reason


def test_without_the_extra_the_call_is_heard_and_says_why_nobody_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr(dividing, "load_voices", without_voices)
    heard = Hearing(CannedTranscriber(lambda *_: "好的")).hear(mono_call(tmp_path, 8), sha256="0" * 64)
    assert {u.role for u in heard.utterances} == {Role.UNKNOWN}
    assert not heard.separated
    voices, roles = heard.measure("voice_separation"), heard.measure("role_confidence")
    assert voices is not None
    assert (voices.value, voices.reason) == (None, "the extra 'mono' is not installed")
    assert roles is not None
    assert roles.value is None


@NEEDS_VOICES
@pytest.mark.real
def test_roles_on_one_line_reach_utterances_but_overlap_stays_unmeasurable(tmp_path):
    call, record = sample(10), mono_call(tmp_path, 10)
    whole = load_recording(record).channels[0].tobytes()

    def listen(_, clip):
        at_s = whole.find(clip[:1600].tobytes()) / 4 / 16000
        heard = Span(at_s, at_s + len(clip) / 16000)
        return max(call.turns, key=lambda turn: turn[1].overlap_s(heard))[2]

    heard = Hearing(CannedTranscriber(listen)).hear(record, sha256="0" * 64)
    assert not heard.separated
    assert heard.events_of(EventKind.TALK_OVER) == ()
    assert heard.measure("interruption_count", Role.AGENT).value is None
    assert heard.measure("net_pace", Role.AGENT).value > 0
    assert heard.measure("role_confidence").value > 0.6
    for role, span, text in call.turns:
        said = max(heard.utterances, key=lambda u: u.span.overlap_s(span))
        # A word of half a second may go to whoever speaks around it.
        assert span.duration_s < 1.0 or said.role is role, text
