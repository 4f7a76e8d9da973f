from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

CASES = [
    ("follow_up", "agent: 您好，我是燃气公司的，想回访一下您上周报修的灶具。", True),
    ("follow_up", "customer: 喂？\nagent: 您好，您投诉的快递丢失的事情已经处理完了。", True),
    ("follow_up", "customer: 喂？\nagent: 您好，您昨天反映的停水问题，我们查过了。", True),
    ("follow_up", "agent: 您好，您寄修的手表我们收到了。", True),
    ("follow_up", "agent: 喂，猫现在好点了吗？", True),
    ("follow_up", "agent: 您家的电梯装好了，您来验收一下。", True),
    ("follow_up", "agent: 您好，您订的蛋糕几点送方便？", False),
    ("follow_up", "agent: 您好，明天您家要停气两个小时。", False),
    ("follow_up", "customer: 喂？\nagent: 您好，您的体检报告出来了。\ncustomer: 我上周投诉的事呢？", False),
    ("follow_up", "unknown: 您好，想回访一下您上周报修的灶具。\nunknown: 修好了。", None),
    ("follow_up", "@direction inbound\nagent: 您好，想回访一下您上周报修的灶具。", False),
    ("follow_up", "@direction unknown\nagent: 您好，想回访一下您上周报修的灶具。", None),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions_about_calls(name: str, source: str, arises: bool | None) -> None:
    header = "" if "@direction" in source else "@direction outbound\n"
    occasion = CONDITIONS[name](dialogue_call(header + source))
    assert occasion.arises is arises
    assert occasion.reason
    if arises:
        assert occasion.moments
