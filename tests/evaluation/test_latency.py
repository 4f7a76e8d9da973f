from dataclasses import replace

import pytest

from pipeline.evaluation.latency import answers, measure_latency
from pipeline.spans import Span

from .cases import AGENT, CUSTOMER, hold, pair, perfect, truth_call, turn, without

TURNS = [turn(AGENT, 1.0, 4.0), turn(CUSTOMER, 5.0, 9.0), turn(AGENT, 9.6, 12.0)]
CALL = truth_call(TURNS)


def _latencies(call):
    return [answered.start_s - asked.end_s for asked, answered in answers(call)]


def test_a_change_from_customer_to_agent_is_an_answer():
    assert _latencies(CALL) == pytest.approx([0.6])


def test_an_answer_before_the_end_is_negative():
    assert _latencies(truth_call([turn(CUSTOMER, 5.0, 9.0), turn(AGENT, 8.5, 12.0)])) == pytest.approx([-0.5])


def test_backchannels_are_no_answers():
    listening = [*TURNS, turn(AGENT, 6.0, 6.4, "嗯", backchannel=True)]
    assert _latencies(truth_call(listening)) == pytest.approx([0.6])


def test_a_gap_with_a_hold_is_left_out():
    assert _latencies(truth_call(TURNS, holds=[hold((9.1, 9.5))])) == []
    assert _latencies(truth_call(TURNS, holds=[hold((20.0, 30.0))])) == pytest.approx([0.6])


def test_the_same_tables_have_no_error_and_moving_all_changes_nothing():
    for shift_s in (0.0, 0.2):
        outcome = measure_latency([pair(CALL, perfect(CALL, shift_s=shift_s))])
        assert [row.value for row in outcome.rows] == pytest.approx([0.0, 0.0], abs=1e-9)
        assert outcome.disagreements == ()


def test_an_agent_heard_late_makes_the_latency_long():
    stored = perfect(CALL)
    late = tuple(
        replace(u, span=Span(u.span.start_s + 0.7, u.span.end_s)) if u.role is AGENT else u
        for u in stored.utterances
    )
    outcome = measure_latency([pair(CALL, replace(stored, utterances=late))])
    assert outcome.rows[0].value == pytest.approx(0.7)
    assert [(d.truth, d.predicted) for d in outcome.disagreements] == [("0.60", "1.30")]


def test_a_customer_heard_too_short_makes_the_latency_long():
    stored = perfect(CALL)
    early = tuple(
        replace(e, span=Span(5.0, 8.7)) if e.kind == "speech" and e.role is CUSTOMER else e
        for e in stored.events
    )
    outcome = measure_latency([pair(CALL, replace(stored, events=early))])
    assert outcome.rows[0].value == pytest.approx(0.3)


def test_a_customer_not_heard_is_unmatched():
    outcome = measure_latency([pair(CALL, without(perfect(CALL), "speech"))])
    assert outcome.rows[0].value is None
    assert "0 answers, 1 unmatched" in outcome.rows[0].detail
    assert outcome.disagreements[0].predicted == "none"
