from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.phrase_count import PhraseCount

SORRY = PhraseCount(
    phrases=("对不起 / 抱歉",),
    not_counted=("对不起让您久等",),
    near=("添麻烦",),
    after="complaint",
    at_least=1,
    at_most=2,
    fail_above=3,
)
ANYWHERE = PhraseCount(phrases=("谢谢您",), at_least=2, fail_below=1)
UPSET = "customer: 我要投诉，你们的护士态度太差了。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (SORRY, f"{UPSET}agent: 非常抱歉，我马上核实。", PASS),
        (SORRY, f"{UPSET}agent: 对不起，真的很抱歉。", PASS),
        (SORRY, f"{UPSET}agent: 对不起，抱歉。\ncustomer: 嗯。\nagent: 真的对不起。", UNDETERMINED),
        (SORRY, f"{UPSET}agent: 对不起，抱歉。\ncustomer: 嗯。\nagent: 对不起，抱歉，对不起。", FAIL),
        (SORRY, f"{UPSET}agent: 哪个护士？说清楚一点。", FAIL),
        (SORRY, f"{UPSET}agent: 对不起，让您久等了，您说吧。", FAIL),
        (SORRY, f"agent: 抱歉，您请讲。\n{UPSET}agent: 哪个护士？说清楚一点。", FAIL),
        (SORRY, f"{UPSET}agent: 给您添麻烦了，我马上核实。", UNDETERMINED),
        (SORRY, f"{UPSET}agent(heard 0.3): 哪个护士？说清楚一点。", UNDETERMINED),
        (SORRY, f"agent: 您好。\n{UPSET}", UNDETERMINED),
        (SORRY, "unknown: 我要投诉，你们的护士态度太差了。\nunknown: 抱歉，我马上核实。", UNDETERMINED),
        (SORRY, "customer: 我想约个牙科。\nagent: 好的，请问哪天？", NOT_APPLICABLE),
        (ANYWHERE, "agent: 谢谢您。\ncustomer: 好。\nagent: 谢谢您的配合。", PASS),
        (ANYWHERE, "agent: 谢谢您。\ncustomer: 好。\nagent: 请讲。", UNDETERMINED),
        (ANYWHERE, "agent: 您好。\ncustomer: 好。\nagent: 请讲。", FAIL),
    ],
)
def test_phrase_count(check: PhraseCount, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


@pytest.mark.parametrize(
    "options",
    [{"at_least": 3, "at_most": 2}, {"fail_below": 2}, {"fail_above": 4}, {"after": "full_moon"}],
)
def test_phrase_count_rejects_options_that_contradict(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PhraseCount.model_validate({"phrases": ["抱歉"], **options})
