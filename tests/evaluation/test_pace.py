import pytest

from pipeline.evaluation.pace import gross_pace, measure_pace, net_pace

from .cases import AGENT, CUSTOMER, hold, pair, perfect, truth_call, turn, with_pace

# 11 characters, sounding 4 s of a turn of 6 s: net 165, gross 110 a minute.
UNITS = [["您", 1.0, 3.0], *(["好", 5.0 + i * 0.2, 5.2 + i * 0.2] for i in range(10))]
CALL = truth_call([turn(AGENT, 1.0, 7.0, unit_times=UNITS)])


def test_net_pace_leaves_pauses_out_and_gross_pace_keeps_them():
    assert net_pace(CALL, AGENT) == pytest.approx(165)
    assert gross_pace(CALL, AGENT) == pytest.approx(110)


def test_gross_pace_leaves_holds_inside_turns_out():
    held = truth_call([turn(AGENT, 1.0, 7.0, unit_times=UNITS)], holds=[hold((3.0, 5.0))])
    assert gross_pace(held, AGENT) == pytest.approx(165)


def test_backchannels_count_in_net_pace_only():
    call = truth_call(
        [turn(AGENT, 1.0, 3.0, "您好您好"), turn(AGENT, 10.0, 11.0, "嗯", backchannel=True)],
    )
    assert gross_pace(call, AGENT) == pytest.approx(120)
    assert net_pace(call, AGENT) == pytest.approx(100)


def test_turns_in_another_language_are_left_out():
    call = truth_call([turn(AGENT, 1.0, 3.0, "您好您好"), turn(AGENT, 4.0, 5.0, "Hello", lang="en")])
    assert gross_pace(call, AGENT) == pytest.approx(120)


@pytest.mark.parametrize("short", [turn(AGENT, 1.0, 4.0, "您好吗"), turn(AGENT, 1.0, 1.9, "您好您好")])
def test_under_4_characters_or_1_s_there_is_no_pace(short):
    call = truth_call([short])
    assert net_pace(call, AGENT) is None
    assert gross_pace(call, AGENT) is None
    assert net_pace(call, CUSTOMER) is None


def test_a_turn_cut_off_counts_its_units():
    call = truth_call([turn(AGENT, 1.0, 3.0, "您好您好") | {"text": "您好您好请问", "cut_off": True}])
    assert net_pace(call, AGENT) == pytest.approx(120)


def test_the_right_pace_has_no_error():
    stored = with_pace(with_pace(perfect(CALL), "net_pace", AGENT, 165.0), "gross_pace", AGENT, 110.0)
    outcome = measure_pace([pair(CALL, stored)])
    assert [row.value for row in outcome.rows] == pytest.approx([0, 0, 0, 0], abs=1e-9)
    assert outcome.disagreements == ()


def test_a_pace_a_fifth_too_high_is_off_by_a_fifth():
    stored = with_pace(with_pace(perfect(CALL), "net_pace", AGENT, 198.0), "gross_pace", AGENT, 110.0)
    outcome = measure_pace([pair(CALL, stored)])
    assert [row.value for row in outcome.rows] == pytest.approx([0.2, 0.2, 0, 0], abs=1e-9)
    assert [row.reached for row in outcome.rows] == [False, False, True, True]
    assert [(d.measure, d.truth, d.predicted) for d in outcome.disagreements] == [("net pace", "165", "198")]


def test_unmeasurable_paces_are_listed_with_their_reason():
    outcome = measure_pace([pair(CALL, with_pace(perfect(CALL), "net_pace", AGENT, None, "too noisy"))])
    assert [row.value for row in outcome.rows] == [None, None, None, None]
    reasons = [(d.measure, d.predicted, d.reason) for d in outcome.disagreements]
    assert reasons == [
        ("net pace", "unmeasurable", "too noisy"),
        ("gross pace", "unmeasurable", "not measured"),
    ]
    assert "1 unmeasurable" in outcome.rows[0].detail
