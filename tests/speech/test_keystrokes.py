"""Quiet, in which small noises are looked for."""

from pipeline.spans import Span
from pipeline.speech.keystrokes import quiet_stretches


def test_quiet_is_what_neither_speech_nor_music_fills():
    quiet = quiet_stretches((Span(1, 2),), (Span(4, 6),), duration_s=8.0)
    assert quiet == (Span(0, 1), Span(2, 4), Span(6, 8))
