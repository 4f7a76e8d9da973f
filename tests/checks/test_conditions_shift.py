from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

CASES = [
    (
        "late_in_shift",
        "@started_at 2026-10-09T15:00:00+08:00\n@shift_started_at 2026-10-09T09:00:00+08:00",
        True,
    ),
    (
        "late_in_shift",
        "@started_at 2026-10-09T07:30:00+00:00\n@shift_started_at 2026-10-09T09:00:00+08:00",
        True,
    ),
    (
        "late_in_shift",
        "@started_at 2026-10-10T02:00:00+08:00\n@shift_started_at 2026-10-09T18:00:00+08:00",
        True,
    ),
    (
        "late_in_shift",
        "@started_at 2026-10-09T14:59:00+08:00\n@shift_started_at 2026-10-09T09:00:00+08:00",
        False,
    ),
    (
        "late_in_shift",
        "@started_at 2026-10-09T08:00:00+08:00\n@shift_started_at 2026-10-09T09:00:00+08:00",
        None,
    ),
    ("late_in_shift", "@started_at 2026-10-09T15:00:00+08:00", None),
    ("late_in_shift", "@shift_started_at 2026-10-09T09:00:00+08:00", None),
]


@pytest.mark.parametrize(("name", "header", "arises"), CASES)
def test_conditions(name: str, header: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(f"{header}\nagent: 您好。"))
    assert occasion.arises is arises, occasion.reason
    assert occasion.reason
