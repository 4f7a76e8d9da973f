from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.answer_within import AnswerWithin
from pipeline.dialogue import dialogue_call

ASKED = AnswerWithin(to="customer_asks")
GREETED = AnswerWithin(to="customer_greets", forbidden=("有什么事说吧",))
OPENING = "agent: 您好，请问有什么可以帮您？\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (ASKED, f"{OPENING}customer: 押金什么时候退？\nagent(+2): 三天以内。", PASS),
        (ASKED, f"{OPENING}customer: 押金什么时候退？\nagent(+8): 三天以内。", FAIL),
        (ASKED, f"{OPENING}customer: 押金什么时候退？\n[silence 9]", FAIL),
        (ASKED, f"{OPENING}customer: 押金什么时候退？\nagent(+5.3): 三天以内。", UNDETERMINED),
        (ASKED, f"{OPENING}customer: 押金什么时候退？", UNDETERMINED),
        (ASKED, f"{OPENING}customer: 押金什么时候退？\n[hold 9 typing]\nagent: 三天以内。", UNDETERMINED),
        (ASKED, f"{OPENING}customer: 我要退房。\nagent(+8): 好的。", NOT_APPLICABLE),
        (ASKED, "@mono\nunknown: 您好。\nunknown: 押金什么时候退？\nunknown(+8): 三天。", UNDETERMINED),
        (GREETED, f"{OPENING}customer: 你好。\nagent: 您好，请讲。", PASS),
        (GREETED, f"{OPENING}customer: 你好。\nagent: 有什么事，说吧。", FAIL),
        (GREETED, f"{OPENING}customer: 你好。\nagent(+7): 您好，请讲。", FAIL),
        (GREETED, f"{OPENING}customer: 你好。\ncustomer(+7): 有人吗？\nagent: 您好，请讲。", FAIL),
        (GREETED, f"{OPENING}customer: 你好。\ncustomer(+3): 有人吗？\nagent: 您好，请讲。", PASS),
        (GREETED, f"{OPENING}customer: 你好。\nagent(heard 0.5): 唯有神书。", UNDETERMINED),
    ],
)
def test_answer_within(check: AnswerWithin, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("agent(+5.3): 三天以内。", "as close to it as that needs a listener"),
        ("[hold 9 typing]\nagent: 三天以内。", "music or typing fills the wait"),
    ],
)
def test_what_is_left_open_says_why(source: str, why: str) -> None:
    outcome = ASKED.judge(dialogue_call(f"{OPENING}customer: 押金什么时候退？\n{source}"))
    assert (outcome.verdict, outcome.reason.split("; ")[-1]) == (UNDETERMINED, why)


def test_the_condition_must_exist() -> None:
    with pytest.raises(ValidationError, match="no such condition"):
        AnswerWithin(to="nobody_knows")
