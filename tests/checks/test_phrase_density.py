from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.phrase_density import PhraseDensity
from pipeline.dialogue import dialogue_call

CHECK = PhraseDensity.model_validate(
    {
        "words": ["好像", "可能", "，那个"],
        "not_counted": ["不可能", "尽可能"],
        "phrases": ["应该(是|会){any:0-4}吧"],
        "pass_count": 1,
        "fail_count": 3,
        "pass_below": 2.0,
        "fail_above": 4.0,
    }
)
LONG = "体检报告三个工作日以后可以在手机上查看，纸质的报告请您到一楼服务台领取，记得带上身份证。"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 好像是明天，可能要后天，应该是下午吧。", FAIL),
        ("agent: 好像是明天，可能要后天，硬该是下午吧。", FAIL),
        ("agent: 好像是明天。", PASS),
        ("agent: 好像是明天，可能要后天。", UNDETERMINED),
        ("agent: 尽可能快，不可能拖，绝不可能。", PASS),
        ("agent: 那个，那个，那个，等一下。", FAIL),
        ("agent: 我要那个，给你那个，还有那个。", PASS),
        (f"agent: {LONG * 6}好像周末不开，可能要看通知。", PASS),
        ("agent: 好的。\ncustomer: 好像可能应该是吧，好像不行。", PASS),
        ("agent(heard 0.2): 报告明天出来，请您留意。", UNDETERMINED),
        ("agent: It will be ready tomorrow, please come again.", UNDETERMINED),
        ("unknown: 好像是明天，可能要后天，应该是下午吧。", UNDETERMINED),
        (f"unknown: {LONG * 6}好像周末不开，可能要看通知。", UNDETERMINED),
        ("unknown: 报告明天出来。", PASS),
        ("customer: 喂？", NOT_APPLICABLE),
    ],
)
def test_phrase_density(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


def test_density_per_100_characters() -> None:
    check = PhraseDensity(words=("木有",), per="100_chars", fail_count=1, fail_above=5.0)
    assert verdict(check, "agent: 木有问题。") is FAIL
    assert verdict(check, f"agent: {LONG}木有问题。") is UNDETERMINED


def test_a_listeners_sign_is_not_counted() -> None:
    check = PhraseDensity(words=("嗯",), pass_count=1, fail_count=2, fail_above=1.0)
    talk = "customer: 我的卡丢了。\nagent: 嗯。\ncustomer: 昨天在车上丢的。\nagent: 嗯，是的。\n"
    assert verdict(check, talk + "agent: 我帮您挂失。") is PASS
    assert verdict(check, talk + "agent: 嗯我帮您，嗯，挂失。") is FAIL


def test_the_evidence_is_the_first_occurrence() -> None:
    call = dialogue_call("agent: 您好。\nagent: 好像是明天，可能要后天，应该是下午吧。")
    outcome = CHECK.judge(call)
    assert outcome.span is not None
    assert outcome.span.start_s >= call.utterances[1].start_s
    assert "好像" in outcome.reason
    assert outcome.quote == call.utterances[1].text


@pytest.mark.parametrize(
    "wrong", [{}, {"pass_below": 3.0, "fail_above": 2.0}, {"pass_count": 3, "fail_count": 3}]
)
def test_options_must_make_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PhraseDensity.model_validate(({"words": ["好像"]} if wrong else {}) | wrong)
