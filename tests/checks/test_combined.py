from __future__ import annotations

from typing import Any

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.combined import Combined
from pipeline.dialogue import dialogue_call

RUDE = {"check": "phrase_forbidden", "phrases": ["你烦不烦"]}
GOODBYE = {"check": "phrase_required", "phrases": ["再见"], "window": "closing"}
AFTER_THANKS = RUDE | {"after": ["customer_thanks"]}
CALM = {"check": "interruptions"}


def combined(**options: Any) -> Combined:
    return Combined.model_validate(options)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 您的快递到了，再见。", PASS),
        ("agent: 你烦不烦，再见。", FAIL),
        ("agent: 您的快递到了。", FAIL),
        ("agent: 你烦不烦。", FAIL),
        ("unknown: 你烦不烦。\nagent: 再见。", UNDETERMINED),
    ],
)
def test_the_worst_part_decides(source: str, wanted: Verdict) -> None:
    assert verdict(combined(parts=[RUDE, GOODBYE]), source) is wanted


def test_what_does_not_apply_is_left_out() -> None:
    assert verdict(combined(parts=[AFTER_THANKS, GOODBYE]), "agent: 到了，再见。") is PASS
    assert verdict(combined(parts=[AFTER_THANKS]), "agent: 到了，再见。") is NOT_APPLICABLE


def test_what_may_only_fail_leaves_nothing_open() -> None:
    check = combined(parts=[GOODBYE], fails_too=[CALM])
    mono = "@mono\nagent: 您的快递到了，再见。"
    cut_off = (
        "customer: 我想问一下我的快递到哪里了怎么还没有送来。\nagent(-3.0): 到了到了，您下楼拿吧，再见。"
    )
    assert verdict(combined(parts=[GOODBYE, CALM]), mono) is UNDETERMINED
    assert verdict(check, mono) is PASS
    assert verdict(check, cut_off) is FAIL
    assert verdict(combined(parts=[AFTER_THANKS], fails_too=[CALM]), cut_off) is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "at least 1"),
        (["phrase_required"], "a part is a mapping"),
        ([{"check": "no_such"}], "phrase_required"),
        ([{"check": "phrase_required", "phrases": ["("]}], r"in phrase_required: phrases\.0"),
        ([RUDE | {"colour": "red"}], "in phrase_forbidden: colour"),
    ],
)
def test_a_wrong_part_is_named(parts: list[object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        combined(parts=parts)


OPENING, CLOSING = "agent: 您好，请问有什么可以帮您？", "agent: 感谢您的来电。"
TALK = "customer: 水管漏了。\nagent: 明天上午派人来修。\ncustomer: 好。"
FLOW = combined(
    parts=[
        {
            "name": "opening",
            "check": "phrase_required",
            "window": "opening",
            "phrases": ["您好…请问有什么可以帮您"],
        },
        {
            "name": "closing",
            "check": "phrase_required",
            "window": "closing",
            "phrases": ["感谢您的来电"],
            "near": ["再见"],
        },
    ]
)


@pytest.mark.parametrize(
    ("source", "wanted", "reason"),
    [
        (f"{OPENING}\n{TALK}\n{CLOSING}", PASS, "all are there: opening, closing"),
        (f"{OPENING}\n{TALK}\nagent: 行。", FAIL, "missing: closing (not said (closing)"),
        (f"agent: 喂？\n{TALK}\n{CLOSING}", FAIL, "missing: opening (not said (opening)"),
        (f"{OPENING}\n{TALK}\nagent: 那就再见。", UNDETERMINED, "in doubt: closing ("),
        (f"agent: 喂？\n{TALK}\nagent: 行。", FAIL, "missing: opening, closing ("),
        (f"agent: 喂？\n{TALK}\nagent: 那就再见。", FAIL, "missing: opening ("),
    ],
)
def test_the_reason_names_the_parts(source: str, wanted: Verdict, reason: str) -> None:
    judged = FLOW.judge(dialogue_call(source))
    assert judged.verdict is wanted
    assert judged.reason.startswith(reason)


UPSET = "customer: 我在你们酒店住了三天，空调一直是坏的，说了好几次都没人管，太差劲了！\n"
HEARD_OUT = combined(
    parts=[
        {
            "name": "comfort",
            "check": "phrase_count",
            "phrases": ["您的心情我理解"],
            "after": "complaint",
        },
        {"name": "hearing the customer out", "check": "interruptions"},
    ]
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("agent: 您的心情我理解，马上给您换房。", PASS),
        ("agent(-2.0): 嗯，是的。\nagent(+1.8): 您的心情我理解。", PASS),
        ("agent: 前台没有记录。", FAIL),
        ("agent(-5.0): 行了行了，您的心情我理解，但是前台没有记录。", FAIL),
    ],
)
def test_parts_of_different_kinds(said: str, wanted: Verdict) -> None:
    assert verdict(HEARD_OUT, f"agent: 您好。\n{UPSET}{said}") is wanted


def test_a_name_has_no_place_where_a_check_can_only_fail() -> None:
    with pytest.raises(ValidationError, match="name"):
        combined(parts=[GOODBYE], fails_too=[RUDE | {"name": "calm"}])
