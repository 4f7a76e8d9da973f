from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

OPENING = "agent: 您好，请问有什么可以帮您？\n"
CASES = [
    ("silent_caller", f"{OPENING}[silence 5]\nagent: 您好，请讲。", True),
    ("silent_caller", f"{OPENING}customer(heard 0.3): 嗯。\nagent: 您好，请讲。", True),
    ("silent_caller", f"{OPENING}customer: 喂，你好。", False),
    ("silent_caller", "customer: 喂？", False),
    ("silent_caller", "@mono\nunknown: 您好，请讲。\n[silence 5]\nunknown: 喂，听得到吗？", True),
    ("silent_caller", "@mono\nunknown: 您好，请讲。\nunknown: 我要退房，押金什么时候能退？", False),
    ("silent_caller", "@mono\nunknown: 您好，请讲。", None),
    ("cannot_hear_agent", f"{OPENING}customer: 喂？喂喂？怎么没声音啊？", True),
    ("cannot_hear_agent", f"{OPENING}customer: 我听不见你说话，你那边是不是有问题？", True),
    ("cannot_hear_agent", f"{OPENING}customer: 为为为听不到啊", True),
    ("cannot_hear_agent", f"{OPENING}customer: 喂？能听见吗？我这儿一点声音都没有。", True),
    ("cannot_hear_agent", f"{OPENING}customer: 喂，没声啊，你说话呀。", True),
    ("cannot_hear_agent", f"{OPENING}customer: 喂？", False),
    ("cannot_hear_agent", f"{OPENING}customer: 手机没声了。", False),
    ("cannot_hear_agent", f"{OPENING}customer: 我家电视没有声音了，遥控器按了也不行。", False),
    ("cannot_hear_agent", f"{OPENING}customer: 打电话对方听不到，是不是手机坏了？", False),
    ("cannot_hear_agent", f"{OPENING}customer: 你声音太小了，大声一点。", False),
    ("caller_not_heard", f"{OPENING}customer: 我要退房。\nagent: 对不起，我听不清。", True),
    ("caller_not_heard", f"{OPENING}customer: 我听不清。", False),
    ("caller_still_not_heard", f"{OPENING}customer: 退房。\nagent: 听不清。", False),
    (
        "caller_still_not_heard",
        f"{OPENING}customer: 退房。\nagent: 听不清。\ncustomer: 退房！\nagent: 还是听不清。",
        True,
    ),
    ("hands_free_suspected", f"{OPENING}customer: 退房。\nagent: 请您拿起话筒说话，好吗？", True),
    ("hands_free_suspected", f"{OPENING}customer: 退房。\nagent: 好的。", False),
]


@pytest.mark.parametrize(("name", "source", "wanted"), CASES)
def test_line_trouble(name: str, source: str, wanted: bool | None) -> None:
    assert CONDITIONS[name](dialogue_call(source)).arises is wanted
