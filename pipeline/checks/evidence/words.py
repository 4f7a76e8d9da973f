"""Counting words as they are written, for words too short or too robust to search by sound.

A comma at the edge of a word stands for a pause: any punctuation, or the start or end of what is said.
``，那个`` is 那个 at the start of a clause, ``然后，`` is 然后 before a pause, ``，亲，`` is 亲 by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.wording.script import simplify

PAUSE = re.compile(r"[\W_]+")
LATIN = re.compile(r"[a-z]")
COMMA = "，"


def find_words(
    text: str, words: Iterable[str], *, not_counted: Iterable[str] = ()
) -> tuple[tuple[str, float], ...]:
    """Return each of the words that is said, in lower case, and how far into the text it stands (0..1).

    The longest of several that begin at one place is taken. Latin words are found whole, in any case.

    Parameters
    ----------
    text : str
        One utterance.
    words : iterable of str
        As written; a comma at an edge is a pause.
    not_counted : iterable of str
        Longer words in which they do not count: 申请 for 请.
    """
    return _find(text, tuple(words), tuple(not_counted))


# Rules count the same words in an utterance several times over, and half of all utterances are said again.
@lru_cache(maxsize=4096)
def _find(text: str, counted: tuple[str, ...], longer: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    pattern, meant = _pattern(counted, longer)
    marked = _with_pauses(text)
    return tuple(
        (meant[found[0]], found.start() / len(marked))
        for found in pattern.finditer(marked)
        if meant.get(found[0])
    )


def count_words(texts: Sequence[str], words: Iterable[str], *, not_counted: Iterable[str] = ()) -> int:
    """How often any of the words is said in the texts."""
    counted, longer = tuple(words), tuple(not_counted)
    return sum(len(_find(text, counted, longer)) for text in texts)


@lru_cache(maxsize=4096)
def _with_pauses(text: str) -> str:
    return f"{COMMA}{PAUSE.sub(COMMA, simplify(text).lower())}{COMMA}"


@lru_cache(maxsize=256)
def _pattern(counted: tuple[str, ...], longer: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Any of the words, and what each means as it stands in the text; nothing for the longer ones."""
    words = sorted((*longer, *counted), key=len, reverse=True)
    # Most characters begin none of the words; a look at one is faster than at every word.
    beginnings = "".join({re.escape(bare[0]) for bare in map(_bare, words) if bare})
    any_word = "|".join(map(_one, words))
    pattern = re.compile(
        f"(?=[{beginnings}])(?:{any_word})" if all(map(_bare, words)) and words else any_word
    )
    return pattern, {_bare(word): word.lower() for word in counted} | {_bare(word): "" for word in longer}


def _one(word: str) -> str:
    bare = _bare(word)
    edges = _marked(word)
    before = f"(?<={COMMA})" if edges.startswith(COMMA) else ""
    after = f"(?={COMMA})" if edges.endswith(COMMA) else ""
    if LATIN.search(bare):
        before, after = before or "(?<![a-z])", after or "(?![a-z])"
    return f"{before}{re.escape(bare)}{after}"


def _bare(word: str) -> str:
    return _marked(word).strip(COMMA)


def _marked(word: str) -> str:
    return PAUSE.sub(COMMA, word.lower())
