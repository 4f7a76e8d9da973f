from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.evidence.pacing import asks_for_facts, mentions_details
from pipeline.checks.pace_of_turns import PaceOfTurns

BAND = {"at_least": 90, "at_most": 240, "fail_below": 60, "fail_above": 270, "min_chars": 8}
ASKING = PaceOfTurns.model_validate({"after": "asked_louder", "turns": "asking", **BAND})
ALL = PaceOfTurns.model_validate({"after": "asked_louder", **BAND})

TRIGGER = "agent(pace 320): 您好，请问有什么可以帮您？\ncustomer: 你声音太小了。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (ASKING, f"{TRIGGER}agent(pace 180): 请问您是哪一天寄的，什么东西？", PASS),
        (ASKING, f"{TRIGGER}agent(pace 330): 哪一天寄的，寄的什么东西？", FAIL),
        (ASKING, f"{TRIGGER}agent(pace 255): 哪一天寄的，寄的什么东西？", UNDETERMINED),
        (ASKING, f"{TRIGGER}agent(pace 330): 好的，您请稍等，好吗？", NOT_APPLICABLE),
        (ALL, f"{TRIGGER}agent(pace 330): 好的，您请稍等，好吗？", FAIL),
        (ALL, f"{TRIGGER}agent(pace 330): 好的。", UNDETERMINED),
        (ASKING, "agent(pace 330): 哪一天寄的，寄的什么东西？\ncustomer: 昨天。", NOT_APPLICABLE),
        (ALL, TRIGGER, NOT_APPLICABLE),
        (ALL, "unknown: 你声音太小了。\nunknown(pace 330): 哪一天寄的，什么东西？", UNDETERMINED),
    ],
)
def test_turns_after_an_occasion(check: PaceOfTurns, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("请您将详细情况告诉我，好吗？", True),
        ("是哪个师傅？", True),
        ("当时有没有拍照？", True),
        ("请问有什么可以帮您？", False),
        ("您稍等，好吗？", False),
        ("您听清楚了吗？", False),
        ("请问还有什么需要帮您的？", False),
        ("你问我，我问谁？", False),
    ],
)
def test_what_asks_for_facts(text: str, asks: bool) -> None:
    assert asks_for_facts(text) is asks


DETAILED = PaceOfTurns(turns="detailed", against="rest", at_most=0.9, fail_above=1.0)
GREETING = "agent(pace 220): 您好，请问有什么可以帮您？\ncustomer: 电话是多少？\n"
THANKS = "\ncustomer: 好的，谢谢。\nagent(pace 220): 不客气，请问还有什么可以帮您的？"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (f"{GREETING}agent(pace 130): 电话是零二一，五五六六七七八八。{THANKS}", PASS),
        (f"{GREETING}agent(pace 130): 电话是021-55667788。{THANKS}", PASS),
        (f"{GREETING}agent(pace 290): 电话是零二一五五六六七七八八。{THANKS}", FAIL),
        (f"{GREETING}agent(pace 210): 电话是零二一五五六六七七八八。{THANKS}", UNDETERMINED),
        (f"{GREETING}agent(pace 130): 每个月七十九元，下月一号生效。{THANKS}", PASS),
        (f"{GREETING}agent(pace 220): 网页的最下面就有，请您看一下。{THANKS}", NOT_APPLICABLE),
        ("agent: 电话是零二一五五六六七七八八。\ncustomer: 好的。", UNDETERMINED),
        (f"{GREETING.replace('agent', 'unknown')}unknown: 电话是零二一五五六六七七八八。", UNDETERMINED),
    ],
)
def test_details_against_the_rest(source: str, wanted: Verdict) -> None:
    assert verdict(DETAILED, source) is wanted


@pytest.mark.parametrize(
    ("text", "detailed"),
    [
        ("零二八六六三一", True),
        ("一共189元", True),
        ("三到五个工作日", True),
        ("下周三上午十点", True),
        ("中山路一百二十号", True),
        ("打八折", True),
        ("请您等一下", False),
        ("一个问题", False),
        ("我有一点事", False),
        ("第一次来吗", False),
    ],
)
def test_what_a_detail_is(text: str, detailed: bool) -> None:
    assert mentions_details(text) is detailed


LIMITS = {"at_least": 0.75, "at_most": 1.25, "fail_below": 0.6, "fail_above": 1.5, "min_chars": 15}
PACE = PaceOfTurns.model_validate({"against": "customer", **LIMITS})
MOVING = PaceOfTurns.model_validate({"against": "customer", "converging": True, **LIMITS})

ASKS = "我想问一下今天的讲座几点开始，在哪个教室。"
ANSWERS = "今天的讲座下午两点开始，在三楼的阶梯教室，请您提前入场。"


def talk(customer: int, *agent: int) -> str:
    turns = [f"customer(pace {customer}): {ASKS}\nagent(pace {pace}): {ANSWERS}" for pace in agent]
    return "\n".join(turns)


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (PACE, talk(200, 210), PASS),
        (PACE, talk(200, 270), UNDETERMINED),
        (PACE, talk(150, 300), FAIL),
        (PACE, talk(250, 120), FAIL),
        (PACE, "customer: 喂？\nagent: 您好，请问有什么可以帮您？", UNDETERMINED),
        (PACE, f"unknown: {ASKS}\nunknown: {ANSWERS}", UNDETERMINED),
        (MOVING, talk(180, 300, 200), PASS),
        (MOVING, talk(180, 240, 240), UNDETERMINED),
        (MOVING, talk(120, 300, 200), UNDETERMINED),
        (MOVING, talk(120, 240, 300), FAIL),
    ],
)
def test_the_pace_against_the_other_role(check: PaceOfTurns, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"after": "rainy_day", **BAND}, "after is one of"),
        ({**BAND, "fail_above": 100}, "needs fail_below"),
        ({**LIMITS, "against": "agent"}, "the other role"),
        ({**LIMITS, "against": "rest"}, "goes with turns: detailed"),
        ({**LIMITS, "converging": True}, "converging needs"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PaceOfTurns.model_validate(options)
