"""What the screen leaves out is never missed: results are those of looking at everything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.call import Role, Utterance
from pipeline.wording.alignment import near_occurrences
from pipeline.wording.chains import complete_passages, nearest_passage
from pipeline.wording.heard import Heard, listen
from pipeline.wording.matching import find_all, find_possible
from pipeline.wording.packing import Packed, pack
from pipeline.wording.phrases import Phrase, compile_phrase
from pipeline.wording.pinyin import fold
from pipeline.wording.searching import find_nearest, find_passages
from pipeline.wording.sounds import GRADES, PINYIN_SOUNDS, grades, sound_id

PHRASES = tuple(
    compile_phrase(source)
    for source in (
        "您好",
        "请稍等",
        "[请问]<还>有什么(可以|能|需要)帮[到|助]您",
        "感谢您的(来电|接听)…愉快…再见",
        "我[也]没(办法|有办法) / 不归我管",
        "对不起，[{name}(先生|女士)]让您久等了",
        "请稍等 + 好吗",
        "(部门|同事|师傅|客服|仓库|财务){any:0-4}(差劲|不靠谱|没水平|磨磨蹭蹭)",
        "hold on (please|for a moment)",
        "<不>能办",
    )
)
# Words of the phrases, words that sound like them, and fillers.
PIECES = [
    *("您好", "你好", "请", "青", "稍等", "烧", "还有", "什么", "神", "可以帮", "到您", "感谢您", "的来电"),
    *("接听", "愉快", "再见", "在间", "我", "没", "办法", "不归", "管", "对不起", "王先生", "让您", "久等了"),
    *("就等", "好吗", "部门", "同事", "差劲", "磨蹭", "hold", "please", "plea", "能办", "嗯", "了", "的"),
    *("，", "吃", "天气", "不"),
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), max_size=4)
CHOICES = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=4, unique=True).map(tuple)


def utter(texts: list[str], gap_s: float) -> tuple[Utterance, ...]:
    starts = [idx * (3.0 + gap_s) for idx in range(len(texts))]
    return tuple(
        Utterance(idx, Role.AGENT, start_s, start_s + 3.0, text, text, len(text), 2.5, 0.8, "zh")
        for idx, (text, start_s) in enumerate(zip(texts, starts, strict=True))
    )


def all_parts(phrases: tuple[Phrase, ...], heard: Heard) -> tuple[Packed, dict[int, list]]:
    packed = pack(phrases)
    return packed, near_occurrences(packed, range(len(packed.owners)), heard)


@settings(max_examples=300, deadline=None)
@given(
    phrases=CHOICES,
    texts=TEXTS,
    gap_s=st.sampled_from([0.3, 5.0]),
    threshold=st.sampled_from([0.5, 0.7, 0.78, 0.86, 0.95]),
)
def test_nothing_said_is_left_out(
    phrases: tuple[Phrase, ...], texts: list[str], gap_s: float, threshold: float
) -> None:
    heard = listen(utter(texts, gap_s))
    packed, known = all_parts(phrases, heard)
    everything = {
        (passage, phrase)
        for phrase in phrases
        for passage in complete_passages(phrase, known, packed, heard)
        if passage.similarity >= threshold
    }
    found = find_passages(phrases, heard, threshold=threshold)
    assert set(found) <= everything
    for passage, _ in everything:
        assert any(passage.start < kept.end and kept.start < passage.end for kept, _ in found)
    said = {phrase for _, phrase in everything}
    assert said <= set(find_possible(phrases, heard.utterances, threshold=threshold))


@settings(max_examples=300, deadline=None)
@given(phrases=CHOICES, texts=TEXTS, gap_s=st.sampled_from([0.3, 5.0]))
def test_the_nearest_is_the_nearest_of_all(
    phrases: tuple[Phrase, ...], texts: list[str], gap_s: float
) -> None:
    heard = listen(utter(texts, gap_s))
    packed, known = all_parts(phrases, heard)
    near = [(nearest_passage(phrase, known, packed, heard), phrase) for phrase in phrases]
    best = max(
        ((passage, phrase) for passage, phrase in near if passage is not None),
        key=lambda one: one[0].similarity,
        default=None,
    )
    assert find_nearest(phrases, heard) == best


@given(texts=TEXTS, phrases=CHOICES, first=st.integers(0, 3), count=st.integers(1, 4))
@settings(deadline=None)
def test_what_is_impossible_in_a_call_is_impossible_in_its_parts(
    texts: list[str], phrases: tuple[Phrase, ...], first: int, count: int
) -> None:
    utterances = utter(texts, 0.3)
    possible = {p.source for p in find_possible(phrases, utterances, threshold=0.8)}
    part = utterances[first : first + count]
    assert {match.phrase for match in find_all(phrases, part, threshold=0.8)} <= possible


@pytest.mark.parametrize(
    ("one", "other", "cost"),
    [
        ("shi", "shi", 0.1),
        ("shi", "si", 0.2),
        ("ling", "nin", 0.2),
        ("nin", "ni", 0.3),
        ("ma", "bu", 2.0),
        ("hello", "ma", 2.0),
    ],
)
def test_grades_of_sounds(one: str, other: str, cost: float) -> None:
    ids = [min(sound_id(sound), PINYIN_SOUNDS) for sound in (one, other)]
    table = grades()
    assert GRADES[table[ids[0], ids[1]]] == cost
    assert (table == table.T).all()


@given(
    one=st.sampled_from(["zhang", "zan", "fei", "hei", "lin", "ning", "ran", "er", "yue", "lv"]),
    other=st.sampled_from(["zang", "zhan", "hei", "fei", "ling", "nin", "lan", "e", "ye", "nv"]),
)
def test_what_folds_together_is_the_same_or_folded(one: str, other: str) -> None:
    grade = GRADES[grades()[sound_id(one), sound_id(other)]]
    assert (grade <= 0.2) == (fold(one) == fold(other))


def test_what_was_heard_last_is_prepared_once() -> None:
    utterances = utter(["您好", "再见"], 0.3)
    assert listen(utterances) is listen(tuple(utterances))
    assert listen(utterances) is not listen(utterances[:1])
