from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

SPELT = "customer: 我姓张。\nagent: {}"
CASES = [
    ("name_spelled", SPELT.format("请问是弓长张吗？"), True),
    ("name_spelled", SPELT.format("是美丽的丽，对吗？"), True),
    ("name_spelled", SPELT.format("国家的国，庆祝的庆。"), True),
    ("name_spelled", SPELT.format("请问您的名字怎么写？"), True),
    ("name_spelled", SPELT.format("是哪个程？"), True),
    ("name_spelled", SPELT.format("三点水的江吗？"), True),
    ("name_spelled", SPELT.format("好的好的，没问题。"), False),
    ("name_spelled", SPELT.format("是的是的。"), False),
    ("name_spelled", SPELT.format("明天的航班没有了。"), False),
    ("name_spelled", SPELT.format("请问您要哪个？"), False),
    ("name_spelled", SPELT.format("我们的部门很小。"), False),
    ("name_spelled", SPELT.format("您说的您再说一遍。"), False),
    ("name_spelled", "agent: 您贵姓？\ncustomer: 弓长张。", False),
    ("name_spelled", "@mono\nunknown: 是弓长张吗？", None),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, occasion.reason
    if arises:
        assert occasion.quote == source.rpartition("agent: ")[2]
