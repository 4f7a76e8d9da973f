import time

import pytest

from pipeline.wording.lexicon import ACKNOWLEDGEMENTS, is_acknowledgement


@pytest.mark.parametrize(
    "text",
    ["嗯", "嗯，嗯。", "哦，好的", "对对对", "是的，我明白了", "OK", "Uh huh, I see.", "好好好", "您继续说"],
)
def test_acknowledgements(text: str) -> None:
    assert is_acknowledgement(text)


@pytest.mark.parametrize(
    "text", ["", "……", "好的，我帮您查", "对不起", "是的，退票要手续费", "okay let me check"]
)
def test_content_is_not_acknowledgement(text: str) -> None:
    assert not is_acknowledgement(text)


def test_many_ambiguous_words_are_decided_at_once() -> None:
    started = time.perf_counter()
    assert not is_acknowledgement("好的" * 200 + "票")
    assert time.perf_counter() - started < 1.0


def test_the_list_holds_each_word_once_in_lower_case() -> None:
    assert len(set(ACKNOWLEDGEMENTS)) == len(ACKNOWLEDGEMENTS)
    assert all(word == word.lower() for word in ACKNOWLEDGEMENTS)
