from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.phrase_sequence import PhraseSequence

STEPS = (("请问有什么可以帮您",), ("请问有什么可以帮您", "电话已接通"), ("您的电话没有声音",))
SILENT = PhraseSequence(steps=STEPS, wait_s=5.0)
ORDER = PhraseSequence(steps=(("请记录",), ("我再重复一遍",)))
CONSENT = PhraseSequence(steps=(("换一部电话",),), wait_s=5.0)

ONE, TWO = "agent(+0): 您好，请问有什么可以帮您？", "agent(+0): 您好，电话已接通，请讲。"
THREE = "agent(+0): 非常抱歉，您的电话没有声音，再见！"
AGENT = "@hangup_side agent\n"


def timed(first: float, second: float, last: float) -> str:
    return f"{AGENT}{ONE}\n[silence {first}]\n{TWO}\n[silence {second}]\n{THREE}\n[silence {last}]"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (SILENT, timed(5, 5, 5), PASS),
        (SILENT, timed(4.1, 7.9, 20), PASS),
        (SILENT, timed(3, 5, 5), FAIL),
        (SILENT, timed(5, 12, 5), FAIL),
        (SILENT, timed(5, 5, 1), FAIL),
        (SILENT, timed(3.8, 5, 5), UNDETERMINED),
        (SILENT, f"{AGENT}{ONE}\n[silence 5]\n{THREE}\n[silence 5]", FAIL),
        (SILENT, f"{AGENT}agent: 喂，说话呀。\n[silence 5]", FAIL),
        (SILENT, f"@hangup_side customer\n{ONE}\n[silence 3]", UNDETERMINED),
        (SILENT, f"{ONE}\n[silence 5]\n{TWO}\ncustomer: 哦，你好。\nagent: 请讲。", PASS),
        (SILENT, "customer: 喂？", NOT_APPLICABLE),
        (ORDER, "agent: 请记录，三三二一。我再重复一遍，三三二一。", PASS),
        (ORDER, "agent: 我再重复一遍，三三二一。好，请记录。", FAIL),
        (CONSENT, f"{AGENT}agent: 请您换一部电话打来，好吗？\ncustomer: 好吧。\nagent: 再见。", PASS),
        (CONSENT, f"{AGENT}agent: 请您换一部电话打来，好吗？\n[silence 5]", PASS),
        (CONSENT, f"{AGENT}agent: 请您换一部电话打来。", FAIL),
        (CONSENT, "agent: 请您换一部电话打来。", FAIL),
    ],
)
def test_phrase_sequence(check: PhraseSequence, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted
