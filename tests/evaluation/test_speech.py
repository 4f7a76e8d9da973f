from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.pairs import match_turns
from pipeline.evaluation.speech import count_frames, measure_speech, measure_starts
from pipeline.evaluation.stored import StoredUtterance
from pipeline.spans import Span, union

from .cases import AGENT, CUSTOMER, pair, perfect, truth_call, turn, with_events, without

CALL = truth_call([turn(AGENT, 1.0, 4.0), turn(CUSTOMER, 5.0, 9.0)])
CENTISECONDS = st.integers(0, 500).map(lambda n: n / 100)
SPANS = st.lists(st.tuples(CENTISECONDS, CENTISECONDS).map(lambda p: Span(min(p), max(p))), max_size=6).map(
    union
)


def _values(outcome):
    return {row.name: row.value for row in outcome.rows}


def test_identical_speech_scores_1():
    outcome = measure_speech([pair(CALL)])
    assert _values(outcome) == {"speech F1, agent": 1.0, "speech F1, customer": 1.0}
    assert outcome.disagreements == ()
    assert all(row.reached for row in outcome.rows)


def test_speech_moved_by_200_ms_loses_its_edges():
    # 3 s of agent speech: 280 of 300 frames in common.
    outcome = measure_speech([pair(CALL, perfect(CALL, shift_s=0.2))])
    assert _values(outcome)["speech F1, agent"] == pytest.approx(280 / 300)
    assert [(d.call_id, d.subject) for d in outcome.disagreements] == [("c1", "agent")]


def test_frames_are_pooled_over_calls():
    # Call 1 has all of 300 agent frames, call 2 has none of 300: F1 = 600 / 900.
    second = truth_call([turn(AGENT, 1.0, 4.0)], call_id="c2")
    outcome = measure_speech([pair(CALL), pair(second, without(perfect(second), "speech"))])
    assert _values(outcome)["speech F1, agent"] == pytest.approx(600 / 900)
    assert "worst c2 0.000" in outcome.rows[0].detail


def test_only_calls_with_separate_channels_count():
    mono = truth_call([turn(AGENT, 1.0, 4.0)], channels="mono")
    outcome = measure_speech([pair(mono, without(perfect(mono), "speech"))])
    assert outcome.rows[0].value is None
    assert outcome.rows[0].reached is None


def test_leaking_calls_count_and_are_shown_apart():
    leak = truth_call([turn(AGENT, 1.0, 4.0)], call_id="c2", form="leak")
    outcome = measure_speech([pair(CALL), pair(leak, without(perfect(leak), "speech"))])
    assert "leak 0.000, stereo 1.000" in outcome.rows[0].detail


def test_a_frame_is_speech_when_its_centre_is():
    # [0.004, 0.016) holds the centres 0.005 and 0.015; [0.006, 0.014) holds none.
    counts = count_frames((Span(0.004, 0.016),), (Span(0.006, 0.014),))
    assert (counts.both, counts.predicted_only, counts.truth_only) == (0, 0, 2)


@given(SPANS, SPANS)
def test_f1_is_symmetric_bounded_and_1_on_identity(one, other):
    there, back = count_frames(one, other).f1, count_frames(other, one).f1
    assert there == back
    assert there is None or 0 <= there <= 1
    assert count_frames(one, one).f1 in (None, 1.0)


def test_starts_moved_by_200_ms_are_200_ms_off():
    outcome = measure_starts([pair(CALL, perfect(CALL, shift_s=0.2))])
    values = _values(outcome)
    assert values["utterance start, median error"] == pytest.approx(0.2)
    assert values["utterance start, p90 error"] == pytest.approx(0.2)
    assert values["turns missed"] == 0
    assert outcome.rows[0].reached is False


def test_a_turn_in_pieces_matches_its_first_piece():
    stored = perfect(truth_call([turn(CUSTOMER, 5.0, 9.0)]))
    pieces = tuple(StoredUtterance(AGENT, Span(*times), "") for times in ((1.1, 1.5), (1.7, 4.0)))
    matched = match_turns(pair(CALL, _with_utterances(stored, pieces)), AGENT)
    assert matched[0][1] == pieces[0]


def test_of_two_turns_heard_as_one_the_second_is_missed():
    call = truth_call([turn(AGENT, 1.0, 4.0), turn(AGENT, 5.0, 20.0)])
    merged = _with_utterances(perfect(call), (StoredUtterance(AGENT, Span(1.0, 20.0), ""),))
    outcome = measure_starts([pair(call, merged)])
    assert _values(outcome)["turns missed"] == 0.5
    assert _values(outcome)["utterance start, median error"] == 0
    assert [(d.truth, d.predicted) for d in outcome.disagreements] == [("5.00", "none")]


def test_an_utterance_of_the_other_role_does_not_match():
    call = truth_call([turn(AGENT, 1.0, 4.0)])
    swapped = _with_utterances(perfect(call), (StoredUtterance(CUSTOMER, Span(1.0, 4.0), ""),))
    assert _values(measure_starts([pair(call, swapped)]))["turns missed"] == 1.0


def test_backchannels_need_no_match():
    call = truth_call([turn(AGENT, 1.0, 4.0), turn(AGENT, 6.0, 6.4, "嗯", backchannel=True)])
    heard = _with_utterances(perfect(call), perfect(call).utterances[:1])
    assert _values(measure_starts([pair(call, heard)]))["turns missed"] == 0


def test_noise_taken_for_speech_costs_precision():
    outcome = measure_speech([pair(CALL, with_events(perfect(CALL), "speech", (20.0, 23.0), role=AGENT))])
    assert outcome.rows[0].value == pytest.approx(600 / 900)
    assert "precision 0.500, recall 1.000" in outcome.rows[0].detail


def _with_utterances(call, utterances):
    return replace(call, utterances=utterances)
