from __future__ import annotations

import numpy as np
import pytest

from pipeline.call import Role
from pipeline.measures.drawl import measure_drawl, syllable_lengths
from pipeline.measures.pitch import HOP_S, Track
from pipeline.spans import Span, Spans

DIP = 0.06


def phrase(lengths: list[float]) -> np.ndarray:
    """Levels of syllables of these lengths, 12 dB dips around each border."""
    levels = np.full(round(sum(lengths) / HOP_S), -20.0)
    for border in np.cumsum(lengths)[:-1]:
        levels[round((border - DIP / 2) / HOP_S) : round((border + DIP / 2) / HOP_S)] = -32.0
    return levels


def track(phrases: list[list[float]]) -> tuple[Track, Spans]:
    levels, times, spans, now = [], [], [], 0.0
    for lengths in phrases:
        level = phrase(lengths)
        levels.append(level)
        times.append(now + HOP_S * np.arange(len(level)))
        spans.append(Span(now, now + HOP_S * len(level)))
        now = spans[-1].end_s + 1.0
    level_db = np.concatenate(levels)
    return Track(
        np.concatenate(times), np.full(len(level_db), 200.0), level_db, np.ones(len(level_db), dtype=bool)
    ), tuple(spans)


def test_syllables_are_cut_at_dips() -> None:
    lengths = syllable_lengths(phrase([0.2, 0.2, 0.2, 0.4]))
    assert len(lengths) == 4
    assert lengths[-1] == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(("last_s", "ratio"), [(0.2, 1.0), (0.4, 2.0), (0.6, 3.0)])
def test_drawl_is_the_last_syllable_over_the_others(last_s: float, ratio: float) -> None:
    measured = measure_drawl(*track([[0.2, 0.2, 0.2, last_s]] * 5), Role.AGENT)
    assert measured.value == pytest.approx(ratio, rel=0.15)
    assert measured.unit == "ratio"
    assert measured.coverage == pytest.approx(1.0)


def test_too_few_phrases() -> None:
    measured = measure_drawl(*track([[0.2, 0.2, 0.4]] * 3), Role.AGENT)
    assert measured.value is None
    assert measured.reason


def test_a_ripple_is_no_syllable() -> None:
    level = np.full(60, -20.0) + 1.5 * np.sin(np.arange(60))
    assert len(syllable_lengths(level)) == 1
