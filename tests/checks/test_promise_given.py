from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.promise_given import PromiseGiven

TIMED = PromiseGiven(after="complaint", time_required=True, vague=("等通知 / 回头再说",))
ACTION = PromiseGiven(after="complaint", time_required=False, vague=("等通知 / 回头再说",))
UPSET = "customer: 我要投诉，你们送来的锅是碎的。\n"


@pytest.mark.parametrize(
    ("check", "source", "wanted"),
    [
        (TIMED, f"{UPSET}agent: 我给您补发一个新的，三天以内送到。", PASS),
        (TIMED, f"{UPSET}agent: 24小时内给您答复，您看可以吗？", PASS),
        (TIMED, f"{UPSET}agent: 师傅明天上午上门。", PASS),
        (TIMED, f"{UPSET}agent: 我马上为您处理。", UNDETERMINED),
        (TIMED, f"{UPSET}agent: 我们会尽快为您处理的。", FAIL),
        (TIMED, f"{UPSET}agent: 换不了，这个我们不管。", FAIL),
        (TIMED, f"{UPSET}agent: 你自己联系厂家，他们三天内会回。", FAIL),
        (TIMED, f"{UPSET}agent: 每月十块，开了三个月，就这样。", FAIL),
        (TIMED, f"{UPSET}agent(heard 0.3): 换不了，这个我们不管。", UNDETERMINED),
        (TIMED, "customer: 我想买个锅。\nagent: 好的。", NOT_APPLICABLE),
        (ACTION, f"{UPSET}agent: 明天给您换一个新的。", PASS),
        (ACTION, f"{UPSET}agent: 我给您换一个新的。", UNDETERMINED),
        (ACTION, f"{UPSET}agent: 我给您反映处理一下，您等通知吧。", FAIL),
        (ACTION, f"{UPSET}agent: 等通知。", FAIL),
        (ACTION, f"{UPSET}agent: 退款要商家同意的，我这边做不了主。", FAIL),
        (ACTION, f"{UPSET}agent: 修好了就来了呗。", FAIL),
    ],
)
def test_promise_given(check: PromiseGiven, source: str, wanted: Verdict) -> None:
    assert verdict(check, source) is wanted
