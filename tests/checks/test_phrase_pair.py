from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.phrase_pair import PhrasePair
from pipeline.dialogue import dialogue_call

HELPLESS = PhrasePair(
    habitual=("我[们][也]没[有]办法",),
    professional=("(暂时|目前)还没有(解决方案|解决办法)",),
    near=("没办法",),
    allowed=("如果我没办法",),
    suggest="对不起，我们暂时还没有解决方案",
)
NAME = PhrasePair(
    habitual=("(你|您)[的]名字叫什么", "叫什么名字"),
    professional=("可以知道(您|你)的名字吗",),
    suggest="请问，我可以知道您的名字吗",
)


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (HELPLESS, "agent: 房间满了，我也没办法。", FAIL),
        (HELPLESS, "agent: 房间满了，我们没有班法。", FAIL),
        (HELPLESS, "agent: 对不起，我们目前还没有解决方案。", PASS),
        (HELPLESS, "agent: 目前还没有解决办法，我没办法。", FAIL),
        (HELPLESS, "agent: 房间已经为您换好了。", NOT_APPLICABLE),
        (HELPLESS, "customer: 我没办法才打来的。\nagent: 我来帮您想办法。", NOT_APPLICABLE),
        (HELPLESS, "agent: 房间满了，那没办法。", UNDETERMINED),
        (HELPLESS, "agent: 您刚才说我没办法，是吗？", NOT_APPLICABLE),
        (HELPLESS, "agent: 我们绝不会对您说“我没办法”。", NOT_APPLICABLE),
        (HELPLESS, "agent: 如果我没办法处理，会请经理回电。", NOT_APPLICABLE),
        (HELPLESS, "unknown: 满了，我没办法。\nunknown: 那我去别家问问看吧。", UNDETERMINED),
        (HELPLESS, "unknown: 我们目前还没有解决方案。\nunknown: 那我去别家问问看吧。", PASS),
        (HELPLESS, "agent(heard 0.3): 房间已经为您换好了。", UNDETERMINED),
        (HELPLESS, "agent: 我有办法。", NOT_APPLICABLE),
        (NAME, "agent: 你叫什么名字？", FAIL),
        (NAME, "agent: 请问，您叫什么名字？", NOT_APPLICABLE),
        (NAME, "agent: 您叫什么名字，告诉我好吗？", FAIL),
        (NAME, "agent: 可以知道您的名字吗？", PASS),
    ],
)
def test_phrase_pair(check: PhrasePair, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


def test_a_fail_shows_where_and_what_to_say_instead() -> None:
    outcome = HELPLESS.judge(dialogue_call("customer: 能换吗？\nagent: 我没办法。"))
    assert outcome.verdict is FAIL
    assert HELPLESS.suggest in outcome.reason
    assert outcome.quote == "我没办法"
    assert outcome.span is not None


def test_what_is_said_more_like_a_near_variant_is_not_a_hit() -> None:
    wrong = PhrasePair(
        habitual=("你自己想错了吧",),
        professional=("我没说清楚",),
        near=("你自己看错了吧",),
        suggest="我没说清楚",
    )
    assert verdict(wrong, "agent: 你自己想错了吧。") is FAIL
    assert verdict(wrong, "agent: 你自己看错了吧。") is UNDETERMINED


def test_the_coaching_text_is_required() -> None:
    with pytest.raises(ValidationError, match="suggest"):
        PhrasePair.model_validate({"habitual": ["我没办法"], "professional": ["没有解决方案"]})
