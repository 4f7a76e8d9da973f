from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.density_change import DensityChange

WORDS = ("您好", "请", "谢谢", "感谢", "祝您")
CHECK = DensityChange(words=WORDS, not_counted=("申请",), min_chars=30)
HALVES = DensityChange(words=WORDS, parts=2, first_per_100_chars=4.0, faster_at_most=1.5, min_chars=30)
START = "agent: 您好，请问您要挂哪个科？\ncustomer: 皮肤科。\n"
MIDDLE = "agent: 皮肤科在三楼，上午八点开始叫号，到了先在自助机上报到。\ncustomer: 好。\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (START + MIDDLE + "agent: 感谢您的来电，祝您健康，再见！", PASS),
        (START + MIDDLE + "agent: 那就这样，别的没有了，自己看短信。", FAIL),
        (START + MIDDLE + "agent: 那就这样，要申请退号自己弄，看短信。", FAIL),
        ("agent: 喂，挂哪个科？\n" + MIDDLE + "agent: 那就这样，别的没有了，自己看短信。", FAIL),
        ("agent: 喂，挂哪个科？\n" + MIDDLE + "agent: 感谢您的来电，祝您健康，再见！", UNDETERMINED),
        ("agent: 您好。\ncustomer: 挂号。\nagent: 挂哪科？", UNDETERMINED),
        (
            START.replace("agent", "unknown") + "unknown: 那就这样，别的没有了，自己看短信吧，在三楼。",
            UNDETERMINED,
        ),
        ("agent: Good morning, how may I help you? We open at eight and close at five.", UNDETERMINED),
    ],
)
def test_density_change(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted


def test_fewer_courtesies_are_not_none() -> None:
    check = DensityChange(words=WORDS, parts=2, pass_share=0.8, enough_per_100_chars=9.0, min_chars=30)
    assert verdict(check, START + MIDDLE + "agent: 别的就没有了，请看短信。") is UNDETERMINED


def test_only_a_courteous_start_can_fall_off() -> None:
    end = "agent: 那就这样，别的没有了，自己看短信，没事我挂了。"
    assert verdict(HALVES, START + MIDDLE + end) is FAIL
    assert verdict(HALVES, "agent: 喂，挂哪个科？\n" + MIDDLE + end) is NOT_APPLICABLE


def test_a_rushed_end_fails() -> None:
    end = "agent(pace {}): 感谢您的来电，请您留意短信，祝您早日康复，请您带好证件，谢谢您的配合，再见！"
    assert verdict(HALVES, START + MIDDLE + end.format(240)) is PASS
    assert verdict(HALVES, START + MIDDLE + end.format(480)) is FAIL


def test_shares_must_make_sense() -> None:
    with pytest.raises(ValidationError, match="exceeds"):
        DensityChange(words=WORDS, pass_share=0.1, fail_share=0.4)


def test_there_is_nothing_to_compare_where_nothing_is_said() -> None:
    assert verdict(DensityChange(words=WORDS, min_chars=0), "[ring 5]") is UNDETERMINED
