from __future__ import annotations

from dataclasses import replace

import pytest
from judged import FAIL, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Role, Verdict
from pipeline.checks.measure_in_band import MeasureInBand
from pipeline.dialogue import dialogue_call

PACE = MeasureInBand(measure="gross_pace", role=Role.AGENT, at_least=90, at_most=160, min_chars=10)
SAID = "agent: 已经为您登记了，师傅明天上午上门。\ncustomer: 好的。"


@pytest.mark.parametrize(
    ("pace", "wanted"), [(80, FAIL), (92, PASS), (120, PASS), (158, PASS), (165, FAIL), (300, FAIL)]
)
def test_pace(pace: int, wanted: Verdict) -> None:
    assert verdict(PACE, f"@pace {pace}\n{SAID}") is wanted


def test_too_little_or_nothing_to_measure() -> None:
    assert verdict(PACE, "@pace 300\nagent: 您好，请讲话。") is UNDETERMINED
    assert verdict(PACE, "customer: 喂？") is UNDETERMINED
    assert verdict(MeasureInBand(measure="level", at_most=1), SAID) is UNDETERMINED


def test_one_bound_will_do() -> None:
    slow = MeasureInBand(measure="answer_latency_max", role=Role.AGENT, at_most=5)
    assert verdict(slow, "customer: 我要报修。\nagent(+2): 好的。") is PASS
    assert verdict(slow, "customer: 我要报修。\nagent(+7): 好的。") is FAIL


@pytest.mark.parametrize(("coverage", "wanted"), [(1.0, FAIL), (0.6, FAIL), (0.5, UNDETERMINED)])
def test_a_measurement_of_too_little_of_the_speech_decides_nothing(coverage: float, wanted: Verdict) -> None:
    call = dialogue_call(f"@pace 300\n{SAID}")
    covering = tuple(replace(m, coverage=coverage) for m in call.measurements)
    assert PACE.judge(replace(call, measurements=covering)).verdict is wanted


@pytest.mark.parametrize("bounds", [{}, {"at_least": 5, "at_most": 4}])
def test_bounds_must_make_sense(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        MeasureInBand.model_validate({"measure": "gross_pace", **bounds})


def test_a_measure_that_does_not_exist_is_refused_with_the_known_names():
    with pytest.raises(ValueError, match=r"no such measure; known are .*answer_latency_median"):
        MeasureInBand(measure="answer_latency", at_most=1)


def test_a_single_bound_is_said_in_words():
    outcome = MeasureInBand(measure="gross_pace", role=Role.AGENT, at_most=300).judge(
        dialogue_call("@pace 120\nagent: 您好，请问有什么可以帮您？我帮您查一下您的订单，请您稍等。")
    )
    assert outcome.reason.endswith("the band is at most 300")


def test_the_evidence_of_a_first_response_is_the_wait_before_it() -> None:
    call = dialogue_call("customer: 喂？\nagent(+6): 您好，请讲。\ncustomer: 我要报修。\nagent: 好的。")
    first = call.by_role(Role.AGENT)[0]
    outcome = MeasureInBand(measure="first_response", role=Role.AGENT, at_most=3).judge(call)
    assert outcome.verdict is FAIL
    assert outcome.span is not None
    assert outcome.span.start_s < first.start_s - 3.0
    assert outcome.span.end_s == first.end_s
