import pytest

from pipeline.evaluation.interruptions import measure_interruptions

from .cases import AGENT, CUSTOMER, pair, perfect, truth_call, turn, with_events, without

TURNS = [turn(CUSTOMER, 5.0, 9.0, cut_off=True), turn(AGENT, 8.7, 14.0, interrupts=True)]
OVERLAPS = [
    {"kind": "interruption", "by": "agent", "start": 8.7, "end": 9.0},
    {"kind": "talk_over", "by": "customer", "start": 13.0, "end": 14.0},
]
CALL = truth_call(TURNS, overlaps=OVERLAPS)


def _measure(stored):
    outcome = measure_interruptions([pair(CALL, stored)])
    return [row.value for row in outcome.rows[:2]], outcome.disagreements


def test_identical_interruptions_score_1():
    assert _measure(perfect(CALL)) == ([1.0, 1.0], ())


@pytest.mark.parametrize(
    ("span", "matches"), [((9.7, 12.0), True), ((9.8, 12.0), False), ((7.0, 8.8), True), ((7.0, 8.6), False)]
)
def test_starts_within_1_s_or_an_overlap_match(span, matches):
    stored = with_events(without(perfect(CALL), "interruption"), "interruption", span, role=AGENT)
    assert _measure(stored)[0] == ([1.0, 1.0] if matches else [0.0, 0.0])


def test_the_role_must_be_that_of_the_one_who_interrupts():
    stored = with_events(without(perfect(CALL), "interruption"), "interruption", (8.7, 9.0), role=CUSTOMER)
    assert _measure(stored)[0] == [0.0, 0.0]


def test_a_talk_over_taken_for_an_interruption_is_wrong():
    values, disagreements = _measure(with_events(perfect(CALL), "interruption", (13.0, 14.0), role=CUSTOMER))
    assert values == [0.5, 1.0]
    assert [(d.truth, d.predicted) for d in disagreements] == [("talk_over", "interruption")]


def test_an_interruption_taken_for_a_talk_over_is_missed_and_says_so():
    stored = with_events(without(perfect(CALL), "interruption"), "talk_over", (8.7, 9.0), role=AGENT)
    values, disagreements = _measure(stored)
    assert values == [None, 0.0]
    assert [(d.truth, d.predicted) for d in disagreements] == [("interruption", "talk_over")]


def test_one_prediction_matches_one_interruption():
    twice = truth_call(TURNS, overlaps=[OVERLAPS[0], OVERLAPS[0] | {"start": 9.2, "end": 9.5}])
    stored = with_events(without(perfect(twice), "interruption"), "interruption", (8.7, 9.5), role=AGENT)
    outcome = measure_interruptions([pair(twice, stored)])
    assert [row.value for row in outcome.rows[:2]] == [1.0, 0.5]


def test_without_overlaps_the_turns_tell():
    call = truth_call(TURNS)
    assert [row.value for row in measure_interruptions([pair(call)]).rows[:2]] == [1.0, 1.0]


@pytest.mark.parametrize("form", ["leak", "dual", "mono"])
def test_only_clean_separate_channels_count(form):
    call = truth_call(TURNS, overlaps=OVERLAPS, form=form)
    assert [row.value for row in measure_interruptions([pair(call)]).rows] == [None, None, None]


@pytest.mark.parametrize(("span", "share"), [((6.0, 6.6), 1.0), ((7.0, 7.5), 0.0)])
def test_a_backchannel_called_an_interruption_is_counted(span, share):
    call = truth_call([*TURNS, turn(AGENT, 6.0, 6.5, "嗯", backchannel=True)], overlaps=OVERLAPS)
    stored = with_events(perfect(call), "interruption", span, role=AGENT)
    row = measure_interruptions([pair(call, stored)]).rows[2]
    assert (row.name, row.value) == ("backchannels called interruptions", share)
