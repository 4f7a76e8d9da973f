"""The line that both parties share: divided between two voices, heard again where needed, put together."""

from dataclasses import replace

import numpy as np
import pytest
from samples import sample

from pipeline import dividing
from pipeline.audio import decode
from pipeline.call import Call, Role, Utterance
from pipeline.composition import Channel
from pipeline.dividing import divide_line, rejoin_line
from pipeline.errors import VoicesError
from pipeline.hearing import Hearing
from pipeline.spans import Span, Spans, intersect, total_s, union
from pipeline.speakers.roles import Layout
from pipeline.speech.activity import ActivityOptions
from pipeline.transcribers import CannedTranscriber, Clip
from pipeline.transcribers.base import Heard

FIRST = (Span(0.0, 3.0), Span(7.0, 11.0))
SECOND = (Span(3.5, 6.4), Span(11.5, 14.0))
SPEECH = union((*FIRST, *SECOND))


class TwoVoices:
    """Vectors that follow from when the second voice speaks."""

    def __init__(self, second: Spans) -> None:
        self._second = second

    def embed(self, samples, stretches):  # noqa: ARG002
        random = np.random.default_rng(1)
        rows = []
        for frames in stretches:
            share = np.mean(
                [any(s.start_s <= t < s.end_s for s in self._second) for t in frames * 0.01 + 0.005]
            )
            rows.append(np.array([1 - share, share, *(0.02 * random.normal(size=30))]))
        return np.array(rows) / np.linalg.norm(rows, axis=1, keepdims=True)


def use_voices(monkeypatch, second: Spans) -> None:
    monkeypatch.setattr(dividing, "load_voices", lambda: TwoVoices(second))


def use_no_voices(monkeypatch) -> None:
    def missing():
        raise VoicesError("the extra is not there")

    monkeypatch.setattr(dividing, "load_voices", missing)


def said(span: Span, text: str = "嗯") -> Utterance:
    return Utterance(
        0, Role.UNKNOWN, span.start_s, span.end_s, text, text, len(text), span.duration_s, 0.9, "zh"
    )


def line() -> Channel:
    return Channel(
        np.zeros(15 * 16000, np.float32),
        SPEECH,
        utterances=(said(Span(0.0, 6.4)), said(Span(7.0, 11.0))),
        removed=(Span(0.0, 6.4), Span(7.0, 11.0), Span(7.0, 11.0)),
    )


@pytest.fixture
def bursts(monkeypatch) -> None:
    monkeypatch.setattr(dividing, "detect_speech", lambda *_: SPEECH)


@pytest.mark.usefixtures("bursts")
def test_a_line_becomes_one_channel_per_voice(monkeypatch):
    use_voices(monkeypatch, SECOND)
    separation, voices = divide_line(line(), ActivityOptions())
    assert separation.reason is None
    assert [v.utterances for v in voices] == [(), ()]
    for voice, truth in zip(voices, (FIRST, SECOND), strict=True):
        assert total_s(intersect(voice.speech, truth)) == pytest.approx(total_s(truth), abs=0.3)


def test_without_the_extra_the_line_stays_whole_and_says_why(monkeypatch):
    use_no_voices(monkeypatch)
    whole = line()
    separation, voices = divide_line(whole, ActivityOptions())
    assert separation.voices == (SPEECH,)
    assert separation.reason == "the extra is not there"
    assert voices == [whole]


@pytest.mark.usefixtures("bursts")
def test_a_rejoined_line_has_everything_both_said_in_order_and_counts_every_removed_piece_once(monkeypatch):
    use_voices(monkeypatch, SECOND)
    whole = line()
    _, voices = divide_line(whole, ActivityOptions())
    # Of the line's two utterances the second is one voice's alone, and is not heard again.
    first = replace(voices[0], utterances=(said(FIRST[0]), said(FIRST[1]))).with_removed({FIRST[0]: 0})
    second = replace(voices[1], utterances=(said(SECOND[0]), said(SECOND[1]))).with_removed({SECOND[1]: 1})
    joined = rejoin_line(whole, [first, second])
    assert [u.span for u in joined.utterances] == list(SPEECH)
    assert joined.speech == SPEECH
    assert sorted(joined.removed) == [FIRST[1], FIRST[1], SECOND[1]]


def hear_mono(tmp_path, *, removed: int) -> tuple[Call, list[Clip]]:
    """Hear the eighth sample call with both parties on one channel."""
    call, clips = sample(8), []
    path = tmp_path / "mono.wav"
    decode(call.record.path).set_channels(1).export(path, format="wav").close()

    def answer(_: int, clip: Clip) -> Heard:
        clips.append(clip)
        return Heard("嗯好", 0.9, "zh", removed=removed)

    record = replace(call.record, path=path, agent_channel=None)
    return Hearing(CannedTranscriber(answer)).hear(record, sha256="0" * 64), clips


TOLD_APART = Layout((Role.AGENT, Role.CUSTOMER), separated=False, confidence=0.9)


def test_a_shared_line_is_heard_without_the_extra_with_roles_unknown_and_the_reason(tmp_path, monkeypatch):
    use_no_voices(monkeypatch)
    heard, _ = hear_mono(tmp_path, removed=1)
    assert {u.role for u in heard.utterances} == {Role.UNKNOWN}
    assert not heard.separated
    assert len(heard.utterances) == heard.removed_texts > 0
    assert any("the extra is not there" in (m.reason or "") for m in heard.measurements)


def test_known_utterances_are_not_heard_again_and_keep_their_count(tmp_path, monkeypatch):
    use_no_voices(monkeypatch)
    whole, once = hear_mono(tmp_path, removed=1)
    # The second voice has the end of the first utterance, and all of the last.
    first, *_, last = (u.span for u in whole.utterances)
    middle_s = (first.start_s + first.end_s) / 2
    use_voices(monkeypatch, (Span(middle_s, first.end_s), last))
    heard, clips = hear_mono(tmp_path, removed=1)
    before = {u.span for u in whole.utterances}
    known = [u for u in heard.utterances if u.span in before]
    assert known
    assert len(known) < len(heard.utterances)
    assert len(clips) - len(once) == len(heard.utterances) - len(known)
    assert heard.removed_texts == len(heard.utterances)


def test_where_roles_are_known_every_removed_piece_counts_once(tmp_path, monkeypatch):
    use_voices(monkeypatch, sample(8).speech[Role.CUSTOMER])
    monkeypatch.setattr("pipeline.hearing.assign_roles", lambda *_, **__: TOLD_APART)
    heard, _ = hear_mono(tmp_path, removed=2)
    assert {u.role for u in heard.utterances} == {Role.AGENT, Role.CUSTOMER}
    assert heard.removed_texts == 2 * len(heard.utterances)
