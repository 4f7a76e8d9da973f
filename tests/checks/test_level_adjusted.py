from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.level_adjusted import LevelAdjusted

AS_ASKED = LevelAdjusted()
CHECKED = LevelAdjusted(ask=("这样(能|可以)听(清|见)[楚]吗",))
QUIETER = LevelAdjusted(direction="quieter")
KEPT = LevelAdjusted(direction="unchanged", after="faint_caller")

OPENING = "agent(level -29): 您好，请问有什么可以帮您？\n"
LOUDER = f"{OPENING}customer: 你声音太小了，大声一点。\n"
FAINT = "agent(level -26): 您好，请讲。\ncustomer(level -55): 我要查一下水费。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (AS_ASKED, f"{OPENING}customer: 我要查水费。\nagent(level -29): 好的。", NOT_APPLICABLE),
        (AS_ASKED, f"{LOUDER}agent(level -24): 好的，您请说。", PASS),
        (AS_ASKED, f"{LOUDER}agent(level -29): 水费是六十元。", FAIL),
        (AS_ASKED, f"{LOUDER}agent(level -33): 水费是六十元。", FAIL),
        (AS_ASKED, f"{LOUDER}agent(level -27): 水费是六十元。", UNDETERMINED),
        (
            AS_ASKED,
            f"{LOUDER}agent(level -29): 好的，现在呢？\ncustomer: 现在听得清了。\nagent: 好的。",
            PASS,
        ),
        (AS_ASKED, f"{LOUDER}agent(level -29): 好的，现在呢？\ncustomer: 还是听不清楚。\nagent: 哦。", FAIL),
        (AS_ASKED, LOUDER, UNDETERMINED),
        # Two requests, one of them not followed.
        (
            AS_ASKED,
            f"{LOUDER}agent(level -24): 好的。\ncustomer: 太吵了，小声点。\nagent(level -24): 水费是六十元。",
            FAIL,
        ),
        (
            AS_ASKED,
            f"{OPENING}customer: 手机声音太小了，怎么修？\nagent(level -29): 请您送修。",
            NOT_APPLICABLE,
        ),
        (AS_ASKED, f"{OPENING}customer: 那我大声一点说。\nagent(level -29): 好的。", NOT_APPLICABLE),
        (QUIETER, f"{LOUDER}agent(level -29): 水费是六十元。", NOT_APPLICABLE),
        (QUIETER, f"{OPENING}customer: 你小声一点，孩子睡了。\nagent(level -35): 好的，抱歉。", PASS),
        (QUIETER, f"{OPENING}customer: 你小声一点，孩子睡了。\nagent(level -28): 水费是六十元。", FAIL),
        (CHECKED, f"{LOUDER}agent(level -24): 好的，这样能听清楚吗？", PASS),
        (CHECKED, f"{LOUDER}agent(level -24): 水费是六十元。", UNDETERMINED),
        (CHECKED, f"{LOUDER}agent(level -29): 好的，这样能听清楚吗？", UNDETERMINED),
        (CHECKED, f"{LOUDER}agent(level -29): 水费是六十元。", FAIL),
        (KEPT, f"{FAINT}agent(level -26): 抱歉，请您大声一点好吗？", PASS),
        (KEPT, f"{FAINT}agent(level -17): 你大声点！", FAIL),
        (KEPT, f"{FAINT}agent(level -22): 请您大声一点好吗？", UNDETERMINED),
        (KEPT, f"{OPENING}customer: 我要查水费。\nagent(level -20): 好的。", NOT_APPLICABLE),
    ],
)
def test_level_adjusted(check: LevelAdjusted, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


def test_an_unknown_condition_is_refused() -> None:
    with pytest.raises(ValidationError, match="after is one of"):
        LevelAdjusted(direction="unchanged", after="rainy_day")
