from __future__ import annotations

import pytest
from judged import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.phrase_forbidden import PhraseForbidden

CHECK = PhraseForbidden(
    phrases=("讲话", "大声点我听不清", "你听明白了吗", "不能办就是不能办", "你有完没完"),
    near=("有完没完",),
    allowed=("我没说你有完没完",),
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("agent: 不能办就是不能办！", FAIL),
        ("agent: 不能伴就是不能办", FAIL),
        ("agent: 喂，讲话！", FAIL),
        ("agent: 您讲话的声音有点小。", PASS),
        ("agent: 请您大声一点，好吗？", PASS),
        ("agent: 大声点，我听不清！", FAIL),
        ("agent: 您讲话大声一点，我听不清。", UNDETERMINED),
        ("agent: 您等一下，大声点，我听不清！", FAIL),
        ("agent: 麻烦你大声点，我听不清。", PASS),
        ("agent: 要申请不能办就是不能办！", FAIL),
        ("agent: 请问您听明白了吗？", PASS),
        ("agent: 您听明白了吗？", UNDETERMINED),
        ("agent: 你有玩没完", FAIL),
        ("agent: 真是有完没完。", UNDETERMINED),
        ("agent: 我没说你有完没完，您别误会。", PASS),
        ("agent: 不能办就是不能办，请您理解。", UNDETERMINED),
        ("customer: 你有完没完！\nagent: 对不起，马上就好。", PASS),
        ("unknown: 你有完没完！", UNDETERMINED),
        ("agent: 讲话！\nunknown: 你这人怎么这样。", FAIL),
        ("agent(heard 0.3): 马上就给您修好。", UNDETERMINED),
        ("agent: It will be ready soon.", PASS),
        ("customer: 喂？", NOT_APPLICABLE),
    ],
)
def test_phrase_forbidden(source: str, wanted: Verdict) -> None:
    assert verdict(CHECK, source) is wanted
