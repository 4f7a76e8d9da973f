from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.evidence.words import count_words, find_words


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("请问，请您稍等", ["请", "请问"], ["请问", "请"]),
        ("那个部门，那个……好吧", ["，那个"], ["，那个", "，那个"]),
        ("把那个给我", ["，那个"], []),
        ("然后您点确认。然后……", ["然后，"], ["然后，"]),
        ("亲，在的。亲自来", ["，亲，"], ["，亲，"]),
        ("Thank you. THANKS", ["thank you", "thanks"], ["thank you", "thanks"]),
        ("thanksgiving", ["thanks"], []),
        ("申請，請", ["请"], ["请"]),
        ("", ["请"], []),
        ("a" * 5000, ["(a+)+$", ".*"], []),
    ],
)
def test_find_words(text: str, words: list[str], wanted: list[str]) -> None:
    assert [word for word, _ in find_words(text, words, not_counted=["申请"])] == wanted


@given(st.text("请问您好，。 ", max_size=20), st.integers(0, 5))
def test_places_are_shares_in_order(before: str, count: int) -> None:
    places = [at for _, at in find_words(before + "谢谢" * count, ["谢谢"])]
    assert len(places) == count
    assert places == sorted(places)
    assert all(0.0 <= at < 1.0 for at in places)


def test_count_words_of_several_texts() -> None:
    assert count_words(["请坐", "您请", "申请"], ["请"], not_counted=["申请"]) == 2
