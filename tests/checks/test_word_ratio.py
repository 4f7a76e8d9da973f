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
