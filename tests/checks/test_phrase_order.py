from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.phrase_order import PhraseOrder

SORRY_FIRST = PhraseOrder(
    first=("对不起 / 抱歉",),
    then=("请问…(什么|哪|几)", "订单号多少"),
    near=("添麻烦",),
    not_counted=("抱歉让您久等", "请问还有什么"),
    after="complaint",
)
BOTH_OWED = PhraseOrder(first=("对不起 / 抱歉",), then=("订单号多少",), after="complaint", then_required=True)
ASK_FIRST = PhraseOrder(first=("请问…(什么|哪|几)",), then=("给您转投诉部",), first_required=False)
UPSET = "customer: 我要投诉，你们送来的蛋糕是坏的。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (SORRY_FIRST, f"{UPSET}agent: 非常抱歉，请问是哪家门店？", PASS),
        (SORRY_FIRST, f"{UPSET}agent: 非常抱歉，我马上给您换。", PASS),
        (SORRY_FIRST, f"{UPSET}agent: 请问是哪家门店？\ncustomer: 东门。\nagent: 抱歉。", FAIL),
        (SORRY_FIRST, f"{UPSET}agent: 请问是哪家门店？抱歉啊。", UNDETERMINED),
        (SORRY_FIRST, f"{UPSET}agent: 谁送的你找谁去。", FAIL),
        (SORRY_FIRST, f"{UPSET}agent: 订单号多少？抱歉，让您久等了。", FAIL),
        (SORRY_FIRST, f"agent: 抱歉。\n{UPSET}agent: 谁送的你找谁去。", FAIL),
        (SORRY_FIRST, f"{UPSET}agent: 给您添麻烦了，请问是哪家门店？", UNDETERMINED),
        (SORRY_FIRST, f"{UPSET}agent(heard 0.3): 谁送的你找谁去。", UNDETERMINED),
        (SORRY_FIRST, f"agent: 您好。\n{UPSET}", UNDETERMINED),
        (SORRY_FIRST, "customer: 我想订个蛋糕。\nagent: 请问要几寸的？", NOT_APPLICABLE),
        (BOTH_OWED, f"{UPSET}agent: 抱歉，订单号多少？", PASS),
        (BOTH_OWED, f"{UPSET}agent: 抱歉，马上给您换。", UNDETERMINED),
        (ASK_FIRST, "agent: 请问是哪一天？\ncustomer: 周三。\nagent: 给您转投诉部。", PASS),
        (ASK_FIRST, "agent: 给您转投诉部。\ncustomer: 先听我说。\nagent: 请问是哪一天？", FAIL),
        (ASK_FIRST, "unknown: 给您转投诉部。\nunknown: 请问是哪一天？", UNDETERMINED),
        (ASK_FIRST, "agent: 您说得对。", UNDETERMINED),
    ],
)
def test_phrase_order(check: PhraseOrder, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted
