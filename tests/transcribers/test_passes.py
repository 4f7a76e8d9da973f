from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from pipeline.transcribers import passes
from pipeline.transcribers.base import SAMPLE_RATE_HZ, CallClips, Clip, Heard, TranscriberOptions
from pipeline.transcribers.drafts import Draft
from pipeline.transcribers.passes import SECOND_BEAM, proves_english
from pipeline.transcribers.recogniser import Decoded

PLAIN = TranscriberOptions(language="zh", batch_size=4)
AUTO = TranscriberOptions(batch_size=4)


def clip(number: int, *, seconds: float = 3.0) -> Clip:
    """A clip whose samples all say its number, so that a fake can recognise it."""
    return np.full(round(seconds * SAMPLE_RATE_HZ), number, np.float32)


@dataclass
class FakeRecogniser:
    """Answers by clip number; remembers what it was asked."""

    answer: Callable[[int, str, bool], Decoded]
    odds: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    windows_s: list[float] = field(default_factory=list)
    asked: list[tuple[int, str, str, int]] = field(default_factory=list)

    def encode(self, clips: Sequence[Clip], *, window_s: float) -> list[int]:
        self.windows_s.append(window_s)
        return [int(c[0]) for c in clips]

    def detect_languages(self, encoded: list[int]) -> list[Mapping[str, float]]:
        return [self.odds.get(number, {"zh": 1.0}) for number in encoded]

    def generate(
        self, encoded: list[int], rows: Sequence[int], *, language: str, prompt: str, beam_size: int
    ) -> list[Decoded]:
        numbers = [encoded[row] for row in rows]
        self.asked += [(number, language, prompt, beam_size) for number in numbers]
        return [self.answer(number, language, beam_size == SECOND_BEAM) for number in numbers]


def hear(
    recogniser: FakeRecogniser,
    clips: Sequence[Clip],
    options: TranscriberOptions,
    *,
    voices: Sequence[int] | None = None,
) -> list[Heard]:
    """What is heard in the clips of one call."""
    (heard,) = passes.hear(recogniser, [CallClips(clips, voices)], options)
    return heard


def fine(text: str, *, mean_logprob: float = -0.3) -> Decoded:
    return Decoded(text, max(1, len(text) // 2), mean_logprob)


def test_answers_come_in_the_order_of_the_clips_whatever_the_batches() -> None:
    clips = [clip(n, seconds=1 + (n * 7) % 5) for n in range(11)]
    fake = FakeRecogniser(lambda n, _l, _f: fine(f"第{n}句"))
    assert [h.text for h in hear(fake, clips, PLAIN)] == [f"第{n}句" for n in range(11)]
    assert len(fake.windows_s) == 5


def test_calls_share_batches_and_keep_their_own_voices() -> None:
    odds = {0: {"en": 0.95}, 1: {"zh": 0.9}, 2: {"zh": 0.9}}
    fake = FakeRecogniser(lambda n, lang, _f: fine(f"{n} {lang}", mean_logprob=-0.2), odds)
    alone = [hear(fake, [clip(n, seconds=5)], AUTO) for n in range(3)]
    fake.windows_s.clear()
    together = passes.hear(fake, [CallClips([clip(n, seconds=5)]) for n in range(3)], AUTO)
    assert together == alone
    assert fake.windows_s[0] == 8.0
    assert len(fake.windows_s) < 3


def test_a_repetition_is_decoded_again_in_a_longer_window_with_a_wider_beam() -> None:
    fake = FakeRecogniser(lambda n, _l, again: fine("再见" if again or n == 1 else "再见再见"))
    first, second = hear(fake, [clip(0, seconds=0.6), clip(1, seconds=0.6)], PLAIN)
    assert (first.text, first.redecoded) == ("再见", True)
    assert (second.text, second.redecoded) == ("再见", False)
    assert fake.windows_s == [4.0, 11.0]
    assert fake.asked[-1] == (0, "zh", PLAIN.prompt, 5)


def test_the_first_draft_stays_when_the_second_is_worse() -> None:
    fake = FakeRecogniser(lambda _n, _l, again: fine("没这业务", mean_logprob=-1.6 if again else -1.1))
    (heard,) = hear(fake, [clip(0)], PLAIN)
    assert heard.redecoded
    assert heard.confidence == pytest.approx(np.exp(-1.1))


def test_a_loop_in_both_drafts_is_written_once_and_counted() -> None:
    fake = FakeRecogniser(lambda _n, _l, _f: Decoded("请您稍等" * 40, 160, -0.2))
    (heard,) = hear(fake, [clip(0)], PLAIN)
    assert (heard.text, heard.removed, heard.redecoded) == ("请您稍等", 1, True)


def test_invented_text_leaves_no_text_no_confidence_and_a_count() -> None:
    fake = FakeRecogniser(lambda _n, _l, _f: fine("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"))
    (heard,) = hear(fake, [clip(0, seconds=9)], PLAIN)
    assert (heard.text, heard.confidence, heard.removed) == ("", 0.0, 1)


def test_an_empty_clip_is_not_sent_to_the_recogniser() -> None:
    fake = FakeRecogniser(lambda _n, _l, _f: fine("好的"))
    empty, spoken = hear(fake, [np.zeros(0, np.float32), clip(1)], PLAIN)
    assert (empty.text, empty.confidence, spoken.text) == ("", 0.0, "好的")
    assert [number for number, *_ in fake.asked] == [1]


def test_no_clips_give_no_answers() -> None:
    assert hear(FakeRecogniser(lambda _n, _l, _f: fine("好的")), [], AUTO) == []


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.zeros(16_000, np.float64), "float64"),
        (np.zeros((2, 16_000), np.float32), r"\(2, 16000\)"),
        (np.zeros(int(29.5 * 16_000), np.float32), "29.50 s"),
    ],
)
def test_a_clip_that_cannot_be_taken_is_named(bad: Clip, message: str) -> None:
    fake = FakeRecogniser(lambda _n, _l, _f: fine("好的"))
    with pytest.raises(ValueError, match=f"clip 1.*{message}"):
        hear(fake, [clip(0), bad], PLAIN)


def english_or_not(_number: int, language: str, _again: bool) -> Decoded:
    if language == "en":
        return fine("Thank you for calling.", mean_logprob=-0.3)
    return fine("谢谢你打电话", mean_logprob=-0.8)


def test_a_clip_whose_english_decode_is_likelier_is_english() -> None:
    fake = FakeRecogniser(english_or_not, odds={0: {"zh": 0.3, "en": 0.6}, 1: {"zh": 0.99, "en": 0.01}})
    english, mandarin = hear(fake, [clip(0), clip(1)], AUTO)
    assert (english.language, english.text) == ("en", "Thank you for calling.")
    assert (mandarin.language, mandarin.text) == ("zh", "谢谢你打电话")
    assert [(n, lang) for n, lang, *_ in fake.asked] == [(0, "zh"), (1, "zh"), (0, "en")]


def test_a_short_clip_is_never_turned_into_english() -> None:
    fake = FakeRecogniser(english_or_not, odds={0: {"zh": 0.1, "en": 0.8}})
    (heard,) = hear(fake, [clip(0, seconds=1.2)], AUTO)
    assert heard.language == "zh"


def test_a_fixed_language_is_not_questioned() -> None:
    fake = FakeRecogniser(english_or_not, odds={0: {"zh": 0.1, "en": 0.8}})
    (heard,) = hear(fake, [clip(0)], PLAIN)
    assert heard.language == "zh"


@pytest.mark.parametrize(
    ("english", "english_logprob", "mandarin_logprob", "proven"),
    [
        ("How can I help you?", -0.30, -0.45, True),
        ("How can I help you?", -0.30, -0.35, False),
        ("May you", -1.07, -1.60, False),
        ("I'm sorry. I'm sorry.", -0.20, -0.90, False),
        ("This is a recording of a customer", -0.30, -1.20, False),
    ],
)
def test_english_must_be_likely_likelier_and_no_artefact(
    english: str, english_logprob: float, mandarin_logprob: float, proven: bool
) -> None:
    en = Draft(english, 6, english_logprob, "en", 2.0)
    zh = Draft("你好", 3, mandarin_logprob, "zh", 2.0)
    assert proves_english(en, zh, prompt=AUTO.english_prompt) is proven


def test_without_a_language_each_clip_gets_its_likeliest_and_foreign_ones_no_prompt() -> None:
    fake = FakeRecogniser(
        lambda n, lang, _f: fine(f"{lang}{n}"), odds={0: {"ja": 0.7, "zh": 0.3}, 1: {"zh": 0.9, "en": 0.1}}
    )
    options = TranscriberOptions(language=None)
    assert [h.language for h in hear(fake, [clip(0), clip(1)], options)] == ["ja", "zh"]
    assert {(lang, prompt) for _n, lang, prompt, _b in fake.asked} == {("ja", ""), ("zh", options.prompt)}
