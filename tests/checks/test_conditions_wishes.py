from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

CASES = [
    ("cancellation", "customer: 我想把家里的固话停了。", True),
    ("cancellation", "customer: 帮我注销这张卡。", True),
    ("cancellation", "customer: 我想把家里的宽带去校。", True),
    ("cancellation", "customer: I want to cancel my broadband, please.", True),
    ("cancellation", "customer: 那我会员也不要了，取消吧。", True),
    ("cancellation", "customer: 孩子的英语课不上了，剩下的钱能退吗？", True),
    ("cancellation", "customer: 停车位我不续租了。", True),
    ("cancellation", "customer: 老家那台机顶盒没人用，麻烦给停掉。", True),
    ("cancellation", "customer: 我打算把号码转去别家。", True),
    ("cancellation", "customer: 店不开了，想消户。", True),
    ("cancellation", "customer: 你把电话转到别的部门吧。", False),
    ("cancellation", "customer: 帮我取消明天的预约。", False),
    ("cancellation", "customer: 酒店房间我不要了，退了吧。", False),
    ("cancellation", "customer: 航班取消了，我想问怎么报销。", False),
    ("cancellation", "customer: 你们怎么把我的宽带停了？", False),
    ("cancellation", "customer: 我不想取消宽带，就问问价格。", False),
    ("cancellation", "agent: 嫌慢你就取消宽带。\ncustomer: 你怎么说话的？", False),
    ("cancellation", "unknown: 我想把家里的固话停了。", None),
    ("stated_need", "customer: 有没有便宜一点的套餐？", True),
    ("stated_need", "customer: 流量老是不够用。", True),
    ("stated_need", "customer: 老人家用的，不要太贵。", True),
    ("stated_need", "customer: 我的快递到哪了？", False),
    ("stated_need", "customer: 找个合适的时间给我打电话。", False),
    ("stated_need", "unknown: 有没有便宜一点的套餐？", None),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions_about_wishes(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, occasion.reason
    assert occasion.reason
