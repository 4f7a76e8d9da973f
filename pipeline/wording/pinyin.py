"""Toneless pinyin, and which syllables a recogniser (or an accent) confuses.

On Mandarin, Whisper base errs mostly by homophones, and accents merge retroflex and dental initials, n and l,
f and h, and front and back nasals; so phrases are compared by sound with these pairs folded together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.wording.spoken import spoken_tokens

_INITIALS = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]|")
_FOLDED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "f": "h"}
_FOLDED_FINAL = re.compile("(?<=[aei])ng$")


@lru_cache(maxsize=8192)
def syllables(text: str) -> tuple[str, ...]:
    """Spell what is said in toneless pinyin.

    Parameters
    ----------
    text : str
        Any text; it is simplified and read aloud first.

    Returns
    -------
    tuple of str
        One per token of :func:`~pipeline.wording.spoken.spoken_tokens`: the syllable of a Han character
        (``v`` for ü) in the reading its neighbours give it, or the lower-case Latin word.
    """
    words = [token.text for token in spoken_tokens(text)]
    sounds: list[str] = []
    at = 0
    while at < len(words):
        if words[at][0].isascii() or len(words[at]) > 1:
            sounds.append(words[at])
            at += 1
            continue
        stop = at
        while stop < len(words) and len(words[stop]) == 1 and not words[stop].isascii():
            stop += 1
        sounds += _spelled("".join(words[at:stop]))
        at = stop
    return tuple(sounds)


def _spelled(characters: str) -> list[str]:
    """Spell characters one after another, each in the reading of the dictionary's word it is part of."""
    from pypinyin.seg.mmseg import seg

    return [sound for word in seg.cut(characters) for sound in _spelled_word(word)]


# To cut text into words is fast, to spell them is not; they are the same few thousand every night.
@lru_cache(maxsize=16384)
def _spelled_word(word: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    # Its types know only strings; a list is documented to give one item each.
    return tuple(lazy_pinyin(word, style=Style.NORMAL, errors=list))  # type: ignore[arg-type]


@lru_cache(maxsize=2048)
def split(syllable: str) -> tuple[str, str]:
    """Cut a toneless syllable into its initial (``y`` and ``w`` included, may be empty) and final."""
    initial = _INITIALS.match(syllable)
    cut = initial.end() if initial else 0
    return syllable[:cut], syllable[cut:]


@lru_cache(maxsize=2048)
def fold(syllable: str) -> str:
    """Map a syllable to its confusable class.

    Parameters
    ----------
    syllable : str
        Toneless pinyin.

    Returns
    -------
    str
        zh/z, ch/c, sh/s, n/l, f/h and in/ing, en/eng, an/ang fall together. 您 (nin) and 你 (ni) do not:
        standards tell them apart.
    """
    initial, final = split(syllable)
    return _FOLDED_INITIALS.get(initial, initial) + _FOLDED_FINAL.sub("n", final)
