from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.address_by_name import AddressByName
from pipeline.dialogue import dialogue_call


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("customer: 我姓裴。\nagent: 裴女士，您好。", PASS),
        ("customer: 我姓蒋。\nagent: 将先升，您好。", PASS),
        ("customer: 我姓欧阳。\nagent: 欧阳先生，您好。", PASS),
        ("customer: 我叫胡大海。\nagent: 胡大海先生，您好。", PASS),
        ("@customer_name 高\ncustomer: 灯坏了。\nagent: 高先生，记下了。", PASS),
        ("customer: 灯坏了。\nagent: 高先生，记下了。", PASS),
        ("customer: 我姓裴。\nagent: 记下了，明天来修。", FAIL),
        ("agent: 请问怎么称呼您？\ncustomer: 胡大海。\nagent: 记下了，明天来修。", FAIL),
        ("agent: 请问您贵姓？\ncustomer: 姓胡。\nagent: 记下了，明天来修。", FAIL),
        ("customer: 我姓逄。\nagent: 记下了，明天来修。", FAIL),
        ("agent: 请问怎么称呼您？\ncustomer: 郗文。\nagent: 记下了，明天来修。", FAIL),
        ("customer: 我姓裴。\nagent: 先生您好，记下了。", UNDETERMINED),
        ("customer: 我姓裴。\nagent: 王先生，您好，记下了。", UNDETERMINED),
        ("customer(heard 0.4): 我姓裴。\nagent: 王先生，您好，记下了。", PASS),
        ("@customer_name 高\ncustomer: 灯坏了。\nagent: 王先生，记下了。", UNDETERMINED),
        ("@customer_name 高\ncustomer: 我姓裴。\nagent: 裴先生，高先生，记下了。", PASS),
        ("@customer_name 袁\ncustomer: 或姓员，灯坏了。\nagent: 记下了，明天来修。", FAIL),
        ("customer: 我姓裴。", UNDETERMINED),
        ("customer: 我姓裴。\nagent(heard 0.3): 记下了，明天来修。", UNDETERMINED),
        ("@customer_name 高\ncustomer: 灯坏了。\nagent: 记下了，明天来修。", UNDETERMINED),
        ("@direction outbound\n@customer_name 高\nagent: 您好，灯修好了。\ncustomer: 好。", FAIL),
        ("@direction outbound\n@customer_name 高\nagent: 请问是告诉你吗？\ncustomer: 是我。", UNDETERMINED),
        ("customer: 我叫车叫了半天。\nagent: 记下了。", NOT_APPLICABLE),
        ("customer: 你管我姓什么呢。\nagent: 这位先生，记下了。", NOT_APPLICABLE),
        ("customer: 灯坏了。\nagent: 不好意思先生，请您稍等。", NOT_APPLICABLE),
        ("customer: 灯坏了。\nagent: 没关系女士，马上来修。", NOT_APPLICABLE),
        ("customer: 我爱人姓高。\nagent: 请问先生是哪位？", NOT_APPLICABLE),
    ],
)
def test_address_by_name(source: str, wanted: Verdict) -> None:
    assert verdict(AddressByName(), source) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("@customer_name 高\ncustomer: 灯坏了。\nagent: 记下了，明天来修。", FAIL),
        ("@customer_name 高\ncustomer: 灯坏了。\nagent: 高女士，记下了。", PASS),
        ("@customer_name 高\nunknown: 灯坏了，怎么办？\nunknown: 记下了，明天来修。", FAIL),
        ("@customer_name 高\ncustomer: 灯坏了。\nagent(heard 0.3): 记下了，明天来修。", UNDETERMINED),
        ("customer: 灯坏了。\nagent: 记下了，明天来修。", NOT_APPLICABLE),
    ],
)
def test_a_logged_name_may_suffice(source: str, wanted: Verdict) -> None:
    assert verdict(AddressByName(logged_suffices=True), source) is wanted


def test_a_name_that_only_sounds_like_it_is_less_sure() -> None:
    same, alike = (
        AddressByName().judge(dialogue_call(f"customer: 我姓李，灯坏了。\nagent: {name}先生，您好，记下了。"))
        for name in "李刘"
    )
    assert same.verdict is alike.verdict is PASS
    assert alike.confidence < 0.7 < same.confidence
