from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Role, Utterance, Verdict
from pipeline.checks.evidence.questions import Wanted, find_questions
from pipeline.checks.questions_answered import QuestionsAnswered


def said(text: str) -> Utterance:
    return Utterance(0, Role.CUSTOMER, 0, 5, text, text, 10, 5, 0.9, "zh")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("什么时候能装好？", [Wanted.TIME]),
        ("几天能到啊", [Wanted.TIME]),
        ("安装费多少钱，几点上门？", [Wanted.AMOUNT, Wanted.TIME]),
        ("超出部分怎么收费？", [Wanted.AMOUNT]),
        ("运费谁承担？", [Wanted.PARTY]),
        ("能不能改地址", [Wanted.REPLY]),
        ("你们送货上门吗？", [Wanted.REPLY]),
        ("这几天一直在下雨。", []),
        ("我打了多少次电话了！", []),
        ("你这是什么态度！", []),
        ("我怎么知道啊？", []),
        ("我什么都不要了。", []),
    ],
)
def test_what_a_question_wants(text: str, wanted: list[Wanted]) -> None:
    assert [q.wanted for q in find_questions(said(text)) if not q.minor] == wanted


@pytest.mark.parametrize("text", ["喂，听得到吗？", "是五号楼对吧？", "您是哪位？", "啊？"])
def test_minor_questions(text: str) -> None:
    assert [q.minor for q in find_questions(said(text)) if q.minor]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("customer: 几天能到？\nagent: 三到五个工作日。", PASS),
        ("customer: 什么时候修？\nagent: 我帮您问一下师傅，马上给您回电话。", PASS),
        ("customer: 安装费多少钱？\nagent: 安装是免费的。", PASS),
        ("customer: 谁出运费？\nagent: 由商家承担。", PASS),
        ("customer: 能开发票吗？\nagent: 能。", PASS),
        ("customer: 司机电话多少？\nagent: 你自己打幺三九零四七七二八六五去。", PASS),
        ("customer: 怎么开发票？\nagent: 发票的话，登录网站，点我的订单。", PASS),
        ("customer: 怎么开发票？\nagent: 您登录网站，点我的订单。", PASS),
        ("customer: 怎么开发票？\nagent: 外面太阳真大啊，晒死人。", UNDETERMINED),
        ("customer: 能改签吗？\nagent: 这是航空公司的问题。\ncustomer: 唉。\nagent: 找航空公司去。", FAIL),
        ("customer: 能改签吗？\nagent: 这事不归客服管。", FAIL),
        ("customer: 订单在哪里？\nagent: 我帮您找一下去年的记录，在这里。", PASS),
        (
            "customer: 能开发票吗？\nagent: 对不起，没听清，请再说一遍。\ncustomer: 发票。\nagent: 可以开。",
            PASS,
        ),
        ("customer: 几天能到？\nagent: 你问我，我问谁？\ncustomer: 总得有个日子吧？\nagent: 等着吧。", FAIL),
        ("customer: 谁出运费？\nagent: 什么？听不到。\ncustomer: 运费谁出？\nagent: 大声点。", FAIL),
        ("customer: 停几天？能给个准话吗？\nagent: 给不了，我没办法。\ncustomer: 唉。", FAIL),
        ("customer: 能开发票吗？\nagent: 不归我管。\ncustomer: 唉。\nagent: 找店里去。", FAIL),
        ("agent: 您好。\ncustomer: 能开发票吗？\n[silence 8]", FAIL),
        ("agent: 您好。\ncustomer: 能开发票吗？", UNDETERMINED),
        ("customer: 能开发票吗？\nagent: 不归我管。\ncustomer: 唉。\nagent: 那你把单号给我。", UNDETERMINED),
        ("customer: 多少钱？\nagent: 要看您选哪一款。", UNDETERMINED),
        ("customer: 几天能到？\nagent: 您就放心吧。\ncustomer: 好的，谢谢。", UNDETERMINED),
        ("customer: 几天能到？\nagent: 请您换一部电话打过来，好吗？", UNDETERMINED),
        ("customer: 几天能到？\nagent(heard 0.3): 你等着就行了。", UNDETERMINED),
        ("unknown: 几天能到？\nunknown: 等着吧。", UNDETERMINED),
        ("customer: 改间手续废等了饭。\nagent: 都跟你说过了，听不懂吗。", UNDETERMINED),
        ("customer: 我要报修。\nagent: 好的。", NOT_APPLICABLE),
        ("customer: 你什么态度啊！\nagent: 挂了。", NOT_APPLICABLE),
        ("customer: 是五号楼对吧？\nagent: 是五号楼。", PASS),
        ("customer: 喂，听得到吗？\n[silence 8]", NOT_APPLICABLE),
    ],
)
def test_questions_answered(source: str, wanted: Verdict) -> None:
    assert verdict(QuestionsAnswered(), source) is wanted
