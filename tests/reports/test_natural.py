from __future__ import annotations

import pytest

from pipeline.reports.natural import natural_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["一组", "二组", "三组", "十组", "十一组", "二十组", "一百零二组"],
        ["组 2", "组 10"],
        ["A", "A2", "A10", "B1"],
        ["", "1", "9" * 5000, "北京", "北京两班", "北京三班"],
        ["二〇二五届", "二〇二六届"],
    ],
)
def test_numbers_in_names_count_as_numbers(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=natural_key) == ordered
