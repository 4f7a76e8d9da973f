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


def test_whoever_answers_speaks_first():
    one, other = say("好的我帮您查"), say("嗯那个")
    later = [replace(u, start_s=u.start_s + 2, end_s=u.end_s + 2) for u in other]
    assert assign_roles(None, [one, later], direction="inbound").roles == (Role.AGENT, Role.CUSTOMER)
    assert Role.AGENT not in assign_roles(None, [one, later]).roles
    asks, sells = say("哪里啊"), [replace(u, start_s=u.start_s + 2) for u in say("您好")]
    assert assign_roles(None, [asks, sells], direction="outbound").roles == (Role.CUSTOMER, Role.AGENT)


def test_one_person_divided_in_two_does_not_become_a_customer():
    layout = assign_roles(None, [say(AGENT[0]), say("您的电话没有声音")], separated=False, two_voices=0.2)
    assert Role.AGENT not in layout.roles
    assert "alike" in layout.evidence
    told = assign_roles(None, [say(AGENT[0]), say("我想问一下我的订单")], separated=False, two_voices=0.2)
    assert told.roles[0] is Role.AGENT
