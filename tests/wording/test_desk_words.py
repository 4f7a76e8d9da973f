from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.wording.desk_words import DeskWords, load_desk_words, read_desk_words, shipped_lexicons

WORDS = DeskWords(("航班", "出票", "出票组", "网上银行", "机票", "柜台"))


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("请到贵台办理。", "请到柜台办理。"),
        ("请联系初票组。", "请联系出票组。"),
        ("请登录往上银行。", "请登录网上银行。"),
        ("您的航班取消了。", "您的航班取消了。"),
        ("买了几票？", "买了几票？"),
        ("出，票已经出了。", "出，票已经出了。"),
        ("Flight 一二三", "Flight 一二三"),
        ("", ""),
    ],
)
def test_homophones_are_written_as_the_desk_writes_them(heard: str, written: str) -> None:
    assert WORDS.repair(heard) == written


def test_two_characters_must_sound_the_same_and_three_may_be_confused() -> None:
    assert DeskWords(("师傅",)).repair("四副来了") == "四副来了"
    assert DeskWords(("客服中心",)).repair("客户中信") == "客户中信"
    assert DeskWords(("路由器",)).repair("怒由器坏了") == "路由器坏了"


def test_a_word_of_the_desk_is_not_rewritten_as_its_homophone() -> None:
    assert DeskWords(("账单", "帐单")).repair("帐单和账单和障单") == "帐单和账单和账单"


@settings(deadline=None)
@given(st.text(alphabet="航版班出初票祖组，。 a1三", max_size=30))
def test_repair_keeps_the_length_and_is_stable(text: str) -> None:
    repaired = WORDS.repair(text)
    assert len(repaired) == len(text)
    assert WORDS.repair(repaired) == repaired


def test_every_shipped_lexicon_loads() -> None:
    assert shipped_lexicons()
    assert all(load_desk_words(name).words for name in shipped_lexicons())


def test_an_unknown_lexicon_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no lexicon 'nope'; known are .*telecom"):
        load_desk_words("nope")


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "desk.txt"
    path.write_text("航班\n票\n# 注释\n出票 group\n出票  # 说明\n", "utf-8")
    with pytest.raises(ConfigError) as error:
        read_desk_words(path)
    assert str(error.value).splitlines() == [
        f"{path}:2:1: '票' is not 2 to 12 Han characters",
        f"{path}:4:1: '出票 group' is not 2 to 12 Han characters",
    ]


@pytest.mark.parametrize(("content", "message"), [(b"# only\n", "0 words"), (b"\xff\xfe\x00", "not UTF-8")])
def test_files_that_are_no_lexicon(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "desk.txt"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_desk_words(path)


def test_the_prompt_names_the_first_words() -> None:
    assert DeskWords(("航班", "出票")).prompt("以下是录音。") == "以下是录音，内容有航班、出票。"
    assert DeskWords().prompt("以下是录音。") == "以下是录音。"


@pytest.mark.parametrize(
    "said", ["克服困难", "花费比较高", "心好难受", "做和解动作", "只付款", "饿肚子", "制服"]
)
def test_other_words_of_nearly_the_same_sound_stay(said: str) -> None:
    words = DeskWords(("客服", "话费", "信号", "支付", "付款", "额度", "解冻"))
    assert words.repair(said) == said
