from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.reply_required import ReplyRequired

THANKS = ReplyRequired(to="thanks", phrases=("不用谢 / 不客气", "应该做的", "you are welcome"))
APOLOGY = ReplyRequired(to="apology", phrases=("没关系",))


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (THANKS, "customer: 太好了，谢谢你。\nagent: 不客气。", PASS),
        (THANKS, "customer: 多谢多谢。\nagent: 这是我们应该做的。", PASS),
        (THANKS, "customer: OK, thank you.\nagent: You are welcome.", PASS),
        (THANKS, "customer: 谢谢。\nagent: 不用谢。\ncustomer: 太谢谢了。\nagent: 那我挂了。", FAIL),
        (THANKS, "customer: 太好了，谢谢你。\nagent: 没别的事我挂了。", FAIL),
        (THANKS, "customer: 太好了，谢谢你。\n[silence 7]", FAIL),
        (THANKS, "customer: 太好了，谢谢你。", UNDETERMINED),
        (THANKS, "customer: 谢谢，那发票怎么开？\nagent: 在网上开。", UNDETERMINED),
        (THANKS, "customer: 谢谢，再见。\nagent: 再见。", UNDETERMINED),
        (THANKS, "agent: 您好。\ncustomer: 好的，谢谢。\n[hold 12 dead]\nagent: 查到了。", UNDETERMINED),
        (THANKS, "customer: 太好了，谢谢你。\nagent(heard 0.3): 没别的事我挂了。", UNDETERMINED),
        (THANKS, "customer: 太好了，谢谢你。\nagent: All right then, goodbye now.", UNDETERMINED),
        (THANKS, "unknown: 谢谢你。\nunknown: 那我挂了。", UNDETERMINED),
        (THANKS, "agent: 祝您愉快，再见！\ncustomer: 谢谢，再见。", NOT_APPLICABLE),
        (THANKS, "agent: 谢谢您。\ncustomer: 不用谢，我姓谢。", NOT_APPLICABLE),
        (APOLOGY, "customer: 刚才没接电话，不好意思啊。\nagent: 没关系。", PASS),
        (APOLOGY, "customer: 刚才没接电话，不好意思啊。\nagent: 快说什么事吧。", FAIL),
    ],
)
def test_reply_required(check: ReplyRequired, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted
