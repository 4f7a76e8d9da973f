from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

OPENING = "agent: 您好，请问有什么可以帮您？\n"
TRANSFER = "agent: 我帮您转接到理赔组，请稍等。\ncustomer: 好的。\n"
CASES = [
    ("customer_greets", f"{OPENING}customer: 哎，你好你好。", True),
    ("customer_greets", f"{OPENING}customer: 你好，我要退房。", False),
    ("customer_greets", f"customer: 你好。\n{OPENING}customer: 我要退房。", False),
    ("customer_greets", f"{OPENING}customer: 师傅你好，我要退房。\nagent: 您好，请问房号是多少？", True),
    ("customer_greets", f"{OPENING}customer: 你好，我要退房。\nagent: 请问房号是多少？", False),
    ("customer_greets", f"{OPENING}customer: 早上好，不对，中午好。", True),
    ("nuisance", "customer: 我是玉皇大帝，快来接驾。", True),
    ("nuisance", "customer: 我帮你看个手相吧。", True),
    ("nuisance", "customer: 我是张明的爱人，想问一下账单。", False),
    ("technical_fault", "customer: 耳机蓝牙连不上。", True),
    ("customer_greets", "@mono\nunknown: 请问有什么可以帮您？你好。\nunknown: 请讲。", None),
    ("customer_asks", f"{OPENING}customer: 押金什么时候退？", True),
    ("customer_asks", f"{OPENING}customer: 喂？听得到吗？", False),
    ("transfer", f"{TRANSFER}[hold 9 music]\nagent: 您好，理赔组。", True),
    ("transfer", TRANSFER, True),
    ("transfer", "agent: 那我给你转了啊。\n[hold 12 music]", True),
    ("transfer", "agent: 这笔钱我给您转过一次。\n[hold 12 music]\nagent: 好了。", False),
    ("handed_over", f"{TRANSFER}[hold 9 music]\nagent: 您好，理赔组。", True),
    ("handed_over", TRANSFER, True),
    ("handed_over", f"@hangup_side agent\n{TRANSFER}[hold 9 music]", False),
    ("handed_over", f"@hangup_side customer\n{TRANSFER}[hold 9 music]", True),
    ("transfer", f"{OPENING}customer: 帮我转账。\nagent: 好的，已经转好了。", False),
    ("holiday", f"@started_at 2026-10-01T09:00:00+08:00\n{OPENING}", True),
    ("holiday", f"@started_at 2026-10-06T09:00:00+08:00\n{OPENING}", False),
    ("holiday", OPENING, None),
]


@pytest.mark.parametrize(("name", "source", "wanted"), CASES)
def test_occasions(name: str, source: str, wanted: bool | None) -> None:
    assert CONDITIONS[name](dialogue_call(source)).arises is wanted
