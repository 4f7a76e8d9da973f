"""Interruption, talk-over and backchannel on hand-placed speech."""

import pytest

from pipeline.call import EventKind, Role, Utterance
from pipeline.measures.overlap import find_overlaps


def say(role: Role, start_s: float, end_s: float, text: str) -> Utterance:
    return Utterance(0, role, start_s, end_s, text, text, len(text), end_s - start_s, 0.9, "zh")


def overlaps(*utterances: Utterance) -> list[tuple[EventKind, Role]]:
    return [(e.kind, e.role) for e in find_overlaps(sorted(utterances, key=lambda u: u.start_s))]


LONG = "我想问一下我的订单什么时候可以发货啊"


@pytest.mark.parametrize(
    ("customer_end_s", "expected"),
    [
        (9.9, []),  # a smooth change of speaker with no overlap
        (10.04, []),  # an overlap no longer than the edges are sure
        (10.4, [(EventKind.INTERRUPTION, Role.AGENT)]),  # cut off within half a second
        (11.0, [(EventKind.TALK_OVER, Role.AGENT)]),
        (12.5, [(EventKind.INTERRUPTION, Role.AGENT)]),  # both speak for over two seconds
    ],
)
def test_kind_follows_how_long_the_customer_goes_on(customer_end_s, expected):
    customer = say(Role.CUSTOMER, 5.0, customer_end_s, LONG)
    agent = say(Role.AGENT, 10.0, 14.0, "这个我们办不了您找别人吧")
    assert overlaps(customer, agent) == expected


def test_acknowledgements_and_short_sounds_inside_a_turn_are_backchannels():
    customer = say(Role.CUSTOMER, 0.0, 10.0, LONG)
    assert overlaps(customer, say(Role.AGENT, 4.0, 4.6, "嗯")) == [(EventKind.BACKCHANNEL, Role.AGENT)]
    assert overlaps(customer, say(Role.AGENT, 4.0, 5.4, "是的，好的")) == [
        (EventKind.BACKCHANNEL, Role.AGENT)
    ]


def test_the_customer_can_interrupt_too():
    agent = say(Role.AGENT, 0.0, 5.3, "感谢您的来电祝您生活愉快")
    customer = say(Role.CUSTOMER, 5.0, 9.0, LONG)
    assert overlaps(agent, customer) == [(EventKind.INTERRUPTION, Role.CUSTOMER)]


def test_speaking_again_at_once_is_not_being_cut_off():
    agent = say(Role.AGENT, 5.0, 8.0, "您先听我说一句")
    stopped, again = say(Role.CUSTOMER, 0.0, 5.3, LONG), say(Role.CUSTOMER, 5.9, 12.0, LONG)
    assert (EventKind.INTERRUPTION, Role.AGENT) not in overlaps(stopped, agent, again)


def test_a_short_word_in_a_long_turn_is_no_interruption():
    customer = say(Role.CUSTOMER, 4.0, 16.0, LONG)
    assert overlaps(customer, say(Role.AGENT, 8.0, 8.9, "您别着急")) == [(EventKind.TALK_OVER, Role.AGENT)]


def test_unknown_roles_have_no_overlaps():
    assert overlaps(say(Role.UNKNOWN, 0.0, 9.0, LONG), say(Role.AGENT, 5.0, 9.5, LONG)) == []
