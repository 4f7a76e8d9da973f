from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.transcribers.drafts import Draft, choose, collapse, compression_ratio, is_repetition


def draft(text: str, *, tokens: int = 5, mean_logprob: float = -0.3, clip_s: float = 4.0) -> Draft:
    return Draft(text, tokens, mean_logprob, "zh", clip_s)


@pytest.mark.parametrize(
    "text", ["再见再见", "再见，再见。", "你好什么事你好什么事", "再见再见再", "嗯嗯嗯嗯嗯嗯嗯"]
)
def test_a_text_said_over_and_over_is_a_repetition(text: str) -> None:
    assert is_repetition(text)


@pytest.mark.parametrize(
    "text", ["", "喂", "喂喂喂", "对对对", "谢谢", "您好，请问有什么可以帮您？", "好的，好吧"]
)
def test_ordinary_speech_is_not_a_repetition(text: str) -> None:
    assert not is_repetition(text)


@given(st.text(alphabet="你好什么事再见的", min_size=2, max_size=6), st.integers(2, 5))
def test_any_repeated_chunk_of_different_characters_is_found(chunk: str, times: int) -> None:
    assert is_repetition(chunk * times) or len(set(chunk)) == 1


def test_a_loop_compresses_and_a_sentence_does_not() -> None:
    assert compression_ratio("请您稍等一会儿" * 30) > 2.4
    assert compression_ratio("退票由我们退票组负责，您直接打退票组电话，早上八点半到晚上九点都有人接。") < 2.4
    assert compression_ratio("") == 0.0


def test_more_tokens_than_anyone_can_say_is_a_loop() -> None:
    assert draft("一二三四五六七八九十", tokens=30, clip_s=2.0).loops
    assert not draft("一二三四五六七八九十", tokens=20, clip_s=2.0).loops


def test_a_few_tokens_in_a_very_short_clip_are_no_loop() -> None:
    assert not draft("你好吗", tokens=5, clip_s=0.2).loops


@pytest.mark.parametrize(("logprob", "doubtful"), [(-0.99, False), (-1.01, True)])
def test_an_unlikely_text_is_doubtful(logprob: float, doubtful: bool) -> None:
    assert draft("请稍等", mean_logprob=logprob).doubtful is doubtful


def test_probability_is_the_exponential_of_the_mean_and_at_most_one() -> None:
    assert draft("好", mean_logprob=-0.5).probability == pytest.approx(math.exp(-0.5))
    assert draft("好", mean_logprob=1e-6).probability == 1.0


def test_the_draft_that_does_not_repeat_itself_is_chosen_over_a_likelier_one() -> None:
    looping, plain = draft("再见再见", mean_logprob=-0.1), draft("再见", mean_logprob=-0.8)
    assert choose(looping, plain) is plain
    assert choose(plain, looping) is plain


def test_of_two_plain_drafts_the_likelier_is_chosen() -> None:
    worse, better = draft("在这。", mean_logprob=-1.4), draft("再见", mean_logprob=-0.6)
    assert choose(worse, better) is better
    assert choose(better, worse) is better


def test_a_text_is_chosen_over_nothing() -> None:
    nothing, something = draft("", tokens=0, mean_logprob=-0.1), draft("没有了", mean_logprob=-1.2)
    assert choose(nothing, something) is something


def test_collapsing_keeps_one_of_three_or_more() -> None:
    assert collapse("好的" + "请您稍等" * 9) == "好的请您稍等"
    assert collapse("去过去过，去年") == "去过去过，去年"


def test_a_long_clip_with_hardly_any_words_is_decoded_again() -> None:
    assert draft("感谢您的来电，祝您愉快，再见。", tokens=13, clip_s=12.1).doubtful
    assert not draft("感谢您的来电，祝您愉快，再见。", tokens=13, clip_s=5.0).doubtful
    assert not draft("好的。", tokens=2, clip_s=3.0).doubtful


def test_text_is_silence_where_the_model_hears_nobody_and_finds_nothing_likely() -> None:
    assert Draft("录音", 2, -1.2, "zh", 4.0, no_speech=0.8).silent
    assert not Draft("录音", 2, -0.4, "zh", 4.0, no_speech=0.8).silent
    assert not Draft("喂，哪位", 4, -1.2, "zh", 4.0, no_speech=0.2).silent
