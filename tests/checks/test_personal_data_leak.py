from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.evidence.digits import digit_runs
from pipeline.checks.personal_data_leak import PersonalDataLeak
from pipeline.dialogue import dialogue_call
from pipeline.privacy.forms import card_number, identity_number, mobile_number

CARD = "六二二二，零二一零，零一一一，六二四五，七零二"
LONG = "七三一二，零零四五，八八二一，九零零六"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 您的身份证是一一零一零五，一九四九一二三一，零零二X。", FAIL),
        ("agent: 我念一下，110105-1990-0307-2913，对吗？", FAIL),
        (f"customer: {CARD}。\nagent: 您的卡号是{CARD}，对吗？", FAIL),
        ("customer: 师傅电话多少？\nagent: 他的手机是一三八，零零一三，八零零零。", FAIL),
        ("agent: 您的身份证尾号是二九一三，手机尾号八零零零。", PASS),
        (f"customer: 单号{LONG}。\nagent: 好的，{LONG}。", PASS),
        ("customer: 我手机一三七二二零四五五一八。\nagent: 一三七，二二零四，五五一八，对吗？", PASS),
        ("agent: 您预留的手机是一三七，二二零四，五五一八。", PASS),
        ("agent: 客服热线是四零零，八八二，一一零零，四零零，八八二，一一零零。", PASS),
        ("agent: 一九九八年十月三日，一共一千二百三十四块五。", PASS),
        ("customer: 身份证是110105199003072913。\nagent: 好的，记下了。", PASS),
        (f"agent: 记一下，{LONG}。", UNDETERMINED),
        ("agent: 打这个，一三六，零八八一，二二七九。", UNDETERMINED),
        (f"@mono\nunknown: 银行卡号是{CARD}。\nunknown: 好的。", UNDETERMINED),
        ("customer: 喂？", NOT_APPLICABLE),
    ],
)
def test_personal_data_leak(source: str, wanted: Verdict) -> None:
    assert verdict(PersonalDataLeak(), source) is wanted


def test_numbers_are_known_by_their_check_digits() -> None:
    assert identity_number("11010519491231002X") is True
    assert identity_number("110105194912310021") is None
    assert identity_number("110105194913310021") is False
    assert card_number("4111111111111111")
    assert not card_number("4111111111111112")
    assert mobile_number("13800138000")
    assert not mobile_number("4008821100")


def test_a_number_read_in_groups_is_one_run() -> None:
    call = dialogue_call("agent: 三一零一零四。\ncustomer: 嗯。\nagent: 一九八八零七二一，然后二零四八。")
    agent = [u for u in call.utterances if u.role == "agent"]
    assert [run.digits for run in digit_runs(agent)] == ["310104198807212048"]
