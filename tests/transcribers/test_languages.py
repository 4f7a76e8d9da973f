"""Which language a clip is in: known odds and decodes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transcribers.test_passes import AUTO, FakeRecogniser, clip, fine, hear

from pipeline.transcribers.drafts import Draft
from pipeline.transcribers.languages import (
    Voice,
    language_confidence,
    leans_to,
    listen_to_voices,
    spoken_language,
)
from pipeline.transcribers.recogniser import Decoded

EN, ZH, JA = {"en": 0.95, "zh": 0.02}, {"zh": 0.97, "en": 0.01}, {"ja": 0.9, "zh": 0.05}


def draft(
    text: str,
    *,
    language: str = "zh",
    mean_logprob: float = -0.3,
    seconds: float = 4.0,
    odds: Mapping[str, float] = ZH,
) -> Draft:
    return Draft(text, max(1, len(text)), mean_logprob, language, seconds, 0.0, odds)


def voices(*said: tuple[int, float, Mapping[str, float]]) -> dict[int, Voice]:
    drafts = {i: draft("好", seconds=s, odds=odds) for i, (_, s, odds) in enumerate(said)}
    return listen_to_voices(drafts, [number for number, _, _ in said])


def test_each_voice_speaks_what_most_of_its_speech_is_in() -> None:
    found = voices((0, 6.0, ZH), (0, 5.0, ZH), (1, 6.0, EN), (1, 4.0, EN))
    assert {number: voice.main for number, voice in found.items()} == {0: "zh", 1: "en"}


def test_a_voice_of_one_short_word_leans_on_the_call() -> None:
    assert voices((0, 20.0, EN), (1, 0.6, {"hi": 0.9}))[1].main == "en"
    assert voices((0, 20.0, ZH), (1, 0.6, {"hi": 0.9}))[1].main == "zh"


def test_a_little_speech_proves_no_language() -> None:
    assert voices((0, 2.0, EN))[0].main == "zh"


def test_speech_in_nothing_clear_and_hardly_mandarin_is_undetermined() -> None:
    assert voices((0, 6.0, {"la": 0.4, "lv": 0.3, "zh": 0.01}))[0].main == "und"
    assert voices((0, 6.0, {"la": 0.4, "lv": 0.3, "zh": 0.2}))[0].main == "zh"


@pytest.mark.parametrize(
    ("text", "odds", "main", "wanted"),
    [
        ("Thank you for calling", EN, "zh", "en"),
        ("OK", EN, "zh", "zh"),
        ("OK", EN, "en", "en"),
        ("2222", ZH, "en", "en"),
        ("好的", ZH, "en", "zh"),
        ("我要用WiFi", ZH, "zh", "zh"),
        ("", ZH, "en", "en"),
    ],
)
def test_the_script_and_the_voice_tell_english_from_mandarin(
    text: str, odds: Mapping[str, float], main: str, wanted: str
) -> None:
    assert spoken_language(draft(text, odds=odds), main) == wanted


def test_the_voices_language_is_preferred_unless_it_is_clearly_less_likely() -> None:
    other = draft("对。", mean_logprob=-1.0)
    assert leans_to(draft("Yes.", language="en", mean_logprob=-0.4), other)
    assert not leans_to(draft("Yes.", language="en", mean_logprob=-0.9), draft("对。", mean_logprob=-0.2))
    assert not leans_to(draft("", language="en"), other)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 29), st.floats(-3, 0))
def test_confidence_is_a_share_and_grows_with_the_odds(
    low: float, high: float, seconds: float, lp: float
) -> None:
    low, high = sorted((low, high))
    voice = Voice({"zh": 0.5}, 10.0)
    one, other = (
        language_confidence(draft("好", seconds=seconds, mean_logprob=lp, odds={"zh": p}), "zh", voice)
        for p in (low, high)
    )
    assert 0.0 <= one <= other <= 1.0


def in_english(_number: int, language: str, _again: bool) -> Decoded:
    return fine("Yes.", mean_logprob=-0.3) if language == "en" else fine("对。", mean_logprob=-0.9)


def test_a_short_clip_of_an_english_voice_is_heard_in_english() -> None:
    fake = FakeRecogniser(in_english, odds={0: EN, 1: {"en": 0.5, "zh": 0.3}})
    heard = hear(fake, [clip(0, seconds=5.0), clip(1, seconds=0.6)], AUTO)
    assert [(h.text, h.language) for h in heard] == [("Yes.", "en")] * 2


def test_a_short_clip_of_a_mandarin_voice_beside_an_english_one_is_not() -> None:
    fake = FakeRecogniser(in_english, odds={0: EN, 1: ZH, 2: {"en": 0.5, "zh": 0.3}})
    clips = [clip(0, seconds=5.0), clip(1, seconds=5.0), clip(2, seconds=0.6)]
    heard = hear(fake, clips, AUTO, voices=[0, 1, 1])
    assert [h.language for h in heard] == ["en", "zh", "zh"]


def test_a_foreign_voice_is_heard_in_its_language() -> None:
    fake = FakeRecogniser(lambda n, lang, _f: fine(f"{lang}{n}", mean_logprob=-0.3), odds={0: JA, 1: JA})
    heard = hear(fake, [clip(0, seconds=5.0), clip(1, seconds=2.0)], AUTO)
    assert [(h.text, h.language) for h in heard] == [("ja0", "ja"), ("ja1", "ja")]
    assert all(h.language_confidence > 0.8 for h in heard)


def silence(no_speech: float, mean_logprob: float) -> FakeRecogniser:
    return FakeRecogniser(lambda _n, _l, _f: Decoded("请坐下", 3, mean_logprob, no_speech))


@pytest.mark.parametrize(
    ("no_speech", "mean_logprob", "kept"), [(0.9, -1.2, False), (0.1, -1.2, True), (0.9, -0.3, True)]
)
def test_text_where_the_model_hears_nobody_is_dropped_and_counted(
    no_speech: float, mean_logprob: float, *, kept: bool
) -> None:
    (heard,) = hear(silence(no_speech, mean_logprob), [clip(0)], AUTO)
    assert (bool(heard.text), heard.removed) == (kept, 0 if kept else 1)
