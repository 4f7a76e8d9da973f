"""The automatic announcement is told from an agent who gives a number in person."""

import pytest

from pipeline.call import Role, Utterance
from pipeline.spans import Span
from pipeline.speech.announcement import announcement_end


def say(span: Span, text: str) -> Utterance:
    return Utterance(
        0, Role.UNKNOWN, span.start_s, span.end_s, text, text, len(text), span.duration_s, 0.9, "zh"
    )


SPEECH = (Span(4.0, 6.5), Span(7.2, 8.0), Span(8.6, 11.0))
PIECES = {
    6.5: "工号8008为您服务",
    8.0: "工号8008为您服务，您好",
    11.0: "工号8008为您服务，您好，请问有什么可以帮您",
}


def listen(span: Span) -> Utterance:
    return say(span, PIECES[span.end_s])


def test_it_ends_at_the_first_pause_by_which_it_is_complete():
    assert announcement_end(listen(Span(4.0, 11.0)), SPEECH, listen) == 6.5


def test_an_utterance_that_is_nothing_else_ends_with_it():
    first = say(Span(4.0, 6.5), "工号八零零八为您服务")
    assert announcement_end(first, (Span(4.0, 6.5),), listen) == 6.5


@pytest.mark.parametrize(
    "text", ["您好，请问有什么可以帮您？", "您好，很高兴为您服务，工号八零零八，请问有什么可以帮您？"]
)
def test_a_greeting_is_not_an_announcement(text):
    assert announcement_end(say(Span(4.0, 11.0), text), SPEECH, listen) is None


def test_a_homophone_does_not_hide_it():
    assert announcement_end(say(Span(4.0, 6.5), "公号8008位您服务"), (Span(4.0, 6.5),), listen) == 6.5
