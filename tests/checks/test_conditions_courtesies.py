from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

CASES = [
    ("customer_praises", "customer: 你态度真好。", True),
    ("customer_praises", "customer: 你们医院的服务真不错。", True),
    ("customer_praises", "customer: 姑娘你真有耐心，我要表扬你。", True),
    ("customer_praises", "customer: 我给你们打五星好评。", True),
    ("customer_praises", "customer: You are very helpful.", True),
    ("customer_praises", "customer: 没有了，你这姑娘真不错。", True),
    ("customer_praises", "customer: 小伙子说话也和气。", True),
    ("customer_praises", "customer: 你们办事真利索，没想到这么快。", True),
    ("customer_praises", "customer: 你们的服务太贴心了。", True),
    ("customer_praises", "customer: 你说话客气点。", False),
    ("customer_praises", "customer: 你们办事太慢了。", False),
    ("customer_praises", "customer: 你说话太快了，没想到要等这么久。", False),
    ("customer_praises", "customer: 你们服务态度能不能好一点？", False),
    ("customer_praises", "customer: 你们的态度很不好。", False),
    ("customer_praises", "customer: 你好，好的。", False),
    ("customer_praises", "customer: 你好好想想。", False),
    ("customer_praises", "customer: 你声音真好听。", False),
    ("customer_praises", "agent: 祝您愉快，再见！\ncustomer: 你态度真好。", False),
    ("customer_praises", "unknown: 你态度真好。", None),
    ("customer_appreciates", "customer: 谢谢啊。", True),
    ("customer_thanks", "customer: 好嘞，那就麻烦你了，大夫。", True),
    ("customer_thanks", "customer: 辛苦你们了。", True),
    ("customer_thanks", "customer: 多亏你提醒我。", True),
    ("customer_thanks", "customer: 你可帮了我大忙了。", True),
    ("customer_thanks", "customer: 明白晒，唔该。", True),
    ("customer_thanks", "customer: 麻烦你帮我查一下。", False),
    ("customer_thanks", "customer: 那就不麻烦你了。", False),
    ("customer_thanks", "unknown: 不好意思，麻烦您了。", False),
    ("customer_appreciates", "customer: 你态度真好。", True),
    ("customer_appreciates", "customer: 好的，知道了。", False),
    ("customer_apologises", "customer: 哎呀，我记错日子了，不好意思啊。", True),
    ("customer_apologises", "customer: 对不起，刚才我话说重了。", True),
    ("customer_apologises", "customer: 不好意思啊。", True),
    ("customer_apologises", "customer: 不好意思，让你久等了。", True),
    ("customer_apologises", "customer: 哎，刚才嗓门大了点儿，对不住啊兄弟。", True),
    ("customer_apologises", "customer: 怪我，没看清楚说明。", True),
    ("customer_apologises", "customer: 哦，是我看错了日子。", True),
    ("customer_apologises", "customer: 让你白跑一趟，实在过意不去。", True),
    ("customer_apologises", "customer: 这不是我的错。", False),
    ("customer_apologises", "customer: 是我看错了还是你们写错了？", False),
    ("customer_apologises", "customer: 怎么还怪我了？", False),
    ("customer_apologises", "customer: 是我没收到货。", False),
    ("customer_apologises", "customer: Sorry, my mistake.", True),
    ("customer_apologises", "customer: 不好意思，请问你们几点下班？", False),
    ("customer_apologises", "customer: 不好意思，我没听清，再说一遍。", False),
    ("customer_apologises", "customer: 不好意思，刚才那个号码是多少？", False),
    ("customer_apologises", "customer: 一句对不起就完了吗？", False),
    ("customer_apologises", "customer: 你们得给我道歉。", False),
    ("customer_apologises", "unknown: 我记错日子了，不好意思啊。", None),
    ("customer_thanks", "unknown: 感谢您的来电，再见。", False),
    ("customer_thanks", "agent: 祝您愉快，再见！\ncustomer: 谢谢，再见。", False),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, (occasion.reason, occasion.quote)
    assert occasion.reason
