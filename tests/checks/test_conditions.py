from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from runpy import run_path

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

HELD = "agent: 请您稍等，好吗？\ncustomer: 好的。\n[hold 12 music]\nagent: 让您久等了。"
CASES = [
    ("inbound", "agent: 您好。", True),
    ("inbound", "@direction outbound\nagent: 您好。", False),
    ("inbound", "@direction unknown\nagent: 您好。", None),
    ("outbound", "@direction outbound\nagent: 您好。", True),
    ("outbound", "agent: 您好。", False),
    ("outbound", "@direction unknown\nagent: 您好。", None),
    ("hold", HELD, True),
    ("hold", "agent: 您好。\n[silence 6]\ncustomer: 我要报修。", False),
    ("hold", "agent: 请您报一下户号。\n[silence 20]\ncustomer: 三三零九。", False),
    ("customer_spoke", "agent: 您好。\ncustomer: 我要报修。", True),
    ("customer_spoke", "agent: 您好。\ncustomer: 喂。", False),
    ("customer_spoke", "unknown: 您好。\nunknown: 我要报修。", None),
    ("agent_spoke", "agent: 您好。", True),
    ("agent_spoke", "customer: 喂？", False),
    ("agent_spoke", "unknown: 您好，请讲。", None),
    ("agent_spoke", "unknown: 您好，请讲。\nunknown: 我要改预约。", True),
    ("name_known", "customer: 我姓裴，我要报修。", True),
    ("name_known", "@customer_name 裴\ncustomer: 我要报修。", True),
    ("name_known", "agent: 裴先生，您好。\ncustomer: 我要报修。", True),
    ("name_known", "agent: 这位先生，您好。\ncustomer: 我要报修。", False),
    ("name_known", "unknown: 您好，请讲。", False),
    ("name_known", "unknown: 您好，我姓简。", None),
    ("customer_thanks", "customer: 好的，谢谢你。", True),
    ("customer_thanks", "customer: OK, thank you.", True),
    ("customer_thanks", "agent: 谢谢您。\ncustomer: 不用谢。", False),
    ("customer_thanks", "customer: 我姓谢。", False),
    ("customer_thanks", "unknown: 好的，谢谢你。", None),
    ("put_off", "customer: 喂喂。\nagent: 对不起，请您换一部电话打过来，好吗？", True),
    ("put_off", "customer: 是家具店吗？\nagent: 您的电话有误，请查证后再拨。", True),
    ("put_off", "customer: 我要报修。\nagent: 已经为您登记了。", False),
    ("put_off", "customer: 我要报修。\nagent: 系统坏了，你晚点再打吧，挂了。", False),
    ("put_off", "customer: 我要报修。\nagent: 麻烦您晚点再打吧，别烦了。", False),
    ("put_off", "customer: 我要报修。\nagent: 你过一会儿再打。", False),
    ("put_off", "customer: 我要报修。\nagent: 抱歉，系统维护中，您挂了以后稍后再拨一次。", True),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, occasion.reason
    assert occasion.reason


def test_every_condition_is_tested_both_ways() -> None:
    seen = {(name, arises) for name, _, arises in _every_case()}
    assert {(name, way) for name in CONDITIONS for way in (True, False)} - seen == set()


def _every_case() -> Iterator[tuple[str, str, bool | None]]:
    """Cases of all test files of conditions: each lists them as ``CASES``."""
    files = sorted(Path(__file__).parent.glob("test_conditions*.py"))
    for file in files:
        yield from run_path(str(file))["CASES"]
