"""How written text is said, and how many spoken characters it has.

A spoken character is a Han character of the text as it is read aloud, or a syllable of a Latin word (an
acronym counts letter by letter). Punctuation, spaces and marks never count.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.wording.numerals import Reading, readings
from pipeline.wording.script import simplify


class SpokenToken(NamedTuple):
    """A Han character or a Latin word as it is said.

    Attributes
    ----------
    text : str
        One character, or the lower-case word.
    start, end : int
        The stretch of the simplified text it was written as; the tokens of one number share it.
    units : int
        Spoken characters, at least 1.
    """

    text: str
    start: int
    end: int
    units: int


_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_KANA_HANGUL = "\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
# Words of scripts no wording is in (Cyrillic, Arabic, Thai) are told so that their speech has a length.
_OTHER = rf"[^\W\d_{_LATIN}{_HAN}{_KANA_HANGUL}]+"
_TOKEN = re.compile(rf"(?P<word>[{_LATIN}]+(?:['’][{_LATIN}]+)*|(?P<other>{_OTHER}))|[{_HAN}{_KANA_HANGUL}]")
_ENGLISH_WORD = re.compile(rf"[{_LATIN}]+(?:['’][{_LATIN}]+)*|\d(?:st|nd|rd|th)?")
_VOWELS = re.compile("[aeiouyà-æè-ïò-öø-ýÿ]+")
# Written in capitals but said as words.
_CAPITAL_WORDS = {"WIFI": 2, "APP": 3, "OK": 2, "PIN": 1, "SIM": 1, "LED": 3}
_SPELLED_UP_TO = 5
# Letters to a syllable in other alphabets, roughly.
OTHER_LETTERS = 2
_SYLLABLES_OF_LETTER = {"w": 3}


@lru_cache(maxsize=8192)
def read_aloud(text: str) -> str:
    """Write digits, amounts, percentages, dates, times and units as they are spoken.

    Parameters
    ----------
    text : str
        As the recogniser or an author wrote it.

    Returns
    -------
    str
        Simplified text; Latin words and punctuation are left as they are: ``您拨打10000号，3:40`` becomes
        ``您拨打一万号，三点四十``.
    """
    plain = simplify(text)
    spoken, at = [], 0
    for reading in readings(plain):
        spoken += [plain[at : reading.start], reading.spoken]
        at = reading.end
    return "".join(spoken) + plain[at:]


@lru_cache(maxsize=8192)
def spoken_tokens(text: str) -> tuple[SpokenToken, ...]:
    """Split text into what is said, each token with its place in ``simplify(text)``."""
    plain = simplify(text)
    tokens: list[SpokenToken] = []
    at = 0
    for reading in [*readings(plain), Reading(len(plain), len(plain), "")]:
        written = _TOKEN.finditer(plain, at, reading.start)
        tokens += [_token(found, found.start(), found.end()) for found in written]
        tokens += [_token(found, reading.start, reading.end) for found in _TOKEN.finditer(reading.spoken)]
        at = reading.end
    return tuple(tokens)


def spoken_units(text: str) -> int:
    """Count spoken characters: Han characters as read aloud plus syllables of Latin words.

    Parameters
    ----------
    text : str
        Any text; ``2024年`` has 5, ``80%`` 5, ``hello`` 2, ``VIP`` 3, ``，`` 0.

    Returns
    -------
    int
        At least 0.
    """
    return sum(token.units for token in spoken_tokens(text))


def spoken_words(text: str) -> int:
    """Count English words as they are said.

    Parameters
    ----------
    text : str
        English text; ``the 7th of May`` has 4, ``888`` 3, ``I'm`` 1. A number counts a word a digit: callers
        read most of theirs out so.

    Returns
    -------
    int
        At least 0.
    """
    return len(_ENGLISH_WORD.findall(text))


def _token(found: re.Match[str], start: int, end: int) -> SpokenToken:
    if found.lastgroup is None:
        return SpokenToken(found[0], start, end, 1)
    if found["other"] is not None:
        return SpokenToken(found[0].lower(), start, end, -(-len(found[0]) // OTHER_LETTERS))
    return SpokenToken(found[0].lower().replace("’", "'"), start, end, _latin_syllables(found[0]))


def _latin_syllables(word: str) -> int:
    if word.upper() in _CAPITAL_WORDS:
        return _CAPITAL_WORDS[word.upper()]
    lower = word.lower()
    groups = _VOWELS.findall(lower)
    if not groups or (word.isupper() and len(word) <= _SPELLED_UP_TO):
        return sum(_SYLLABLES_OF_LETTER.get(letter, 1) for letter in lower if letter.isalpha())
    # A final e is silent (change), unless it is the only vowel (the) or makes a syllable with l (able); so is
    # the e of -ed except after t and d (waited).
    silent = re.search(r"(?<![aeiouy])(?:(?<![^aeiouy]l)e|(?<![tdaeiouy])ed)$", lower)
    return max(1, len(groups) - (1 if silent and len(groups) > 1 else 0))
