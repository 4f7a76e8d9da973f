from __future__ import annotations

import pytest
from judged import FAIL, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.courtesy_words import CourtesyWords

CHECK = CourtesyWords(
    families={"您好": ("您好",), "请": ("请", "请问"), "谢谢": ("谢谢", "thank you"), "对不起": ("sorry",)},
    also=("再见", "please"),
    not_counted=("申请",),
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 您好，请问您要办什么业务？谢谢您的耐心。", PASS),
        ("agent: 喂，什么事快说，没事别占着线，后面还有人排队呢。", FAIL),
        ("agent: 要先申请才行，申请表自己去网上下载，填好再打过来。", FAIL),
        ("agent: 喂，什么事快说，没事别占着线，后面还有人排队呢。再见。", FAIL),
        ("agent: 喂，什么事。", UNDETERMINED),
        ("agent: 您好，" + "这个要到柜台办。" * 12 + "请带上证件。", UNDETERMINED),
        ("agent(heard 0.2): 喂，什么事快说，没事别占着线，后面还有人排队呢。", UNDETERMINED),
        ("agent: What do you want now, the shop is closed and nobody can come.", UNDETERMINED),
        ("unknown: 您好，请问您要办什么业务？谢谢您的耐心。", UNDETERMINED),
        ("agent: Thank you for calling. Please hold on. SORRY to keep you waiting.", PASS),
        ("agent: 那个很 pleased，sorryness 也算数，写得清清楚楚的你自己看。", FAIL),
    ],
)
def test_courtesy_words(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


def test_a_greeting_alone_is_not_often() -> None:
    often = CHECK.model_copy(update={"min_words": 3})
    assert verdict(CHECK, "agent: 您好，请问哪位？") is PASS
    assert verdict(often, "agent: 您好，请问哪位？我看一下您的单子到了没有。") is UNDETERMINED
    assert verdict(often, "agent: 您好，请问哪位？谢谢您。") is PASS


@pytest.mark.parametrize(
    ("greeting", "wanted"),
    [("您好，前台。", FAIL), ("前台。", FAIL), ("您好，请讲。", PASS), ("您好，你好，前台。", UNDETERMINED)],
)
def test_one_word_in_many_turns_is_no_habit(greeting: str, wanted: Verdict) -> None:
    rest = "customer: 空调坏了。\nagent: 房号报一下。\ncustomer: 三零二。\nagent: 等着，一会儿有人上去看。"
    assert verdict(CHECK, f"agent: {greeting}\n{rest}") is wanted


OPENING_APART = CourtesyWords.model_validate(
    {
        "families": {"您好": ["您好"], "请": ["请问"], "谢谢": ["谢谢"]},
        "min_words": 4,
        "beyond_opening": ["您"],
    }
)


@pytest.mark.parametrize(
    ("later", "wanted"),
    [
        (("户号报一下。", "四十二块。", "月底交。"), FAIL),
        (("您的户号报一下。", "您这月四十二块。", "您月底交。"), UNDETERMINED),
        (("户号报一下，谢谢。", "四十二块。", "月底交。"), UNDETERMINED),
        (("户号报一下。", "四十二块。"), UNDETERMINED),
    ],
)
def test_the_opening_formula_is_no_habit(later: tuple[str, ...], wanted: Verdict) -> None:
    turns = "".join(f"customer: 嗯。\nagent: {said}\n" for said in later)
    assert verdict(OPENING_APART, f"agent: 您好，请问您要办什么？\n{turns}") is wanted
