from __future__ import annotations

from typing import Any

import pytest
from judged import NOT_APPLICABLE, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Role
from pipeline.checks.base import Outcome
from pipeline.checks.review_moment import ReviewMoment
from pipeline.dialogue import dialogue_call

CALL = """\
agent: 您好，请问有什么可以帮您？
customer: 我想问洗牙的价格。
agent: 一百二十元，这个月有优惠。
customer: 那补牙的价格呢？
agent: 我查一下，请您稍等，好吗？
customer: 好的。
[hold 20 typing]
agent: 让您久等了，两百元。
"""


def outcome(source: str = CALL, **options: Any) -> Outcome:
    return ReviewMoment(**options).judge(dialogue_call(source))


def test_every_moment_is_named_and_the_first_is_shown_with_the_answer() -> None:
    found = outcome(phrases=("价格",), role="customer")
    assert (found.verdict, found.role) == (UNDETERMINED, Role.CUSTOMER)
    assert found.reason.startswith("for a person: 2 moments at 0:0")
    assert found.quote == "我想问洗牙的价格。 → 一百二十元，这个月有优惠。"
    assert found.span is not None
    assert 3 < found.span.start_s < 8


def test_the_standard_answer_stands_beside_what_was_said() -> None:
    found = outcome(phrases=("价格",), role="customer", standard_answer="先说项目，再说价格。")
    assert found.reason.endswith("; the standard answer: 先说项目，再说价格。")


def test_the_agents_own_words_are_quoted_alone() -> None:
    assert outcome(phrases=("优惠",)).quote == "一百二十元，这个月有优惠。"


def test_nothing_found_is_not_applicable() -> None:
    assert outcome(phrases=("价格",)).verdict is NOT_APPLICABLE
    assert outcome(events=("hold",), sound="music").verdict is NOT_APPLICABLE
    assert outcome(condition="outbound").verdict is NOT_APPLICABLE
    assert outcome(measure="net_pace", at_least=400.0).verdict is NOT_APPLICABLE
    assert outcome(measure="level", at_most=-60.0).verdict is NOT_APPLICABLE


def test_moments_come_from_conditions_events_and_measures() -> None:
    for options in (
        {"condition": "hold"},
        {"events": ("hold",)},
        {"events": ("hold",), "sound": "typing"},
        {"measure": "net_pace", "at_least": 200.0, "at_most": 280.0},
        {"measure": "hold_count", "at_least": 1.0},
    ):
        found = outcome(**options)
        assert found.verdict is UNDETERMINED, options
        assert "1 moment at" in found.reason
    assert outcome(measure="net_pace", at_least=200.0).quote == "net pace 240 chars/min"


def test_a_measure_of_the_whole_call_does_not_swallow_the_moments_in_it() -> None:
    found = outcome(phrases=("优惠",), measure="net_pace", at_least=200.0)
    assert "2 moments at 0:00, " in found.reason


def test_anyones_words_and_unknown_voices_are_searched() -> None:
    assert "2 moments" in outcome(phrases=("洗牙", "久等"), role="anyone").reason
    assert verdict(ReviewMoment(phrases=("优惠",)), "@mono\nunknown: 这个月有优惠。") is UNDETERMINED


def test_moments_close_together_are_one() -> None:
    assert "1 moment at" in outcome("agent: 有优惠。\nagent: 优惠很大。", phrases=("优惠",)).reason


def test_many_moments_are_not_all_listed() -> None:
    source = "\n".join(["agent: 有优惠。\n[silence 5]"] * 10)
    reason = outcome(source, phrases=("优惠",)).reason
    assert reason.startswith("for a person: 10 moments")
    assert reason.endswith(" …")
    assert reason.count(":") == 9


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"standard_answer": "无"},
        {"phrases": ("价格",), "at_most": 3.0},
        {"measure": "net_pace"},
        {"measure": "loudness", "at_most": 3.0},
        {"condition": "raining"},
        {"phrases": ("价格",), "sound": "typing"},
        {"phrases": ("价格",), "role": "everyone"},
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReviewMoment(**options)
