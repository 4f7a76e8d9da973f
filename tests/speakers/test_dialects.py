from __future__ import annotations

from dataclasses import replace

import pytest
from made_calls import utterance

from pipeline.call import Role, Utterance
from pipeline.speakers.dialects import with_cantonese
from pipeline.wording.languages import reads_as_cantonese


def said(*texts: str, role: Role = Role.CUSTOMER) -> tuple[Utterance, ...]:
    return tuple(utterance(i, role, 5.0 * i, text) for i, text in enumerate(texts))


def languages(*texts: str) -> list[str]:
    return [u.language for u in with_cantonese(said(*texts))]


@pytest.mark.parametrize(
    "text", ["我想问下我嘅机票点解冇咗", "你哋几时先可以帮我搞掂啲嘢", "唔该你帮我睇下", "佢哋喺边度"]
)
def test_cantonese_is_told_by_its_function_words(text: str) -> None:
    assert languages(text) == ["yue"]


@pytest.mark.parametrize(
    "text",
    ["您好，请问有什么可以帮您？", "没关系，我联系一下系统管理员。", "咨询一下咖啡机", "好嘞", "OK"],
)
def test_mandarin_stays_mandarin(text: str) -> None:
    assert languages(text) == ["zh"]


def test_one_mark_in_a_long_text_is_a_slip() -> None:
    assert not reads_as_cantonese("我昨天在你们网站上买的机票现在想改签到后天可以咗吗")


def test_short_words_of_a_cantonese_speaker_are_cantonese() -> None:
    spoken = with_cantonese(said("唔该帮我睇下我嘅航班", "我喺机场等紧，冇人理我", "好的"))
    assert [u.language for u in spoken] == ["yue"] * 3
    assert all(0.6 <= u.language_confidence <= 0.95 for u in spoken)


def test_each_role_speaks_its_own_language() -> None:
    customer = said("唔该帮我睇下我嘅航班", "我喺机场等紧，冇人理我")
    agent = said("好的，请稍等。", role=Role.AGENT)
    assert [u.language for u in with_cantonese((*customer, *agent))] == ["yue", "yue", "zh"]


def test_english_is_left_alone() -> None:
    english = replace(said("thank you")[0], language="en")
    assert with_cantonese([english]) == (english,)
