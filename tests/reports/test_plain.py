"""Text from outside is shown as it is, whatever it holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reports.plain import counted, plain_json, plain_text

EVIL = "a\x1b]0;owned\x07\x9b31m\u202eb\u2066\udc80\U000e0041\nc"


def test_nothing_commands_the_terminal() -> None:
    assert plain_text(EVIL) == "a�]0;owned��31m�b��� c"
    assert plain_text("a\nb\tc", lines=True) == "a\nb c"


def test_json_is_the_same_to_programs_and_harmless_to_terminals() -> None:
    told = plain_json(json.dumps({"name": EVIL}, ensure_ascii=False, indent=1))
    assert json.loads(told) == {"name": EVIL}
    assert not any(c != "\n" and plain_text(c) == "�" for c in told)


@given(st.text(st.characters()))
def test_any_text_survives_in_json(text: str) -> None:
    assert json.loads(plain_json(json.dumps([text], ensure_ascii=False))) == [text]


@pytest.mark.parametrize(("number", "words"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_one_of_a_thing_is_not_many(number: int, words: str) -> None:
    assert counted(number, "day") == words
