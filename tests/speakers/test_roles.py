"""Who is on which channel: by metadata, by wording, or honestly unknown."""

from dataclasses import replace

import pytest

from pipeline.call import Role, Utterance
from pipeline.speakers.roles import assign_roles

AGENT = [
    "您好，请问有什么可以帮您？",
    "请您稍等，我帮您查一下。",
    "对不起，让您久等了。",
    "感谢您的来电，再见。",
]
CALLER = ["我想查一下我的订单。", "好的。", "没有了，谢谢你。", "再见。"]


def say(*texts: str) -> list[Utterance]:
    return [
        Utterance(i, Role.UNKNOWN, 5.0 * i, 5.0 * i + 3, t, t, len(t), 3.0, 0.9, "zh")
        for i, t in enumerate(texts)
    ]


def test_metadata_decides_when_it_is_there():
    layout = assign_roles("right", [say(*AGENT), say(*CALLER)])
    assert (layout.roles, layout.agent_channel) == ((Role.CUSTOMER, Role.AGENT), "right")


@pytest.mark.parametrize(("left", "right", "side"), [(AGENT, CALLER, "left"), (CALLER, AGENT, "right")])
def test_wording_decides_otherwise(left, right, side):
    layout = assign_roles(None, [say(*left), say(*right)])
    assert layout.agent_channel == side
    assert layout.confidence >= 0.6


@pytest.mark.parametrize(("left", "right"), [(CALLER, CALLER), (AGENT, AGENT), (["喂"], ["喂"]), ([], [])])
def test_doubt_is_unknown_and_never_a_guess(left, right):
    layout = assign_roles(None, [say(*left), say(*right)])
    assert layout.roles == (Role.UNKNOWN, Role.UNKNOWN)
    assert layout.agent_channel is None


def test_mono_has_one_unknown_role():
    layout = assign_roles("left", [say(*AGENT, *CALLER)])
    assert (layout.roles, layout.separated) == ((Role.UNKNOWN,), False)
    assert layout.evidence


@pytest.mark.parametrize(("one", "other", "agent"), [(AGENT, CALLER, 0), (CALLER, AGENT, 1)])
def test_voices_on_one_line_get_roles_by_what_they_say(one, other, agent):
    layout = assign_roles(None, [say(*one), say(*other)], separated=False)
    assert layout.roles[agent] is Role.AGENT
    assert (layout.separated, layout.agent_channel) == (False, None)
    assert "agent's wording" in layout.evidence


def test_a_channel_map_says_nothing_about_voices_on_one_line():
    assert Role.AGENT not in assign_roles("left", [say("喂"), say("喂")], separated=False).roles


def test_callers_wording_counts_where_agents_say_nothing_telling():
    rude, caller = (
        say("什么事", "不知道。", "没有。"),
        say("我想问一下我的订单", "你们怎么还没发货", "我要投诉"),
    )
    assert assign_roles(None, [rude, caller]).roles == (Role.AGENT, Role.CUSTOMER)


def later(utterances: list[Utterance]) -> list[Utterance]:
    return [replace(u, start_s=u.start_s + 2, end_s=u.end_s + 2) for u in utterances]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("喂女士你好这里是丰台区", "嗯您说"),
        ("先生您好，我家宽带断了", "是的我知道"),
        ("女士您给看一下，我家没电了", "嗯，在听"),
        ("不客气，我家宽带断了", "是的我知道"),
        ("好的我帮您查", "嗯那个"),
        ("非常抱歉，打扰了，不客气", "嗯那个"),
        ("喂", "我的订单呢"),
    ],
)
@pytest.mark.parametrize("separated", [True, False])
def test_a_weak_hint_and_the_first_word_together_decide_nothing(one, other, separated):
    for direction in ("inbound", "outbound", None):
        said = [say(one), later(say(other))]
        layout = assign_roles(None, said, direction=direction, separated=separated)
        assert layout.roles == (Role.UNKNOWN, Role.UNKNOWN)
        swapped = assign_roles(None, said[::-1], direction=direction, separated=separated)
        assert swapped.roles == (Role.UNKNOWN, Role.UNKNOWN)


def test_whoever_answers_an_inbound_call_with_clear_wording_is_the_agent_more_surely():
    said = [say("您好，有什么可以帮您"), later(say("嗯那个"))]
    first, either = (assign_roles(None, said, direction=d) for d in ("inbound", None))
    assert first.roles == either.roles == (Role.AGENT, Role.CUSTOMER)
    assert first.confidence > either.confidence
    assert "answered the inbound call" in first.evidence


def test_clear_wording_of_whoever_speaks_second_is_less_sure_on_an_inbound_call():
    said = [say("嗯那个"), later(say("您好，有什么可以帮您"))]
    inbound, outbound = (assign_roles(None, said, direction=d) for d in ("inbound", "outbound"))
    assert inbound.confidence < outbound.confidence
    assert inbound.roles == (Role.UNKNOWN, Role.UNKNOWN)
    assert outbound.roles == (Role.CUSTOMER, Role.AGENT)


def test_whoever_is_called_answers_first():
    asks, sells = say("喂你好我在开会"), later(say("您好，这里是客户回访，为您服务"))
    either, outbound = (assign_roles(None, [asks, sells], direction=d) for d in (None, "outbound"))
    assert outbound.roles == (Role.CUSTOMER, Role.AGENT)
    assert outbound.confidence > either.confidence


def test_one_person_divided_in_two_does_not_become_a_customer():
    layout = assign_roles(None, [say(AGENT[0]), say("您的电话没有声音")], separated=False, two_voices=0.2)
    assert Role.AGENT not in layout.roles
    assert "alike" in layout.evidence
    told = assign_roles(None, [say(AGENT[0]), say("我想问一下我的订单")], separated=False, two_voices=0.2)
    assert told.roles[0] is Role.AGENT
