"""Which language other than Mandarin is spoken: by the recogniser's word, by its words, or by request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.call import Utterance
from pipeline.checks.evidence.hearing import SURE_CONFIDENCE
from pipeline.checks.evidence.sayings import saying


class Language(StrEnum):
    """What a customer may speak instead of Mandarin."""

    ENGLISH = "English"
    CANTONESE = "Cantonese"
    DIALECT = "a dialect"
    OTHER = "a foreign language"


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said in, or to ask for, a language other than Mandarin."""

    language: Language
    utterances: tuple[Utterance, ...]


# Fewer English words than this (hello, okay, bye bye) stand in Mandarin talk as well.
ENGLISH_WORDS = 4
CANTONESE_WORDS = 2
# Recognisers take muttered Mandarin for other languages; a few spoken characters of it prove nothing.
OTHER_CHARS, OTHER_CONFIDENCE = 8, 0.6
WORD = re.compile(r"[A-Za-z']{2,}|\b[IiAa]\b")
HAN = re.compile(r"[\u4e00-\u9fff]")
CANTONESE = re.compile(r"[唔嘅佢咩冇啲喺嘢睇嚟咗哋乜嗰噉咁嘥攞揾啱]|识唔识|边度|几多钱|点解|点样")
ASKS_FOR = {
    Language.ENGLISH: saying(
        "你[们]{any:0-3}(说|讲)(英语|英文)[吗] / 有没有会(说|讲)(英语|英文)的(客服|人|人工|同事)",
        words=r"speak (?:in )?english|(?:你|您|可以|能)[^，。！？,.!?]{0,5}(?:说|讲)(?:一点)?(?:英语|"
        r"英文)(?!的)|英[语文](?:客服|座席|坐席)",
    ),
    Language.CANTONESE: saying(
        "(讲|说|识){any:0-1}(白话|粤语|广东话)",
        words=r"(?:讲|说|懂|识)(?:.{0,2})(?:白话(?!文)|粤语|广东话)(?!的|课|节目|歌)|我系.{1,4}人|唔(?:识|"
        r"会|懂)",
    ),
    Language.DIALECT: saying(
        "我[的]{any:0-3}普通话{any:0-4}(不好|不太好|不标准|不行|不会|讲不来|说不来)",
        "(会|能|懂|讲|说|听){any:0-3}(四川话|上海话|闽南话|闽南语|客家话|潮汕话|温州话|湖南话|东北话|"
        "河南话|家乡话|本地话|苏州话|宁波话|福州话)",
        words=r"(?:我|俺|人)?(?:不(?:太)?会|不(?:太)?懂|听不懂|讲不(?:好|来)|说不(?:好|来))(?:讲|说|"
        r"听)?普通话|"
        r"普通话(?:讲|说)?(?:得|的)?(?:不|唔|无|没)(?:太|大|怎么)?(?:好|标准|行|会)|"
        r"(?:会|能|懂|讲|说|听|用)(?:.{0,3})(?:四川|上海|闽南|客家|潮汕|潮州|温州|湖南|东北|河南|家乡|"
        r"本地|当地|苏州|宁波|福州|长沙|天津|山东|陕西|武汉)(?:话|语)|"
        r"(?:讲|说)方言",
    ),
}


def foreign_speech(utterances: Sequence[Utterance]) -> Speech | None:
    """Return what is said in, or to ask for, a language other than Mandarin; None when nothing is.

    English before Cantonese before a dialect: a caller who says that their Mandarin is poor and asks for
    Cantonese wants Cantonese.
    """
    for language in Language:
        asked = ASKS_FOR[language].found_in(utterances) if language in ASKS_FOR else ()
        found = tuple(u for u in utterances if u in asked or _speaks(u, language))
        if found:
            return Speech(language, found)
    return None


def speaks(utterance: Utterance, language: Language) -> bool:
    """Whether an utterance of some length is in that language; a dialect is written like Mandarin."""
    if language is Language.ENGLISH:
        return len(WORD.findall(utterance.text)) >= ENGLISH_WORDS - 1 and not _is_han(utterance.text)
    if language is Language.CANTONESE:
        return utterance.language == "yue" or CANTONESE.search(utterance.text) is not None
    return language is Language.OTHER and utterance.language not in ("zh", "yue")


def _speaks(utterance: Utterance, language: Language) -> bool:
    sure = utterance.confidence >= SURE_CONFIDENCE
    if language is Language.ENGLISH:
        english = len(WORD.findall(utterance.text)) >= ENGLISH_WORDS and not _is_han(utterance.text)
        return sure and utterance.language == "en" and english
    if language is Language.CANTONESE:
        marks = len(CANTONESE.findall(utterance.text))
        return marks >= CANTONESE_WORDS or (sure and utterance.language == "yue")
    if language is Language.DIALECT:
        return False
    known = utterance.language in ("zh", "yue", "en")
    return not known and utterance.chars >= OTHER_CHARS and utterance.confidence >= OTHER_CONFIDENCE


def _is_han(text: str) -> bool:
    return len(HAN.findall(text)) > len(WORD.findall(text))
