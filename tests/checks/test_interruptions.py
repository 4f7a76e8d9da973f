from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.interruptions import Interruptions

LONG = "customer: 我上周在你们店里买的电风扇，回家一开就有怪味，我想换一台新的。\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (LONG + "agent: 可以换的。", PASS),
        (LONG + "agent(-2): 嗯，是的。", PASS),
        (LONG + "agent(-3.5): 换不了的，开过机一律不换，您别说了。", FAIL),
        (
            "agent: 您要换的话带上小票和原来的包装盒，到店里来就可以。\ncustomer(-4): 可我的小票早就丢了啊。",
            PASS,
        ),
        ("@mono\n" + LONG + "agent: 可以换的。", UNDETERMINED),
        ("[ring 5]", NOT_APPLICABLE),
        ("customer: 喂，你好，有人吗？", NOT_APPLICABLE),
        ("agent: 您好，请讲。", NOT_APPLICABLE),
    ],
)
def test_interruptions(source: str, wanted: Verdict) -> None:
    assert verdict(Interruptions(), source) is wanted


def test_so_many_may_be_allowed() -> None:
    assert verdict(Interruptions(at_most=1), LONG + "agent(-3.5): 换不了的，开过机一律不换。") is PASS
