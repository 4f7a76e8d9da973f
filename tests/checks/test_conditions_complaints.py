from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

CALM = "customer(level -30): 您好，我问一下。\ncustomer(level -30): 上周送的那个锅。\n"
CASES = [
    # Two hints, or one that is addressed to the company, are a complaint; one hint may be something else.
    ("complaint", "customer: 等了一个星期都没人理。\nagent: 您稍等。\ncustomer: 我要投诉！", True),
    ("complaint", "customer: 你们每次都这样，每次来都说下次改。", True),
    ("complaint", "customer: 我要投诉，你们的护士态度不好。", True),
    ("complaint", "customer: 送来的锅是碎的，你们怎么发货的。", True),
    ("complaint", "customer: 说好上午来，我等了三个小时，连个电话都没有，你们师傅到现在也没来。", True),
    # The agent's answer tells that what was reported was a grievance.
    (
        "complaint",
        "customer: 你们那个灯坏了。\nagent: 由于我们工作的失误，给您造成麻烦，请您原谅。",
        True,
    ),
    ("complaint", "customer: 什么婆系统，老是报错。", None),
    # What was agreed and what came; the wait; the same every time.
    ("complaint", "customer: 说好的靠窗给我弄个过道。", True),
    ("complaint", "customer: 等了一个星期都没人理。", None),
    ("complaint", "customer: 每次都这样，每次来都说下次改。", True),
    ("complaint", "customer: 我妈发烧，急死我了，挂哪个科？", False),
    ("complaint", "customer: 麻烦你们了，你们说话真清楚。", False),
    ("complaint", "customer: 投诉电话是多少，我存一个。", False),
    ("complaint", "customer: 灯坏了两个，能派人来看看吗？\nagent: 好的。", False),
    ("complaint", "customer: 师傅态度特别好，我想表扬他。", False),
    ("complaint", "customer: 不是投诉，我就问一下。", False),
    ("complaint", "customer: 我不想投诉，就问一下。", False),
    # A recogniser leaves out commas: what is denied before the speaker names himself is something else.
    ("complaint", "customer: 上次来的师傅态度很不好我要投诉他。", True),
    ("complaint", "customer: 我填错地址了，能改吗？", False),
    ("complaint", "customer: 押金到现在都不退，打电话就推脱。", True),
    ("complaint", "customer: 都一个星期了怎么还没到。", None),
    # Signs of discontent: enough kinds, or two in different turns, and none that a question has as well.
    ("complaint", "customer: 你们护工把我爸摔了，也没人吭声。", True),
    ("complaint", "customer: 那个柜员爱答不理的，真没礼貌。", True),
    (
        "complaint",
        "customer: 师傅昨天来修水管，踩得地板全是泥，弄脏了地毯。\nagent: 嗯。\ncustomer: 真是服了。",
        True,
    ),
    ("complaint", "customer: 上次客服让我今天再打一次，能帮我查一下结果吗？", None),
    ("complaint", "customer: 水管漏水了，能派个师傅吗？\nagent: 好的。\ncustomer: 师傅说几点到？", None),
    ("complaint", "customer: 箱子给我摔断了轮子。\nagent: 实在抱歉，您人没事吧？", True),
    ("complaint", "customer: 我想订周六的位子，你们有包间吗？\nagent: 实在抱歉，周六没有包间了。", False),
    ("complaint", "unknown: 我要投诉，你们的护士态度不好。", None),
    ("angry_customer", "customer: 你们到底怎么搞的，太过分了！", True),
    ("angry_customer", f"{CALM}customer(level -20): 你们送来就是碎的，少发了一个盖子！", True),
    ("angry_customer", f"{CALM}customer(level -30): 送来就是碎的，少发了一个盖子。", False),
    ("angry_customer", f"{CALM}customer(level -20): 听得到吗？", False),
    ("angry_customer", "customer: 急死了，能快点吗？", False),
    ("angry_customer", "unknown: 你们到底怎么搞的，太过分了！", None),
    ("angry_customer", "customer: 你什么服务态度！", True),
    ("angry_customer", "customer: 我越想越来气。", True),
    ("impatient_customer", "customer: 赶紧给我查，别磨蹭！", True),
    ("impatient_customer", "customer: 刚才嗓门大了点儿，对不住。", True),
    ("impatient_customer", "customer: 我想问一下什么时候开门。", False),
    ("impatient_customer", "unknown: 赶紧给我查，别磨蹭！", None),
    ("company_at_fault", "customer: 你们把我的名字登记错了。", True),
    ("company_at_fault", "customer: 停水也不通知，你们太不像话了。", True),
    ("company_at_fault", "customer: 暖气停了，能派人来看看吗？", False),
    ("company_at_fault", "customer: 能不能把受益人改成我女儿？", False),
    ("company_at_fault", "customer: 灯坏了。\nagent: 确实是我们的错，马上给您换。", True),
    ("company_at_fault", "customer: 上个月刚修过，现在又漏水了。", True),
    ("company_at_fault", "customer: 我要投诉，师傅态度不好。", None),
    ("company_at_fault", "customer: 我填错地址了，能改吗？", False),
    ("company_at_fault", "customer: 灯坏了。\nagent: 这不是我们的责任。", False),
    ("complaint_or_follow_up", "agent: 您好。\ncustomer: 我要投诉，你们的护士态度不好。", True),
    (
        "complaint_or_follow_up",
        "@direction outbound\nagent: 您好，您上周报修的洗衣机，现在好用了吗？\ncustomer: 好用了。",
        True,
    ),
    (
        "complaint_or_follow_up",
        "@direction outbound\nagent: 您好，想给您介绍一款理财。\ncustomer: 不用了。",
        False,
    ),
    ("complaint_or_follow_up", "agent: 您好。\ncustomer: 几点关门？", False),
    ("own_mistake", "agent: 押金五百。\ncustomer: 是不是你看错了？", True),
    ("own_mistake", "agent: 明天八点。\ncustomer: 你刚才不是说九点吗？", True),
    ("own_mistake", "agent: 好的，黎女士。\ncustomer: 我一个男的，你叫我女士？", True),
    ("own_mistake", "agent: 五十元。\ncustomer: 你刚才说五十，那现在交还是以后交？", False),
    ("own_mistake", "agent: 抱歉，刚才我说错了，是三百。", True),
    ("own_mistake", "customer: 我说错了，是三零七。", False),
    ("own_mistake", "customer: 你们发错货了。", False),
    ("own_mistake", "agent: 我没看错，您再看看。\ncustomer: 好。", False),
    ("own_mistake", "unknown: 刚才我说错了，是三百。", None),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions_about_complaints(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, occasion.reason
    assert occasion.reason


def test_a_complaint_has_every_moment_in_order() -> None:
    source = (
        "customer: 你们怎么搞的！\nagent: 您说。\ncustomer: 名字打错了。\nagent: 哦。\ncustomer: 我要投诉你！"
    )
    moments = CONDITIONS["complaint"](dialogue_call(source)).moments
    assert [m.quote for m in moments] == ["你们怎么搞的！", "名字打错了。", "我要投诉你！"]


@pytest.mark.parametrize(
    ("source", "arises"),
    [
        # Why a service is given up is no complaint.
        ("customer: 我想取消自动续费，天天扣我钱。", False),
        ("customer: 我想取消自动续费，说好不扣的，结果又扣了我三个月，你们客服电话也打不通。", True),
        ("customer: 处理了？你们这叫什么处理，昨晚还在响。", True),
        ("customer: 合着你们谁都不认账。", True),
        ("customer: 这个功能有什么用？", False),
        ("customer: 护工把我爸的药给喂错了，这是要出人命的。", True),
        ("customer: 说是五星酒店，床单上还有血点子。", True),
        ("customer: 我排到跟前了窗口啪一关，说下班了。", True),
        ("customer: 教室冰冰凉，孩子冻病了两个。", True),
        ("customer: 分明是你们的问题，你反倒赖我。", True),
        ("customer: 你们店就这样做事的？", True),
        ("customer: 你给我个准话。\nagent: 什么？\ncustomer: 我那两百块就白付了。", True),
        ("customer: 货没收到。\nagent: 查到了，是我们前台登错了。", True),
        ("customer: 是不是你们的问题我不清楚，帮我查查。", False),
        ("customer: 都怪我记性不好，忘了续费。", False),
        ("customer: 灯不亮了，什么时候能来看看？", False),
        ("customer: 我把密码输错了三次，锁住了。", False),
        ("customer: 我不小心把合同弄丢了，怎么补？", False),
        ("customer: 家里灯泡坏了，你们能上门换吗？", False),
    ],
)
def test_what_is_a_complaint_in_other_words(source: str, arises: bool | None) -> None:
    assert CONDITIONS["complaint"](dialogue_call(source)).arises is arises
