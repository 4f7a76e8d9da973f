from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.word_ratio import WordRatio

CHECK = WordRatio(word="您", instead_of="你", not_counted=("你们",))


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 您好，给您改好了。", PASS),
        ("agent: 您好，你们小区给您修好了。", PASS),
        ("agent: 您好，您看可以吗？您放心，给您办好了，你请留意短信。", PASS),
        ("agent: 你好，你要改哪天？", FAIL),
        ("agent: 你好，您说。", UNDETERMINED),
        ("agent: 你好，您说。你姓什么？您再说一遍。", FAIL),
        ("agent(heard 0.3): 你好，你要改哪天？", UNDETERMINED),
        ("agent: 你好。", UNDETERMINED),
        ("agent: 已经改好了。\ncustomer: 你真快。", NOT_APPLICABLE),
        ("agent(heard 0.2): 已经改好了。", UNDETERMINED),
        ("unknown: 你好，你要改哪天？", UNDETERMINED),
        ("unknown: 您好，给您改好了。", PASS),
    ],
)
def test_word_ratio(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


WORDING = WordRatio.model_validate(
    {
        "word": ["可以", "马上", "，我"],
        "instead_of": ["不行", "办不了", "，你"],
        "not_counted": ["，你好"],
        "pass_share": 0.6,
        "fail_share": 0.4,
        "min_for": 2,
        "min_against": 2,
    }
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 你好，可以的，马上为您办。", PASS),
        ("agent: 我帮您查，我来处理。", PASS),
        ("agent: 可以的。", UNDETERMINED),
        ("agent: 不行，办不了。", FAIL),
        ("agent: 你先填表，你再排队，可以吗？", FAIL),
        ("agent: 不行。", UNDETERMINED),
        ("agent: 给你，我看看你的单子。", UNDETERMINED),
        ("agent: 您的卡到了。", NOT_APPLICABLE),
    ],
)
def test_several_words_and_places(source: str, wanted: Verdict) -> None:
    assert verdict(WORDING, source) is wanted
