from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.dictation import Dictation

CHECK = Dictation(ask=("(麻烦|请)您记录[一下]",), near=("你记一下",), confirm=("请记录", "记下了吗"))
NUMBER = "零二幺，六六五五，四三二幺"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (f"agent: 麻烦您记录一下，好吗？\ncustomer: 好。\nagent: 谢谢，请记录，{NUMBER}。", PASS),
        (f"agent: 麻烦您记录一下，{NUMBER}。\ncustomer: {NUMBER}，对吧？", PASS),
        (f"agent: 麻烦您记录一下，{NUMBER}。我再说一遍，{NUMBER}。", PASS),
        ("agent: 请您记录，地址是现代大道八十八号。\ncustomer: 现代大道八十八号，好。", PASS),
        ("agent: Please note, 请您记录一下, zero two one six six five five. 请记录。", PASS),
        (f"agent: 麻烦您记录一下，{NUMBER}。\ncustomer: 好。", UNDETERMINED),
        (f"agent: 你记一下，{NUMBER}。", UNDETERMINED),
        (f"agent: 电话是{NUMBER}。\ncustomer: 哦。", FAIL),
        ("agent: 电话是零二幺……六六五五……四三二幺。\ncustomer: 哦。", FAIL),
        ("agent: 电话是021-66554321。\ncustomer: 哦。", FAIL),
        (f"agent: 电话是{NUMBER}，麻烦您记录一下。\ncustomer: 哦。", UNDETERMINED),
        ("agent: 地址是现代大道八十八号，寄过来就行。", FAIL),
        (f"customer: 我的电话是{NUMBER}。\nagent: {NUMBER}，我记下了。", NOT_APPLICABLE),
        (
            "customer: 我的电话是零二幺六六五五四三二幺。\nagent: 好的，零二幺七七五五九三二幺。",
            NOT_APPLICABLE,
        ),
        ("agent: 您的手机号是幺三九零零零零幺二三四，对吗？", NOT_APPLICABLE),
        ("agent: 您预留的手机是幺三九零零零零幺二三四。", NOT_APPLICABLE),
        ("agent: 您拨九五五八八就可以，2026年10月以前都有效。", NOT_APPLICABLE),
        ("customer: 我住现代大道八十八号。\nagent: 地址是现代大道八十八号，我记下了。", NOT_APPLICABLE),
        (f"unknown: 电话是{NUMBER}。", UNDETERMINED),
    ],
)
def test_dictation(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


def test_length_of_a_long_number_is_an_option() -> None:
    source = "agent: 您拨九五五八八就可以。"
    assert verdict(Dictation(ask=("请您记录",), digits=5), source) is FAIL
