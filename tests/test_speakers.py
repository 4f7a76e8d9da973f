"""Who is on which channel: by metadata, by wording, or honestly unknown."""

import numpy as np
import pytest

from pipeline.call import Role, Utterance
from pipeline.speakers import assign_roles, distinct_channels

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


def test_a_mono_call_stored_twice_is_listened_to_once():
    signal = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    other = np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32)
    assert len(distinct_channels((signal, 0.5 * signal))) == 1
    assert len(distinct_channels((signal, other))) == 2


def test_a_channel_without_a_line_is_not_a_party():
    signal = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    line_noise = np.random.default_rng(1).normal(0, 0.001, 16000).astype(np.float32)
    assert len(distinct_channels((signal, np.zeros_like(signal)))) == 1
    assert len(distinct_channels((signal, line_noise))) == 2
