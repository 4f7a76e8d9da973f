from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.greeting_for_time import GreetingForTime

OPENING = GreetingForTime(
    greetings={"morning": ("早上好",), "from_noon": ("您好", "你好"), "national_day": ("国庆节快乐",)},
    near=("上午好",),
)
HOLIDAY = GreetingForTime(
    greetings={"new_year": ("新年好",), "spring_festival": ("新年好",), "national_day": ("国庆节快乐",)},
    dates={"national_day": ["2026-09-29"]},
)
WISHES = GreetingForTime(
    greetings={"weekend": ("周末愉快",), "holiday": ("节日快乐",), "evening": ("晚上好",)},
    required=False,
    window="anywhere",
)
HELP = "请问有什么可以帮您？\ncustomer: 我要退货。"


def at(time: str, opening: str) -> str:
    return f"@started_at {time}:00+08:00\nagent: {opening}，{HELP}"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (OPENING, at("2026-11-18T09:10", "早上好"), PASS),
        (OPENING, at("2026-11-18T15:10", "您好"), PASS),
        (OPENING, at("2026-11-18T11:58", "您好"), PASS),
        (OPENING, at("2026-10-01T09:10", "国庆节快乐"), PASS),
        (OPENING, at("2026-11-18T09:10", "早上好，您好"), PASS),
        (OPENING, at("2026-11-18T09:10", "您好"), FAIL),
        (OPENING, at("2026-11-18T15:10", "早上好"), FAIL),
        (OPENING, at("2026-11-18T15:10", "早上好，您好"), FAIL),
        (OPENING, at("2026-11-18T15:10", "喂"), FAIL),
        (OPENING, at("2026-11-18T09:10", "上午好"), UNDETERMINED),
        (OPENING, at("2026-11-18T09:10", "遭任后"), UNDETERMINED),
        (OPENING, f"agent: 您好，{HELP}", UNDETERMINED),
        (OPENING, "@mono\n@started_at 2026-11-18T15:10:00+08:00\nunknown: 喂，你好，哪位？", UNDETERMINED),
        (OPENING, "@started_at 2026-11-18T15:10:00+08:00\ncustomer: 喂？", NOT_APPLICABLE),
        (HOLIDAY, at("2027-01-01T09:10", "新年好"), PASS),
        (HOLIDAY, at("2027-02-06T09:10", "新年好"), PASS),
        (HOLIDAY, at("2026-09-29T09:10", "国庆节快乐"), PASS),
        (HOLIDAY, at("2026-10-01T09:10", "您好"), FAIL),
        (HOLIDAY, at("2026-09-29T09:10", "您好"), FAIL),
        (HOLIDAY, at("2026-11-18T09:10", "您好"), NOT_APPLICABLE),
        (WISHES, at("2026-11-20T17:00", "您好") + "\nagent: 祝您周末愉快。", PASS),
        (WISHES, at("2026-09-30T17:00", "您好") + "\nagent: 祝您节日快乐。", PASS),
        (WISHES, at("2026-11-23T10:00", "您好") + "\nagent: 祝您周末愉快。", FAIL),
        (WISHES, at("2026-11-19T10:00", "您好") + "\nagent: 祝您周末愉快。", UNDETERMINED),
        (WISHES, at("2026-11-19T10:00", "您好") + "\nagent: 明天晚上好吗？", NOT_APPLICABLE),
        (WISHES, at("2026-11-19T10:00", "您好") + "\ncustomer: 祝你周末愉快。", NOT_APPLICABLE),
    ],
)
def test_greeting_for_time(check: GreetingForTime, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


def test_notice_dates_are_dates() -> None:
    with pytest.raises(ValidationError, match="2026-13-01"):
        GreetingForTime(greetings={"new_year": ("新年好",)}, dates={"new_year": ["2026-13-01"]})
