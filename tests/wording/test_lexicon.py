import time

import pytest

from pipeline.wording import lexicon
from pipeline.wording.lexicon import counts, is_acknowledgement


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


@pytest.mark.parametrize(
    ("words", "text", "count"),
    [
        (lexicon.COURTESY, "您好，请问有什么可以帮您？", 2),
        (lexicon.COURTESY, "對不起，讓您久等了。謝謝！", 3),
        (lexicon.COURTESY, "查一下", 0),
        (lexicon.TICS, "那个……就是说，嗯，那个", 4),
        (("mm",), "comma mm", 1),
        ((), "您好", 0),
        (lexicon.HOLD_ANNOUNCEMENTS, "您请稍等，我帮您查询一下。Hold on, please.", 3),
        (lexicon.RETURN_COURTESY, "I am sorry to keep you waiting", 1),
    ],
)
def test_counts(words: tuple[str, ...], text: str, count: int) -> None:
    assert counts(words, text) == count


@pytest.mark.parametrize(
    "words",
    [value for name, value in vars(lexicon).items() if name.isupper() and isinstance(value, tuple)],
)
def test_lists_hold_simplified_lower_case_words_once(words: tuple[str, ...]) -> None:
    assert len(set(words)) == len(words)
    assert all(counts((word,), word) == 1 for word in words)
