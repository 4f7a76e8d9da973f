"""Cutting speech into what the recogniser hears in one piece."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.spans import Span, subtract, total_s, union
from pipeline.speech.utterances import MAX_UTTERANCE_S, cut_utterances

NOBODY = ()


def test_pauses_inside_a_sentence_are_joined():
    assert cut_utterances((Span(0, 2), Span(3.2, 5)), NOBODY) == (Span(0, 5),)
    assert cut_utterances((Span(0, 2), Span(4, 5)), NOBODY) == (Span(0, 2), Span(4, 5))


def test_the_other_party_taking_the_floor_ends_an_utterance():
    own = (Span(0, 2), Span(3.2, 5))
    assert cut_utterances(own, (Span(2.1, 3.0),)) == (Span(0, 2), Span(3.2, 5))
    assert cut_utterances(own, (Span(2.4, 2.8),)) == (Span(0, 5),)


def test_being_talked_over_ends_an_utterance_only_after_a_second():
    talked_over = (Span(1.8, 4.5),)
    assert cut_utterances((Span(0, 2), Span(2.8, 5)), talked_over) == (Span(0, 5),)
    assert cut_utterances((Span(0, 2), Span(3.2, 5)), talked_over) == (Span(0, 2), Span(3.2, 5))


def test_long_speech_is_cut_at_a_long_pause_near_the_middle():
    own = (Span(0, 3), Span(3.9, 14), Span(14.8, 28))
    assert cut_utterances(own, NOBODY) == (Span(0, 14), Span(14.8, 28))


def test_speech_without_a_pause_is_cut_evenly():
    pieces = cut_utterances((Span(0, 60),), NOBODY)
    assert [round(p.duration_s, 3) for p in pieces] == [20.0, 20.0, 20.0]


lengths = st.floats(min_value=0.2, max_value=40.0)
speech = st.lists(st.tuples(lengths, st.floats(min_value=0.31, max_value=3.0)), min_size=1, max_size=10)


@given(speech)
def test_nothing_is_lost_and_nothing_is_too_long(parts):
    spans, at = [], 0.0
    for length, pause in parts:
        spans.append(Span(at, at + length))
        at += length + pause
    pieces = cut_utterances(tuple(spans), NOBODY)
    assert subtract(spans, pieces) == ()
    assert all(p.duration_s <= MAX_UTTERANCE_S + 1e-9 for p in pieces)
    assert all(a.end_s <= b.start_s for a, b in pairwise(pieces))
    assert total_s(pieces) >= total_s(union(spans))
