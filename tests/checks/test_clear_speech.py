from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.clear_speech import ClearSpeech

PLAIN = ClearSpeech()
CHECKED = ClearSpeech(checks=("您听(清|明白)[楚]了吗",))
TWICE = (
    "agent: 请您到二楼五号窗口办理。\ncustomer: 没听清，你再说一遍。\nagent: 二楼，五号窗口。\n"
    "customer: 你说慢一点。\nagent: 二楼。"
)


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (PLAIN, "agent: 请您到二楼五号窗口办理。\ncustomer: 好的，谢谢。", PASS),
        (
            PLAIN,
            "agent: 请您到二楼五号窗口办理。\ncustomer: 没听清，你再说一遍。\nagent: 二楼。",
            UNDETERMINED,
        ),
        (PLAIN, TWICE, FAIL),
        (PLAIN, "customer: 我再说一遍，我要退票！\nagent: 好的，请您稍等，我马上为您办理。", PASS),
        (PLAIN, "agent(heard 0.3): 请您到二楼五号窗口办理。\ncustomer: 好的。", FAIL),
        (PLAIN, "agent(heard 0.5): 请您到二楼五号窗口办理。\ncustomer: 好的。", UNDETERMINED),
        (PLAIN, "customer: 喂？", NOT_APPLICABLE),
        (PLAIN, "unknown: 请您到二楼五号窗口办理。\nunknown: 好的，谢谢。", UNDETERMINED),
        # Said twice in a breath, it is one request.
        (
            PLAIN,
            "agent: 请您到二楼五号窗口办理。\ncustomer: 没听清。\ncustomer: 你再说一遍。\nagent: 二楼。",
            UNDETERMINED,
        ),
        (
            CHECKED,
            "agent: 请您到二楼五号窗口办理。\ncustomer: 没听清。\nagent: 二楼五号窗口，您听清楚了吗？",
            PASS,
        ),
        (CHECKED, TWICE, FAIL),
        (CHECKED, f"{TWICE}您听清楚了吗？", UNDETERMINED),
    ],
)
def test_clear_speech(check: ClearSpeech, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


def test_limits_must_not_cross() -> None:
    with pytest.raises(ValidationError, match="exceeds"):
        ClearSpeech(pass_clarity=0.3, fail_clarity=0.5)
