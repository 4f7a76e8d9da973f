"""Languages by their ISO 639 codes: which have wording here, and what people call them."""

from __future__ import annotations

import re

from pipeline.wording.phrases import Phrase

MANDARIN, CANTONESE, ENGLISH = "zh", "yue", "en"
UNDETERMINED = "und"
"""ISO 639-2's code for speech whose language is not known."""

IN_CHARACTERS = (MANDARIN, CANTONESE)
"""Languages whose pace is counted in spoken characters."""

_NAMES = {
    "zh": "Mandarin",
    "yue": "Cantonese",
    "en": "English",
    "und": "an unknown language",
    "ar": "Arabic",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ms": "Malay",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}

# Characters that written Cantonese uses and Mandarin hardly does, function words most of all (Snow 2004,
# "Cantonese as Written Language"). 係 is left out: it is in Mandarin's 關係, and simplified it is 系.
_CANTONESE = re.compile(r"[唔嘅佢咩冇啲喺嘢睇嚟咗哋乜嗰噉咁嘥攞揾啱畀]|识唔识|边度|几多钱|点解|点样")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z']{2,}|\b[IiAa]\b")

# Of Cantonese text about one character in six is one of these, of Mandarin none but by mishearing.
CANTONESE_SHARE, CANTONESE_MARKS = 0.06, 2


def language_name(code: str) -> str:
    """Return a language's English name, or its code where none is known here."""
    return _NAMES.get(code, code)


def count_han(text: str) -> int:
    """Count Han characters."""
    return len(_HAN.findall(text))


def count_latin_words(text: str) -> int:
    """Count words of two Latin letters and more, and the words I and a."""
    return len(_LATIN_WORD.findall(text))


def cantonese_marks(text: str) -> int:
    """Count characters and words that only written Cantonese has."""
    return len(_CANTONESE.findall(text))


def reads_as_cantonese(text: str) -> bool:
    """Whether the marks of Cantonese are as frequent in a text as Cantonese has them."""
    marks = cantonese_marks(text)
    return marks >= CANTONESE_MARKS and marks >= CANTONESE_SHARE * count_han(text)


def is_english(phrase: Phrase) -> bool:
    """Whether one way of saying it is in Latin script throughout."""
    return phrase.in_latin_script
