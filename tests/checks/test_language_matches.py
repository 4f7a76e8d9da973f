from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.language_matches import LanguageMatches

CHECK = LanguageMatches(
    apology=("(对不起|抱歉)…(英语|粤语|方言)", "sorry…english"),
    refusal=("你讲普通话", "听不懂"),
    near=("转接…英语",),
)
ENGLISH = "customer: Hello, I would like to book a room.\n"
CANTONESE = "customer: 我普通话讲得不好，能讲粤语吗？\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (ENGLISH + "agent: Certainly. For how many nights?", PASS),
        (ENGLISH + "agent: 抱歉，我的英语不太好，请您说慢一点。", PASS),
        (ENGLISH + "agent: Sorry, my English is not good.", PASS),
        (ENGLISH + "agent: 听不懂，你讲普通话。", FAIL),
        (ENGLISH + "agent: 请问您要订哪一天的房间？", FAIL),
        (ENGLISH + "agent: 我为您转接会英语的同事，请稍等。", UNDETERMINED),
        (ENGLISH + "agent: 好的。", UNDETERMINED),
        (ENGLISH + "agent(heard 0.3): 请问您要订哪一天的房间？", UNDETERMINED),
        (CANTONESE + "agent: 对不起，我的粤语讲得不好，我讲慢一点，好吗？", PASS),
        (CANTONESE + "agent(language yue): 可以，请问有咩可以帮到你？", PASS),
        (CANTONESE + "agent: 不行，你讲普通话。", FAIL),
        (CANTONESE + "agent: 可以的，请问您要订哪一天？", UNDETERMINED),
        ("customer: 我要订房间。\nagent: 请问订哪一天？", NOT_APPLICABLE),
        ("customer: OK，bye bye。\nagent: 再见。", NOT_APPLICABLE),
        ("unknown: Hello, I would like to book a room.\nunknown: 听不懂。", UNDETERMINED),
    ],
)
def test_language_matches(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted
