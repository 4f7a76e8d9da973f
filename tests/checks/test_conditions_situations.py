from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

ASKED = "agent: 您好，请问有什么可以帮您？\ncustomer: 我要改预约。\n"
LONG = (
    "agent: 改约要先在公众号里取消原来的号，取消以后号源退回号池，您再选新的日期，"
    "选好以后付一次挂号费，原来的挂号费三到五天退回。"
)
CASES = [
    ("agent_did_not_hear", ASKED + "agent: 抱歉，刚才没听清，您再说一遍可以吗？", True),
    ("agent_did_not_hear", ASKED + "agent: 什么？", True),
    ("agent_did_not_hear", ASKED + "agent: 喂，听不见，大点声。", True),
    ("agent_did_not_hear", ASKED + "agent: 您声音断断续续的，麻烦您重复一下。", True),
    ("agent_did_not_hear", ASKED + "agent: Sorry, could you repeat that?", True),
    ("agent_did_not_hear", ASKED + "agent: 对不起，我没有停清楚您的问题，请您再副述一遍好吗？", True),
    ("agent_did_not_hear", ASKED + "agent: 信号不好，刚才那句没听着。", True),
    ("agent_did_not_hear", ASKED + "agent: 你说的什么乱七八糟的，捡重点说。", False),
    ("agent_did_not_hear", ASKED + "agent: 说中文，我听不懂。", False),
    ("agent_did_not_hear", ASKED + "agent: 您刚才说的是什么时间？", False),
    ("agent_did_not_hear", ASKED + "agent: 好的，我再给您重复一遍，是下周三。您听得清楚吗？", False),
    ("agent_did_not_hear", ASKED + "agent: 您刚才没听清的话，我可以再说一遍。", False),
    ("agent_did_not_hear", "agent: 您好。\nagent: 对不起，听不到您的任何声音，请您挂机后重拨。", False),
    ("agent_did_not_hear", "unknown: 我要改预约。\nunknown: 什么？再说一遍。", None),
    ("explanation", ASKED + LONG, True),
    ("explanation", ASKED + "agent: 改到周三了。我说清楚了吗？", True),
    ("explanation", ASKED + "agent: 改到周三了。不知我是否把您的改约问题讲清楚了？", True),
    ("explanation", ASKED + "agent: 改到周三了，请您带好身份证。", False),
    ("explanation", ASKED + LONG.rstrip("。") + "，您看这样可以吗？", False),
    (
        "explanation",
        ASKED
        + "agent: 非常抱歉，给您添麻烦了，您的心情我非常理解，谢谢您提出的宝贵意见，"
        + "我们会及时转达给有关部门，"
        "再次感谢您对我们医院的关心和支持，也请您原谅我们的不周到。",
        False,
    ),
    ("explanation", "unknown: 我要改预约。\nunknown" + LONG.removeprefix("agent"), None),
    ("look_up", ASKED + "agent: 您请稍等，我帮您查询一下。\ncustomer: 好。", True),
    ("look_up", ASKED + "[hold 12 typing]\nagent: 改好了。", True),
    ("look_up", ASKED + "agent: 等一下。\n[hold 12 dead]\nagent: 改好了。", True),
    (
        "look_up",
        ASKED
        + "agent: 我跟门诊核对一下，麻烦您稍等。\ncustomer: 好，谢谢。\nagent: 不用谢。\n"
        + "[hold 12 dead]\nagent: 好了。",
        True,
    ),
    ("look_up", ASKED + "agent(heard 0.5): 雨行手灯。\n[hold 16 dead]\nagent: 改好了。", None),
    ("look_up", ASKED + "agent: 我帮您转接门诊部。\n[hold 12 music]\nagent: 接通了，请讲。", False),
    ("look_up", ASKED + "agent: 好的，我给您看看啊。", True),
    ("look_up", ASKED + "agent: 请您稍等，我去系统里核实一下。", True),
    ("look_up", ASKED + "agent: 您可以在公众号里查一下。", False),
    ("look_up", ASKED + "agent: 好的，改到周三了。", False),
    ("unknown_matter", ASKED + "agent: 这个我不太清楚。", True),
    ("unknown_matter", ASKED + "agent: 这个需要核实，我让相关负责人给您回电话。", True),
    ("unknown_matter", ASKED + "agent: 我帮您请教一下科里的老师。", True),
    ("unknown_matter", ASKED + "agent: 好像可以改吧。", True),
    ("unknown_matter", ASKED + "agent: 可能能改吧。\ncustomer: 到底能不能？\nagent: 应该能吧。", True),
    ("unknown_matter", ASKED + "agent: I'm not sure about that.", True),
    ("unknown_matter", ASKED + "agent: 应该是吧，大概可以吧。", True),
    ("unknown_matter", ASKED + "agent: 这我哪知道啊。", True),
    ("unknown_matter", ASKED + "agent: 这个我也拿不准。", True),
    ("unknown_matter", ASKED + "agent: 这个我需要跟工程部确认。", True),
    ("unknown_matter", ASKED + "agent: 您要是弄不清，我给您说一下。", False),
    ("unknown_matter", ASKED + "agent: 您需要跟银行确认。", False),
    ("unknown_matter", ASKED + "agent: 大概三天能改好吧。", False),
    ("unknown_matter", ASKED + "agent: 需要跟您核实一下身份信息，不知您是否方便？", False),
    ("unknown_matter", ASKED + "agent: 不知我说的是不是够明白？还有什么不清楚的吗？", False),
    ("unknown_matter", ASKED + "agent: 请问您需要咨询什么业务？", False),
    ("unknown_matter", ASKED + "agent: 我听不清楚，请您再说一遍，好吗？", False),
    ("unknown_matter", "unknown: 能改吗？\nunknown: 这个我不太清楚。", None),
    ("not_offered", ASKED + "agent: 对不起，我们目前暂未开通这项业务。", True),
    ("not_offered", ASKED + "agent: 没有这个服务。", True),
    ("not_offered", ASKED + "agent: 我们还没有开展上门采血。", True),
    ("not_offered", ASKED + "agent: 这个我们没开这块业务。", True),
    ("not_offered", ASKED + "agent: 我们这边不提供送货上门。", True),
    ("not_offered", ASKED + "agent: 您的号码还没有开通国际漫游。", False),
    ("not_offered", ASKED + "agent: 周三没有号了。", False),
    ("not_offered", "unknown: 能改吗？\nunknown: 没有这个服务。", None),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, (occasion.reason, occasion.quote)
    assert occasion.reason


def test_an_update_in_a_wait_is_no_look_up_of_its_own() -> None:
    source = (
        ASKED
        + "agent: 请您稍等。\n[hold 12 dead]\nagent: 对不起，请再等一下。\n[hold 12 dead]\nagent: 改好了。"
    )
    occasion = CONDITIONS["look_up"](dialogue_call(source))
    assert [m.quote for m in occasion.moments] == ["请您稍等。"]


def test_unheard_speech_of_the_agent_leaves_it_open() -> None:
    call = dialogue_call(
        ASKED + "agent: 好的，改到周三了，请您带好身份证和病历，提前半个小时到门诊二楼取号。"
    )
    deaf = replace(call, utterances=tuple(u for u in call.utterances if "周三" not in u.text))
    assert CONDITIONS["not_offered"](call).arises is False
    assert CONDITIONS["not_offered"](deaf).arises is None
