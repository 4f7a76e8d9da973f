"""Automatic announcements are told from an agent who says much of the same in person."""

import pytest

from pipeline.call import Role, Utterance
from pipeline.spans import Span
from pipeline.speech.announcements import find_opening

PAUSES = (Span(6.5, 7.2), Span(8.0, 8.6))
WHOLE = Span(4.0, 11.0)


def say(span: Span, text: str) -> Utterance:
    return Utterance(
        0, Role.UNKNOWN, span.start_s, span.end_s, text, text, len(text), span.duration_s, 0.9, "zh"
    )


def find(whole: str, *pieces: str, rest: str = "", after: str = "", pauses: tuple[Span, ...] = PAUSES):
    """The announcement when ``pieces`` are heard up to each pause, ``rest`` after one."""
    texts = dict(zip((6.5, 8.0), pieces, strict=False))

    def listen(spans: list[Span]) -> list[Utterance]:
        return [say(s, texts.get(s.end_s, whole) if s.start_s == WHOLE.start_s else rest) for s in spans]

    following = [say(Span(12.0, 15.0), after)] if after else []
    found = find_opening(say(WHOLE, whole), pauses[: len(pieces)], following, listen)
    return (found.kind, found.span.end_s) if found else None


NUMBER = "工号八零零八为您服务。"
GREETING = "您好，请问有什么可以帮您？"


def test_it_ends_at_the_first_pause_by_which_it_has_been_said():
    assert find(NUMBER + GREETING, NUMBER, NUMBER + "您好") == ("number", 6.5)


def test_it_is_found_though_the_recogniser_left_it_out_of_the_whole():
    assert find(GREETING, NUMBER, NUMBER + "您好") == ("number", 6.5)


def test_an_utterance_that_is_nothing_else_ends_with_it():
    assert find("话务员八零零八为您服务") == ("number", 11.0)


@pytest.mark.parametrize(
    "text", ["公号8008位您服务", "恭号八百零八为您服务。", "功后8002为您服务", "功耗8022年服务。"]
)
def test_a_homophone_does_not_hide_it(text):
    assert find(GREETING, text) == ("number", 6.5)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("recording", "为了提升服务质量，本次通话将会被录音。"),
        ("recording", "您的通话可能被录音。"),
        ("recording", "This call may be recorded for quality purposes."),
        ("menu", "普通话请按一，for English press two。"),
    ],
)
def test_other_announcements_that_open_a_call(kind, text):
    assert find(text + GREETING, text) == (kind, 6.5)


def test_a_prompt_that_greets_is_followed_by_the_agents_own_greeting():
    prompt = "您好，欢迎致电中国电信，工号八零零八为您服务。"
    assert find(prompt + GREETING, prompt, rest=GREETING) == ("number", 6.5)
    assert find(prompt, after=GREETING) == ("number", 11.0)


@pytest.mark.parametrize(
    "text",
    [
        GREETING,
        "您好，很高兴为您服务，工号八零零八，请问有什么可以帮您？",
        "您好，欢迎致电中国电信，工号八零零八为您服务。",
        "您好，我是优品网的客服，本次通话会被录音，您看可以吗？",
        "工号八零零一很高兴为您服务，请问有什么可以帮您",
        "我是话务员小王很高兴为您服务",
        "话务员小王很高兴为您服务，请问有什么可以帮您",
        "我叫小王，工号八零零一为您服务",
        "你们客服代表的服务太差了我要投诉",
        "客服代表的服务太差了",
        "一二三四五号订单的服务我要退",
        "一二三四五号订单的服务退掉",
        "开通1008套餐服务",
        "有没有1999元的服务",
        "我买的是2018年服务",
        "电话里我已经录音了",
        "这个电话有录音吗",
        "人工请按零，我按了没有用",
    ],
)
def test_a_person_is_no_announcement(text):
    assert find(text) is None
    assert find(text, text, rest="好的。", after="好的。") is None


def test_it_never_ends_behind_what_a_person_says():
    """A pause behind the greeting is not the prompt's; one before it is, though only the whole was heard."""
    fused = NUMBER + GREETING
    assert find(fused, fused) is None
    assert find(fused) is None
    assert find(fused, "") == ("number", 6.5)


@pytest.mark.parametrize("asks", ["请问有什么可以帮您？", GREETING])
def test_an_agent_goes_on_after_a_breath_and_one_after_a_prompt_begins_afresh(asks):
    breath = (Span(6.5, 6.8),)
    found = find(NUMBER + asks, NUMBER, rest=asks, pauses=breath)
    assert found == (("number", 6.5) if asks == GREETING else None)
    assert find(NUMBER + asks, NUMBER, rest=asks) == ("number", 6.5)


@pytest.mark.parametrize(
    "after", ["请问有什么可以帮您？", "你好，我想查一下话费。"], ids=["goes on", "caller greets"]
)
def test_a_greeting_in_person_and_what_follows_it(after):
    in_person = "您好，欢迎致电中国电信，工号八零零八为您服务。"
    assert find(in_person, after=after) is None
    assert find(in_person + after, in_person, rest=after) is None


def test_a_prompt_that_serves_gladly_needs_the_agents_own_greeting():
    prompt = "工号八零零八很高兴为您服务。"
    assert find(prompt, after=GREETING) == ("number", 11.0)
    assert find(prompt, after="请讲。") is None


def test_what_is_longer_than_any_prompt_is_more_than_one():
    long = say(Span(0.0, 24.0), NUMBER + "套餐" * 20)
    assert find_opening(long, (), [], lambda spans: []) is None  # noqa: ARG005
