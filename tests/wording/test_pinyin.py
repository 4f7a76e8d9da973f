import pytest

from pipeline.wording.pinyin import fold, split, syllables
from pipeline.wording.spoken import spoken_tokens


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("您好，请问", "nin hao qing wen"),
        ("還有", "hai you"),
        ("银行", "yin hang"),
        ("女士", "nv shi"),
        ("380出票网", "san ba ling chu piao wang"),
        ("VIP客户", "vip ke hu"),
        ("Hold on", "hold on"),
        ("", ""),
    ],
)
def test_known_spellings(text: str, spelled: str) -> None:
    assert syllables(text) == tuple(spelled.split())


@pytest.mark.parametrize("text", ["ア好", "您 hello 好2", "𠀀好", "한국"])
def test_one_syllable_per_token(text: str) -> None:
    assert len(syllables(text)) == len(spoken_tokens(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhi", "zi"), ("cha", "ca"), ("shen", "sheng"), ("ni", "li"), ("nan", "lang"), ("jin", "jing"),
     ("fen", "heng"), ("qian", "qiang"), ("chuan", "cuang")],
)  # fmt: skip
def test_confusable_syllables_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("nin", "ni"), ("hao", "lao"), ("dong", "don"), ("ba", "pa"), ("ji", "zhi")]
)
def test_others_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("syllable", ["zhuang", "nin", "er", "lv", "shi", "feng", "a"])
def test_folding_twice_changes_nothing(syllable: str) -> None:
    assert fold(fold(syllable)) == fold(syllable)


def test_split() -> None:
    assert [split(s) for s in ("zhuang", "er", "you")] == [("zh", "uang"), ("", "er"), ("y", "ou")]
