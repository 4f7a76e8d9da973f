"""A prompt is taken where it stands by itself; whoever tells of one, or says the like, is heard."""

import pytest

from pipeline.call import Role, Utterance
from pipeline.spans import Span, Spans
from pipeline.speech.played import find_played

WHOLE = Span(4.0, 11.0)


def say(span: Span, text: str) -> Utterance:
    return Utterance(
        0, Role.UNKNOWN, span.start_s, span.end_s, text, text, len(text), span.duration_s, 0.9, "zh"
    )


def find(*texts: str, pauses: Spans = ()) -> list[tuple[str, Span]]:
    """What is played in utterances that follow each other; ``pauses`` are in the first."""
    said = [say(Span(WHOLE.start_s + 10 * n, WHOLE.end_s + 10 * n), text) for n, text in enumerate(texts)]
    found = find_played(said, lambda span: tuple(p for p in pauses if p.overlap_s(span) > 0))
    return [(a.kind, a.span) for a in found]


RATING = "请对我的服务进行评价，满意请按1，不满意请按2。"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("queue", "座席全忙，请稍候。"),
        ("queue", "线路繁忙，请稍后再拨。"),
        ("queue", "您前面还有三位客户，请耐心等待。"),
        ("queue", "您的来电对我们很重要。"),
        ("queue", "Your call is important to us."),
        ("rating", RATING),
        ("rating", "请您对本次服务做出评价，非常满意请按一。"),
        ("unreachable", "对不起，您拨打的用户已关机。"),
    ],
)
def test_a_prompt_alone(kind, text):
    assert find(text) == [(kind, WHOLE)]


@pytest.mark.parametrize(
    "text",
    [
        "我打了好几次都是线路繁忙，我要投诉你们",
        "打电话都是线路繁忙，请你处理",
        "你们电话总说坐席全忙，我的钱到底什么时候退",
        "我们打了半天线路繁忙，请处理",
        "线路繁忙请稍候，总说这个",
        "系统说您前面还有三位客户，我先帮您登记",
        "您前面还有三位客户，我先帮您登记",
        "我这边线路有点忙。",
        "请您稍后对我的服务做出评价，满意请按1，感谢您的来电，再见",
        "请您稍后对我的服务做出评价，满意请按1",
        "请您稍后对我的服务进行评价，再见。",
        "感谢您的来电，请对我的服务进行评价，满意请按一",
        "满意请按一，我按了没有用",
        "您按一下红色的键。",
        "他说您拨打的电话已关机，怎么回事",
    ],
)
@pytest.mark.parametrize("pauses", [(), (Span(6.0, 6.2),)], ids=["in one breath", "with a pause"])
def test_a_person_is_not_played(text, pauses):
    assert find(text, pauses=pauses) == []


def test_a_request_to_rate_is_the_last_thing_said():
    assert find("好的，再见。", RATING) == [("rating", Span(14.0, 21.0))]
    assert find(RATING, "感谢您的来电，再见。") == []
    assert find("好的谢谢您再见" + RATING, pauses=(Span(6.0, 6.4),)) == []


def test_a_queue_ends_at_the_pause_after_it():
    (found,) = find("坐席全忙，请稍候。订单一二三号已经取消", pauses=(Span(5.2, 5.4), Span(7.0, 7.4)))
    assert found == ("queue", Span(4.0, 7.0))


@pytest.mark.parametrize("pauses", [(), (Span(7.5, 7.8),)])
def test_a_queue_in_the_middle_of_a_sentence_is_told(pauses):
    assert find("早上八点到晚上八点线路繁忙请稍后再拨", pauses=pauses) == []
