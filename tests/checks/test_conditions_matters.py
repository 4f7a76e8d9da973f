from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

CASES = [
    ("technical_fault", "customer: 你们的APP老是闪退。", True),
    ("technical_fault", "customer: 缴费的页面一直打不开，急死了。", True),
    ("technical_fault", "customer: 小程序点不进去。", True),
    ("technical_fault", "customer: 家里的网又断了，三天两头这样。", True),
    ("technical_fault", "customer: 你们自助机把我的卡吞了，屏幕还黑屏。", True),
    ("technical_fault", "customer: 网上缴费系同一直暴错。", True),
    ("technical_fault", "customer: The website keeps showing an error.", True),
    ("technical_fault", "customer: 光猫红灯闪半天了，网全断了。", True),
    ("technical_fault", "customer: 家里上不了网了。", True),
    ("technical_fault", "customer: 快递柜扫码打不开。", True),
    ("technical_fault", "customer: 手机银行老提示网络异常。", True),
    ("technical_fault", "customer: 你们的挂号网站这么慢，点了没动静。", True),
    ("technical_fault", "customer: 这周没网课吧？", False),
    ("technical_fault", "customer: 网点没开门怎么回事？", False),
    ("technical_fault", "customer: 平台怎么回事，乱扣我的钱。", False),
    ("technical_fault", "customer: 信号不好，我听不清。", False),
    ("technical_fault", "customer: 收到的杯子碎了。", False),
    ("technical_fault", "customer: 我的账单有问题。", False),
    ("technical_fault", "customer: 在系统里能查到我的预约吗？", False),
    ("technical_fault", "customer: 快递到了网点一直没动。", False),
    ("technical_fault", "unknown: 你们的系统又崩了。", None),
    ("wrong_number", "customer: 哎呀，我打错了。", True),
    ("wrong_number", "customer: 不好意思，打错电话了。", True),
    ("wrong_number", "customer: 是老王饭店吗？\nagent: 对不起，您的电话有误，请查证后再拨。", True),
    ("wrong_number", "customer: 是老王饭店吗？\nagent: 打错了，看清楚再打。", True),
    ("wrong_number", "customer: 是老王饭店吗？\nagent: 我们这里不是饭店，这里是供水热线。", True),
    ("wrong_number", "customer: 喂，是赵姐家吧？\nagent: 不是，这里是医院。", True),
    ("wrong_number", "customer: 哎，是老地方火锅店吗？\nagent: 抱歉，我们这里不是火锅店。", True),
    ("wrong_number", "customer: 哎哟，拨岔了。", True),
    ("wrong_number", "customer: 号码存错了，不好意思。", True),
    ("wrong_number", "customer: 是周三发货吗？\nagent: 不是，是周四。", False),
    ("wrong_number", "customer: 你是快递公司吗？\nagent: 不是，您稍等，我帮您转过去。", False),
    ("wrong_number", "customer: 我转账输错号码了。", False),
    ("wrong_number", "customer: 是不是打错卡号了？\nagent: 没有打错，请您放心。", False),
    ("wrong_number", "customer: 你们把我的名字打错了一个字。", False),
    ("wrong_number", "customer: 单子上地址打错了。", False),
    ("wrong_number", "agent: 您留的电话号码有误，请您更正一下。", False),
    ("wrong_number", "agent: 您的身份证号码不对。", False),
    ("wrong_number", "unknown: 打错电话了。", None),
    ("unclear_customer", "customer: 那个表啊，怎么说呢，我也说不清楚。", True),
    ("unclear_customer", "customer: 我这脑子乱得很。", True),
    ("unclear_customer", "customer: 我也不晓得咋跟你讲。", True),
    ("unclear_customer", "customer: 我不知道该怎么形容这个声音。", True),
    (
        "unclear_customer",
        "customer: 就是那个表，可能是那个管子，又好像不是，反正那个水就是，哎，也可能是楼上，"
        "然后那个物业来看了也没弄好，"
        "反正就是那个样子。",
        True,
    ),
    ("unclear_customer", "customer: 我上周订的那个房间，然后今天想改一下，可能要晚一天到。", False),
    ("unclear_customer", "customer: 你说得不清楚，再说一遍。", False),
    ("unclear_customer", "customer: 我普通话说不好。", False),
    ("unclear_customer", "unknown: 我也说不清楚。", None),
    ("nuisance", "customer: 没什么事，就想找个人聊聊天。", True),
    ("nuisance", "customer: 美女，陪我聊会儿吧。", True),
    ("nuisance", "customer: 你有男朋友吗？", True),
    ("nuisance", "customer: 没事，闲得慌，给爷乐一个。", True),
    ("nuisance", "customer: 睡不着，想找个人说说话。", True),
    ("nuisance", "customer: 唱首歌来听听呗。", True),
    ("nuisance", "customer: 我要找人工说话。", False),
    ("nuisance", "customer: 想找个人说说我这单子怎么回事。", False),
    ("nuisance", "customer: 我想查一下聊天记录怎么导出。", False),
    ("nuisance", "customer: 我想跟你聊一下方案的价格。", False),
    ("nuisance", "customer: 我的包裹怎么还没到？", False),
    ("nuisance", "unknown: 陪我聊两句呗。", None),
    ("other_language", "customer: Hello, I would like to book a room.", True),
    ("other_language", "customer: Do you speak English?", True),
    ("other_language", "customer: 你会说英语吗？", True),
    ("other_language", "customer: 我系香港人，唔识讲普通话。", True),
    ("other_language", "customer(language yue): 你好，我想查一下单。", True),
    ("other_language", "customer: 我普通话讲得不好，能讲粤语吗？", True),
    ("other_language", "customer: 我只会说四川话。", True),
    ("other_language", "customer: OK，谢谢，bye bye。", False),
    ("other_language", "customer: 你们有英文的账单吗？", False),
    ("other_language", "customer: 我要报英语课。", False),
    ("other_language", "customer: 请问粤语频道怎么订？", False),
    ("other_language", "customer(heard 0.3): Thank you for watching this video.", False),
    ("other_language", "unknown: Hello, I would like to book a room.", None),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, (occasion.reason, occasion.quote)
    assert occasion.reason


def test_a_fault_arises_once() -> None:
    call = dialogue_call("customer: 系统又崩了。\nagent: 抱歉。\ncustomer: 系统崩了我怎么挂号？")
    assert len(CONDITIONS["technical_fault"](call).moments) == 1
