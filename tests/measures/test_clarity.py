from __future__ import annotations

import pytest

from pipeline.call import Role
from pipeline.dialogue import dialogue_call
from pipeline.measures.clarity import measure_clarity


def test_clarity_is_weighted_by_characters() -> None:
    call = dialogue_call("agent(heard 0.9): 您好请问有什么可以\ncustomer: 喂。\nagent(heard 0.3): 好的")
    assert measure_clarity(call, Role.AGENT).value == pytest.approx((8 * 0.9 + 2 * 0.3) / 10, abs=0.02)


@pytest.mark.parametrize(
    ("source", "reason"),
    [("agent: 您好。", "fewer than"), ("unknown: 您好，请问有什么可以帮您？", "which voice is whose")],
)
def test_unmeasurable(source: str, reason: str) -> None:
    measured = measure_clarity(dialogue_call(source), Role.AGENT)
    assert measured.value is None
    assert reason in (measured.reason or "")


def test_call_duration_is_measured() -> None:
    call = dialogue_call("agent: 您好。\n[silence 20]\ncustomer: 喂。")
    measured = call.measure("call_duration")
    assert measured is not None
    assert measured.value == pytest.approx(call.duration_s)
