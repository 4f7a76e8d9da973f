import pytest

from pipeline.evaluation.holds import measure_holds, speech_around
from pipeline.spans import Span

from .cases import AGENT, CUSTOMER, hold, pair, perfect, truth_call, turn, with_events, without

TURNS = [turn(AGENT, 1.0, 4.0), turn(CUSTOMER, 5.0, 9.0), turn(AGENT, 40.0, 44.0)]
CALL = truth_call(TURNS, holds=[hold((10.0, 22.0), (26.0, 39.5), kind="music")])


def _values(*pairs):
    outcome = measure_holds(pairs)
    return {row.name: row.value for row in outcome.rows}, outcome


def test_identical_holds_are_found_exactly():
    values, outcome = _values(pair(CALL))
    assert values["holds found"] == 1
    assert values["holds invented"] == 0
    assert values["hold edges within 0.5 s"] == 1
    assert values["hold edges, median error"] == 0
    assert outcome.disagreements == ()


def test_a_dropped_hold_is_missing():
    values, outcome = _values(pair(CALL, without(perfect(CALL), "hold")))
    assert values["holds found"] == 0
    assert values["hold edges within 0.5 s"] is None
    assert [(d.subject, d.predicted) for d in outcome.disagreements] == [("music at 10.0 s", "none")]


def test_a_hold_where_there_is_none_is_invented():
    values, outcome = _values(pair(CALL, with_events(perfect(CALL), "hold", (60.0, 75.0))))
    assert values["holds found"] == 1
    assert values["holds invented"] == 1
    assert outcome.disagreements[0].reason == "no hold there"


def test_predicted_holds_under_10_s_do_not_count():
    short = with_events(without(perfect(CALL), "hold"), "hold", (60.0, 69.0))
    values, _ = _values(pair(CALL, short))
    assert values["holds found"] == 0
    assert values["holds invented"] == 0


def test_a_true_hold_under_10_s_need_not_be_found_and_finding_it_invents_nothing():
    call = truth_call(TURNS, holds=[hold((10.0, 18.0))])
    heard_long = with_events(without(perfect(call), "hold"), "hold", (9.0, 20.0))
    for stored in (without(perfect(call), "hold"), heard_long):
        values, _ = _values(pair(call, stored))
        assert values["holds found"] is None
        assert values["holds invented"] == 0


def test_half_of_the_time_in_common_is_enough_and_less_is_not():
    # The true hold lasts 29.5 s.
    enough = with_events(without(perfect(CALL), "hold"), "hold", (10.0, 25.0))
    too_little = with_events(without(perfect(CALL), "hold"), "hold", (10.0, 24.0))
    assert _values(pair(CALL, enough))[0]["holds found"] == 1
    values, outcome = _values(pair(CALL, too_little))
    assert values["holds found"] == 0
    assert values["holds invented"] == 1
    assert "overlaps the hold 10.00–39.50 by too little" in outcome.disagreements[0].reason


def test_one_prediction_finds_one_hold():
    call = truth_call(TURNS, holds=[hold((10.0, 20.0)), hold((20.0, 30.0))])
    both = with_events(without(perfect(call), "hold"), "hold", (10.0, 30.0))
    values, _ = _values(pair(call, both))
    assert values["holds found"] == 0.5
    assert values["holds invented"] == 0


def test_edges_moved_by_200_ms_are_200_ms_off():
    values, _ = _values(pair(CALL, perfect(CALL, shift_s=0.2)))
    assert values["hold edges, median error"] == pytest.approx(0.2)
    assert values["hold edges within 0.5 s"] == 1


def test_edges_are_compared_with_the_speech_around_too():
    # Silent from the last word to the first: 1.0 s before and 0.5 s after the true edges.
    acoustic = with_events(without(perfect(CALL), "hold"), "hold", (9.0, 40.0))
    values, outcome = _values(pair(CALL, acoustic))
    assert values["hold edges, median distance from speech"] == 0
    assert values["hold edges, median error"] == pytest.approx(0.75)
    assert values["hold edges within 0.5 s"] == 0.5
    assert values["hold edges within 0.5 s of hold or speech"] == 1
    assert outcome.disagreements[0].reason == "1.00 s and 0.50 s off"


def test_speech_around_a_hold_may_lack_on_either_side():
    assert speech_around(CALL, Span(10.0, 39.5)) == (9.0, 40.0)
    assert speech_around(CALL, Span(50.0, 60.0)) == (44.0, None)
    assert speech_around(CALL, Span(0.0, 0.9)) == (None, 1.0)
