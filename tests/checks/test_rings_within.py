from __future__ import annotations

import pytest
from judged import FAIL, PASS, UNDETERMINED, verdict

from pipeline.call import Verdict
from pipeline.checks.rings_within import RingsWithin


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("@ring_s 0\nagent: 您好。", PASS),
        ("@ring_s 10\nagent: 您好。", PASS),
        ("@ring_s 10.5\nagent: 您好。", FAIL),
        ("[ring 9]\nagent: 您好。", PASS),
        ("[ring 13]\nagent: 您好。", FAIL),
        ("@ring_s 8\n[ring 13]\nagent: 您好。", PASS),
        ("agent: 您好。", UNDETERMINED),
    ],
)
def test_a_ring_begun_counts_and_the_log_goes_first(source: str, wanted: Verdict) -> None:
    assert verdict(RingsWithin(rings=2), source) is wanted
