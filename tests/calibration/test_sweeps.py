from dataclasses import replace

import pytest

from pipeline.calibration import sweep_clause
from pipeline.call import Verdict
from pipeline.dialogue import dialogue_call
from pipeline.errors import ConfigError
from pipeline.rulebook import load_rulebook

SAID = "agent: 已经为您登记了，师傅明天上午上门，请您放心，有什么问题可以随时联系我们。\ncustomer: 好的。"
PACES = {"slow": 80, "even": 120, "brisk": 180, "fast": 240, "rushed": 300}


@pytest.fixture(scope="module")
def calls():
    made = []
    for name, pace in PACES.items():
        call = dialogue_call(f"@pace {pace}\n{SAID}")
        made.append(replace(call, record=replace(call.record, call_id=name)))
    return made


@pytest.fixture(scope="module")
def book():
    return load_rulebook("dinghao-380")


# Graders who find 180 still moderate.
TRUTH = {name: Verdict.FAIL if pace in (80, 240, 300) else Verdict.PASS for name, pace in PACES.items()}


def test_the_threshold_graders_have_in_mind_is_found(calls, book):
    sweep = sweep_clause(calls, TRUTH, book, "OPS-01", "at_most")
    assert sweep.now == 160
    assert 180 < sweep.best.value < 240
    assert sweep.best.agreed.value == 1.0
    now = next(p for p in sweep.points if p.value == 160)
    assert (now.precision.value, now.recall.value) == (pytest.approx(3 / 4), 1.0)


def test_values_may_be_given_and_the_present_one_is_always_among_them(calls, book):
    sweep = sweep_clause(calls, TRUTH, book, "OPS-01", "at_most", (200.0, 260.0))
    assert [p.value for p in sweep.points] == [160, 200, 260]
    assert [p.recall.value for p in sweep.points] == [1.0, 1.0, pytest.approx(2 / 3)]


def test_other_kinds_of_check_are_swept_by_their_own_options(calls, book):
    truth = dict.fromkeys(TRUTH, Verdict.NOT_APPLICABLE)
    sweep = sweep_clause(calls, truth, book, "OPS-25", "every_s", (10.0, 20.0))
    assert [p.agreed.value for p in sweep.points] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("rule_id", "option", "values", "said"),
    [
        ("OPS-99", "at_most", (), "no clause OPS-99"),
        ("OPS-01", "at_mots", (), "no option at_mots; it has .*at_most"),
        ("OPS-01", "measure", (), "not a number"),
        ("OPS-01", "at_most", (50.0,), "at_most 50.0 is refused: .*exceeds"),
    ],
)
def test_what_cannot_be_swept_is_said(calls, book, rule_id, option, values, said):
    with pytest.raises(ConfigError, match=said):
        sweep_clause(calls, TRUTH, book, rule_id, option, values)
