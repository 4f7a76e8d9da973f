"""Non-talk, holds and closing silence on hand-placed speech."""

import pytest

from pipeline.call import Event, Role, Utterance
from pipeline.measures.silence import Sounds, find_closing_silence, find_holds, find_non_talk
from pipeline.spans import Span, union


def say(role: Role, start_s: float, end_s: float, text: str) -> Utterance:
    return Utterance(0, role, start_s, end_s, text, text, len(text), end_s - start_s, 0.9, "zh")


def agent(start_s: float, end_s: float, text: str) -> Utterance:
    return say(Role.AGENT, start_s, end_s, text)


def customer(start_s: float, end_s: float, text: str) -> Utterance:
    return say(Role.CUSTOMER, start_s, end_s, text)


def holds(
    *utterances: Utterance, sounds: Sounds | None = None, end_s: float | None = None
) -> tuple[Event, ...]:
    speech = union(u.span for u in utterances)
    return find_holds(utterances, speech, sounds=sounds or Sounds(), end_s=end_s or speech[-1].end_s)


ASKS = "我帮您核实一下，请您稍等，好吗？"
BACK = "对不起，让您久等了，已经查到了。"


def test_a_polite_hold_carries_all_its_attributes():
    (hold,) = holds(agent(0, 4, ASKS), customer(4.5, 5, "好的"), agent(25, 30, BACK))
    assert (hold.start_s, hold.end_s) == (5, 25)
    assert dict(hold.attributes) == {
        "announced": True,
        "asked": True,
        "consent": True,
        "kind": "dead",
        "longest_wait_s": 20.0,
        "reason_given": True,
        "return_courtesy": True,
        "returned": True,
        "turn": "customer",
        "updates": 0,
    }


def test_a_bare_wait_has_no_consent_and_no_courtesy():
    (hold,) = holds(agent(0, 1, "等一下。"), agent(20, 25, "你这个订单取消了。"))
    assert [hold.get(n) for n in ("announced", "asked", "consent", "return_courtesy")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("again_s", "agreed"),
    [pytest.param(5.2, True, id="at once"), pytest.param(11.0, False, id="after a pause")],
)
def test_who_says_again_to_hold_on_has_asked_before(again_s: float, agreed: bool):
    again = agent(again_s, again_s + 1.5, "请您别挂机。")
    *_, hold = holds(agent(0, 4, ASKS), customer(4.5, 5, "好的"), again, agent(27, 30, BACK))
    assert [hold.get(n) for n in ("announced", "asked", "consent")] == [True, agreed, agreed]


def test_an_update_keeps_one_hold_and_shortens_the_wait():
    (hold,) = holds(
        agent(0, 4, ASKS),
        customer(4.5, 5, "行。"),
        agent(17, 19, "对不起，请您再稍等一下。"),
        agent(31, 35, BACK),
    )
    assert (hold.start_s, hold.end_s) == (5, 31)
    assert hold.get("longest_wait_s") == 12.0
    assert hold.get("updates") == 1


@pytest.mark.parametrize(("reply", "found"), [("好。", 1), ("你到底在查什么呀，都多久了？", 2)])
def test_a_yes_to_an_update_keeps_one_hold(reply, found):
    assert found == len(
        holds(
            agent(0, 4, ASKS),
            customer(4.5, 5, "行。"),
            agent(17, 19, "对不起，请您再稍等一下。"),
            customer(19.2, 20.2, reply),
            agent(32, 36, BACK),
        )
    )


@pytest.mark.parametrize(
    ("silence_s", "asker", "answerer", "found"),
    [
        (7.5, customer, agent, 0),  # a slow answer is no hold
        (9.0, customer, agent, 1),  # the agent owes an answer
        (9.0, agent, customer, 0),  # the customer thinks
        (16.0, agent, customer, 1),  # too long to be anything else
    ],
)
def test_length_and_whose_turn_decide_when_nothing_was_announced(silence_s, asker, answerer, found):
    spoken = (
        agent(-5, -1, "您好，请问有什么可以帮您"),
        asker(0, 3, "这个套餐每个月多少钱呢"),
        answerer(3 + silence_s, 6 + silence_s, "每个月五十九元"),
    )
    assert len(holds(*spoken)) == found


def test_waiting_for_an_answer_is_no_hold():
    assert holds(customer(0, 1, "喂"), agent(20, 23, "您好，请问有什么可以帮您")) == ()


def test_music_makes_a_hold_and_ends_it():
    sounds = Sounds(music=(Span(4.0, 14.2),))
    (hold,) = holds(agent(0, 3, "给您转接"), customer(15, 16, "喂"), sounds=sounds)
    assert hold.get("kind") == "music"
    assert (hold.start_s, hold.end_s) == (3, 14.2)


def test_a_call_that_ends_in_a_hold_has_no_return():
    (hold,) = holds(agent(0, 3, ASKS), customer(3.5, 4, "好"), end_s=20.0)
    assert hold.get("returned") is False
    assert hold.get("return_courtesy") is None
    assert find_closing_silence((Span(0, 4),), (hold,), end_s=20.0) == ()


def test_closing_silence_is_what_follows_the_last_word():
    (silence,) = find_closing_silence((Span(0, 4),), (), end_s=10.0)
    assert (silence.start_s, silence.end_s) == (4, 10.0)
    assert find_closing_silence((Span(0, 4),), (), end_s=8.0) == ()


def test_non_talk_needs_more_than_three_seconds():
    spoken = (Span(0, 1), Span(4, 5), Span(8.1, 9))
    assert [(e.start_s, e.end_s) for e in find_non_talk(spoken)] == [(5, 8.1)]


def test_silence_everywhere_has_no_holds():
    assert find_holds((), (), sounds=Sounds(), end_s=60.0) == ()


@pytest.mark.parametrize(
    ("said", "announced"),
    [
        ("林女士鱼行鱼手等", True),
        ("我拿东议下", True),
        ("登记相", True),
        ("Could you hold her moment please?", True),
        ("给你转计费部门吧", True),
        ("谢谢您的耐心等大", False),
        ("这是网站上的规定", False),
        ("我试试看吧", False),
    ],
)
def test_an_announcement_that_was_misheard_still_counts_before_a_long_silence(said, announced):
    (hold,) = holds(agent(0, 2, said), agent(25, 28, "好了，可以了。"))
    assert hold.get("announced") is announced


def test_misheard_words_of_an_announcement_give_no_reason():
    (hold,) = holds(agent(0, 1, "登记相"), agent(25, 28, "好了。"))
    assert (hold.get("announced"), hold.get("reason_given")) == (True, False)


def test_a_transfer_is_a_reason():
    (hold,) = holds(agent(0, 3, "我给您转接计费部门"), agent(25, 28, "好了。"))
    assert (hold.get("announced"), hold.get("reason_given")) == (True, True)


def test_on_a_call_of_unknown_voices_nobody_knows_who_announced():
    (hold,) = holds(say(Role.UNKNOWN, 0, 3, ASKS), say(Role.UNKNOWN, 13, 16, "可以了。"))
    assert [hold.get(n) for n in ("announced", "consent", "reason_given", "return_courtesy")] == [None] * 4
    assert hold.get("unknown_because") == "no voice is known to be the agent's"
