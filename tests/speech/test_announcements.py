"""Automatic announcements are told from an agent who says much of the same in person."""

import pytest

from pipeline.call import Role, Utterance
from pipeline.spans import Span, Spans
from pipeline.speech.announcements import find_opening, find_played

PAUSES = (Span(6.5, 7.2), Span(8.0, 8.6))
WHOLE = Span(4.0, 11.0)


def say(span: Span, text: str) -> Utterance:
    return Utterance(
        0, Role.UNKNOWN, span.start_s, span.end_s, text, text, len(text), span.duration_s, 0.9, "zh"
    )


def find(whole: str, *pieces: str, rest: str = "", after: str = "", shared: bool = False):
    """The announcement when ``pieces`` are heard up to each pause, ``rest`` after one."""
    texts = dict(zip((6.5, 8.0), pieces, strict=False))

    def listen(spans: list[Span]) -> list[Utterance]:
        return [say(s, texts.get(s.end_s, whole) if s.start_s == WHOLE.start_s else rest) for s in spans]

    following = [say(Span(12.0, 15.0), after)] if after else []
    pauses = PAUSES[: len(pieces)]
    found = find_opening(say(WHOLE, whole), pauses, following, listen, shared=shared)
    return (found.kind, found.span.end_s) if found else None


NUMBER = "工号八零零八为您服务。"
GREETING = "您好，请问有什么可以帮您？"


def test_it_ends_at_the_first_pause_by_which_it_has_been_said():
    assert find(NUMBER + GREETING, NUMBER, NUMBER + "您好") == ("number", 6.5)


def test_it_is_found_though_the_recogniser_left_it_out_of_the_whole():
    assert find(GREETING, NUMBER, NUMBER + "您好") == ("number", 6.5)


def test_an_utterance_that_is_nothing_else_ends_with_it():
    assert find("话务员八零零八为您服务") == ("number", 11.0)


@pytest.mark.parametrize("text", ["公号8008位您服务", "恭号八百零八为您服务。", "功后8002为您服务"])
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
    ],
)
def test_an_agent_in_person_is_no_announcement(text):
    assert find(text) is None


def test_the_callers_greeting_on_a_shared_channel_is_not_the_agents():
    in_person = "您好，欢迎致电中国电信，工号八零零八为您服务。"
    assert find(in_person, after="你好，我想查一下话费。", shared=True) is None


def no_pauses(span: Span) -> Spans:  # noqa: ARG001
    return ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("queue", "座席全忙，请稍候。"),
        ("queue", "您的来电对我们很重要。"),
        ("queue", "Your call is important to us."),
        ("rating", "请对我的服务进行评价，满意请按1，不满意请按2。"),
        ("unreachable", "对不起，您拨打的用户已关机。"),
    ],
)
def test_what_is_only_ever_played(kind, text):
    assert [a.kind for a in find_played([say(WHOLE, text)], no_pauses)] == [kind]


@pytest.mark.parametrize(
    "text", ["请您稍后对我的服务进行评价，再见。", "您按一下红色的键。", "我这边线路有点忙。"]
)
def test_an_agent_asking_for_a_rating_is_not_played(text):
    assert not list(find_played([say(WHOLE, text)], no_pauses))


def test_a_played_request_begins_after_the_pause_before_it():
    said = say(Span(0.0, 10.0), "好的谢谢您再见请对我的服务进行评价满意请按一")
    (found,) = find_played([said], lambda span: (Span(2.6, 3.0), Span(8.0, 8.3)))  # noqa: ARG005
    assert found.span == Span(3.0, 10.0)
