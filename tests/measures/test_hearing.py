"""Hearing quality: known answers, and that no part ever adds to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_calls import call as made_call

from pipeline.call import Call, Event, EventKind, Measurement, Role
from pipeline.measures.hearing import HEARING_NAMES, SPARED_S, WEIGHTS, hearing_quality, measure_hearing


def heard(**changes: Any) -> Call:
    """The made call, 6 s of speech, with every utterance changed."""
    call = made_call()
    return replace(call, utterances=tuple(replace(u, **changes) for u in call.utterances))


def part(call: Call, name: str) -> float | None:
    return next(m.value for m in measure_hearing(call) if m.name == name)


def test_a_clean_call_is_heard_in_full() -> None:
    call = heard(syllables=10)
    assert hearing_quality(measure_hearing(call)) == pytest.approx(1.0)
    assert {m.name for m in measure_hearing(call)} == set(HEARING_NAMES)


def test_an_unsure_recogniser_takes_the_quality_away() -> None:
    unsure = SPARED_S / (SPARED_S + 6.0)
    assert part(heard(confidence=0.3), "hearing_sure") == pytest.approx(unsure)
    assert hearing_quality(measure_hearing(heard(confidence=0.3))) == pytest.approx(unsure)


def test_speech_without_words_counts_against_it() -> None:
    call = made_call()
    lost = Event(EventKind.SPEECH, Role.CUSTOMER, 31.0, 37.0)
    call = replace(call, events=(*call.events, lost))
    assert part(call, "hearing_worded") == pytest.approx(0.5)
    assert part(call, "hearing_sure") == pytest.approx((6.0 + SPARED_S) / (12.0 + SPARED_S))


@pytest.mark.parametrize(
    ("language", "quality"), [("zh", 1.0), ("yue", 1.0), ("en", 1.0), ("de", 0.0), ("und", 0.0)]
)
def test_speech_no_rule_is_written_for_leaves_nothing(language: str, quality: float) -> None:
    assert hearing_quality(measure_hearing(heard(language=language))) == pytest.approx(quality)


@pytest.mark.parametrize(("snr", "line"), [(30.0, 1.0), (5.0, 0.5), (-3.0, 0.0)])
def test_a_noisy_line_takes_a_share_away(snr: float, line: float) -> None:
    call = replace(made_call(), measurements=(Measurement("snr", Role.CUSTOMER, snr, "dB"),))
    assert part(call, "hearing_line") == pytest.approx(line)
    expected = 1 - WEIGHTS["hearing_line"] * (1 - line)
    assert hearing_quality(measure_hearing(call)) == pytest.approx(expected)


@pytest.mark.parametrize(("per_character", "agrees"), [(1, 1.0), (1.3, 1.0), (4, 0.0), (0.25, 0.0)])
def test_counts_that_differ_widely_take_a_share_away(per_character: float, agrees: float) -> None:
    call = made_call()
    counted = tuple(replace(u, syllables=round(per_character * u.chars)) for u in call.utterances)
    assert part(replace(call, utterances=counted), "hearing_syllables") == pytest.approx(agrees)


def test_where_nobody_speaks_nothing_is_misheard() -> None:
    silent = replace(made_call(), utterances=(), events=())
    parts = measure_hearing(silent)
    assert all(m.value is None and m.reason for m in parts)
    assert hearing_quality(parts) == 1.0


def test_a_click_sinks_no_call() -> None:
    click = Event(EventKind.SPEECH, Role.AGENT, 1.0, 1.2)
    assert hearing_quality(measure_hearing(replace(made_call(), utterances=(), events=(click,)))) > 0.8


@given(st.lists(st.floats(0, 1), min_size=len(HEARING_NAMES), max_size=len(HEARING_NAMES)), st.integers(0, 5))
def test_the_quality_is_a_share_and_grows_with_every_part(values: list[float], better: int) -> None:
    def of(shares: list[float]) -> float:
        parts = [Measurement(n, None, v, "share") for n, v in zip(HEARING_NAMES, shares, strict=True)]
        return hearing_quality(parts)

    raised = [1.0 if i == better else v for i, v in enumerate(values)]
    assert 0.0 <= of(values) <= of(raised) <= 1.0
