from __future__ import annotations

import pytest
from judged import FAIL, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.hang_up import HangUp
from pipeline.dialogue import dialogue_call

FIRST = HangUp()
PROMPTED = HangUp(prompts=3, forbidden=("再不说话我就挂机",))
KIND = HangUp(unless=("换一部电话",), said_with=("听不到",))

AGENT, CUSTOMER = "@hangup_side agent\n", "@hangup_side customer\n"
PROMPT = "agent: 您好，请问有什么可以帮您？\n[silence 5]\n"
TALK = "agent: 您好。\ncustomer: 我要退房。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (FIRST, f"{CUSTOMER}{TALK}agent: 好的，再见。", PASS),
        (FIRST, f"{AGENT}{TALK}agent: 好的，再见。", FAIL),
        (FIRST, f"{TALK}agent: 好的，再见。", UNDETERMINED),
        (FIRST, "@mono\n@hangup_side agent\nunknown: 您好。\nunknown: 我要退房。", FAIL),
        (PROMPTED, AGENT + 3 * PROMPT, PASS),
        (PROMPTED, AGENT + 2 * PROMPT, FAIL),
        (PROMPTED, CUSTOMER + PROMPT, PASS),
        (PROMPTED, PROMPT, UNDETERMINED),
        (PROMPTED, 3 * PROMPT, PASS),
        (PROMPTED, AGENT + 3 * "agent: 您好。\n[silence 1.5]\n", UNDETERMINED),
        (PROMPTED, f"{AGENT}agent: 喂？\n[silence 5]\nagent: 再不说话我就挂机了啊。", FAIL),
        (PROMPTED, f"{CUSTOMER}agent: 喂？\n[silence 5]\nagent: 再不说话我就挂机了啊。", FAIL),
        (PROMPTED, f"{AGENT}agent: 对不起，您再不说话我就挂机了。", UNDETERMINED),
        (KIND, f"{AGENT}{TALK}agent: 听不到，挂了。", FAIL),
        (KIND, f"{AGENT}{TALK}agent: 抱歉，我实在听不到，请您发短信，再见。", UNDETERMINED),
        (KIND, f"{CUSTOMER}{TALK}agent: 听不到。", PASS),
        (KIND, f"{AGENT}{TALK}agent: 听不到您的声音，请您换一部电话再打来，好吗？", PASS),
        (KIND, f"{AGENT}{TALK}agent: 已经退好了，再见！", PASS),
        (KIND, f"{AGENT}{TALK}agent(heard 0.3): 听不到，挂了。", UNDETERMINED),
    ],
)
def test_hang_up(check: HangUp, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted


def test_an_abrupt_end_is_shown_when_the_call_log_is_silent() -> None:
    outcome = FIRST.judge(dialogue_call("agent: 您好。\ncustomer: 我的房间还没有"))
    assert "abruptly" in outcome.reason
    assert outcome.quote == "我的房间还没有"
