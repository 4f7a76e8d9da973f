from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.transfer_completed import TransferCompleted

AGENT = "@hangup_side agent\n"
ANNOUNCED = "agent: 这个由理赔组负责，我帮您转接过去，请稍等。\ncustomer: 好的。\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (f"{ANNOUNCED}[hold 9 music]\nagent: 您好，理赔组。", PASS),
        (f"{ANNOUNCED}[hold 6 music]\nagent: 理赔组正忙，请他们给您回电话，可以吗？", PASS),
        (f"{AGENT}{ANNOUNCED}[hold 9 music]", FAIL),
        (f"@hangup_side customer\n{ANNOUNCED}[hold 9 music]", UNDETERMINED),
        (f"{ANNOUNCED}[hold 9 music]", UNDETERMINED),
        (f"{AGENT}{ANNOUNCED}", UNDETERMINED),
        (
            "agent: 给您转理赔组吧。\ncustomer: 你先听我说完，我上个月就报了，到现在没有人管，怎么回事？",
            NOT_APPLICABLE,
        ),
        ("agent: 您好。\ncustomer: 我要报案。\nagent: 好的，请您说。", NOT_APPLICABLE),
    ],
)
def test_transfer_completed(source: str, wanted: Verdict) -> None:
    assert verdict(TransferCompleted(), source) is wanted
