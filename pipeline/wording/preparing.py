"""One text prepared for matching: its spoken tokens with their sounds and what they cost."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.wording.pinyin import fold, syllables
from pipeline.wording.sounds import PINYIN_SOUNDS, Costs, sound_id
from pipeline.wording.spoken import SpokenToken, spoken_tokens

NEGATIONS = frozenset("不没别无未")
_FILLERS = frozenset("嗯啊呃哦哎诶额唉呢吧嘛呀的了吗么")
_EXTRA, _EXTRA_FILLER, _EXTRA_NEGATION = 1.0, 0.3, 1.5

Integers = npt.NDArray[np.int32]


class Said(NamedTuple):
    """One text prepared for matching.

    Attributes
    ----------
    tokens : tuple of SpokenToken
        What is said.
    words : tuple of str
        Its Latin words of more than one letter.
    codes : array of int32, (5, tokens)
        Character (−1 for a word), sound, folded sound where it is not pinyin, whether it is a negation, and
        number among ``words`` (−1 for a character).
    extra : array, (tokens,)
        Cost of each token when the phrase does not have it.
    """

    tokens: tuple[SpokenToken, ...]
    words: tuple[str, ...]
    codes: Integers
    extra: Costs


@lru_cache(maxsize=4096)
def prepare(text: str) -> Said:
    """Prepare one text for matching."""
    tokens, sounds = spoken_tokens(text), syllables(text)
    words: dict[str, int] = {}
    coded = [_coded(token.text, sound) for token, sound in zip(tokens, sounds, strict=True)]
    numbers = [words.setdefault(token.text, len(words)) if len(token.text) > 1 else -1 for token in tokens]
    codes = np.empty((5, len(tokens)), dtype=np.int32)
    codes[:4] = np.array([code for code, _ in coded], dtype=np.int32).reshape(-1, 4).T
    codes[4] = numbers
    extra = np.array([cost for _, cost in coded], dtype=np.float64)
    return Said(tokens, tuple(words), codes, extra)


@lru_cache(maxsize=16384)
def _coded(token: str, sound: str) -> tuple[tuple[int, int, int, bool], float]:
    """Codes of a token but for its number among the words, and its cost where a phrase does not have it."""
    number = sound_id(sound)
    folded = sound_id(fold(sound)) if number >= PINYIN_SOUNDS else -1
    return (-1 if len(token) > 1 else ord(token), number, folded, token in NEGATIONS), _extra(token)


def _extra(text: str) -> float:
    if text in NEGATIONS:
        return _EXTRA_NEGATION
    return _EXTRA_FILLER if text in _FILLERS else _EXTRA
