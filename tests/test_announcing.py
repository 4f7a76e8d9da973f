"""An announcement leaves a channel's speech; what was said after it is recognised afresh."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.announcing import take_out_announcements
from pipeline.audio import RATE_HZ
from pipeline.call import Role, Utterance
from pipeline.composition import Channel
from pipeline.spans import Span

NUMBER, GREETING = "工号八零零八为您服务。", "您好，请问有什么可以帮您？"


def said(span: Span, text: str) -> Utterance:
    seconds = span.duration_s
    return Utterance(0, Role.UNKNOWN, span.start_s, span.end_s, text, text, len(text), seconds, 0.9, "zh")


def channel(*speech: Span, text: str) -> Channel:
    """A channel with noise for a voice, and one utterance over all of it."""
    rng = np.random.default_rng(8)
    samples = 0.0005 * rng.normal(size=20 * RATE_HZ)
    for span in speech:
        inside = slice(round(span.start_s * RATE_HZ), round(span.end_s * RATE_HZ))
        samples[inside] += 0.1 * rng.normal(size=len(samples[inside]))
    whole = Span(speech[0].start_s, speech[-1].end_s)
    voice = (whole,) if len(speech) > 1 and speech[1].start_s - speech[0].end_s < 0.3 else speech
    return Channel(samples.astype(np.float32), voice, utterances=(said(whole, text),))


def listen(spans: Sequence[Span]) -> list[Utterance]:
    return [said(s, NUMBER if s.end_s < 4.0 else GREETING) for s in spans]


@pytest.mark.parametrize("begins_s", [3.7, 3.25], ids=["pause", "pause that voice activity bridged"])
def test_speech_begins_after_it(begins_s):
    heard = channel(Span(0.5, 3.0), Span(begins_s, 6.0), text=GREETING)
    found = take_out_announcements(heard, listen, opens_by_s=6.0)
    (announcement,) = found.announcements
    assert announcement.kind == "number"
    assert announcement.span.end_s == pytest.approx(3.0, abs=0.03)
    assert [u.text for u in found.utterances] == [GREETING]
    assert found.utterances[0].start_s == pytest.approx(begins_s, abs=0.05)
    assert found.speech[0].start_s == pytest.approx(begins_s, abs=0.05)


def test_a_channel_without_one_stays_as_it_is():
    heard = channel(Span(0.5, 2.0), Span(5.0, 8.0), text="喂，你好。")

    def nothing(spans: Sequence[Span]) -> list[Utterance]:
        return [said(s, "喂，你好。") for s in spans]

    assert take_out_announcements(heard, nothing, opens_by_s=8.0) is heard


def test_what_comes_after_others_have_spoken_opens_nothing():
    heard = channel(Span(10.5, 13.0), Span(13.7, 16.0), text=NUMBER)
    assert take_out_announcements(heard, listen, opens_by_s=4.0) is heard
