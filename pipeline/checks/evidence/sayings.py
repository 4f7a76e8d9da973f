"""Sayings: one meaning in many wordings, longer ones found by sound, short words as recognised."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.call import Utterance
from pipeline.wording.matching import find_all, find_possible
from pipeline.wording.phrases import Phrase, compile_phrase

# What is said raises an occasion on its own, so it must be heard nearly whole.
SIMILARITY = 0.86
# Stands for words that are not meant, so that those around them do not become neighbours.
MASK = " x "
REMEMBERED = 128


@dataclass(frozen=True, eq=False)
class Saying:
    """A kind of thing to say, and its wordings.

    Attributes
    ----------
    phrases : tuple of Phrase
        Longer wordings, found by sound.
    words : re.Pattern
        Short ones that a recogniser gets right or not at all.
    not_meant : re.Pattern or None
        Wording with the same words and another meaning; it is taken out before the search.
    """

    phrases: tuple[Phrase, ...]
    words: re.Pattern[str]
    not_meant: re.Pattern[str] | None = None

    def found_in(self, utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
        """Return the utterances in which it is said, in order; by sound, those in which it begins."""
        return _find(self, tuple(utterances))

    def has_words(self, text: str) -> bool:
        """Whether its words stand in the text as recognised."""
        return _read(self, text)[1]


def saying(*phrases: str, words: str, not_meant: str | None = None) -> Saying:
    """Compile a saying from phrases (in the phrase grammar) and regular expressions, case ignored."""
    masked = None if not_meant is None else re.compile(not_meant, re.IGNORECASE)
    return Saying(tuple(map(compile_phrase, phrases)), re.compile(words, re.IGNORECASE), masked)


# Half of all utterances are said again in other calls.
@lru_cache(maxsize=4096)
def _read(wanted: Saying, text: str) -> tuple[str, bool]:
    """Return a text without what is not meant, and whether the words stand in it."""
    meant = text if wanted.not_meant is None else wanted.not_meant.sub(MASK, text)
    return meant, wanted.words.search(meant) is not None


# Several rules ask the same of one call. What is remembered keeps its utterances, so their ids stay theirs.
_remembered: OrderedDict[tuple[int, ...], tuple[Saying, tuple[Utterance, ...], tuple[Utterance, ...]]] = (
    OrderedDict()
)


def _find(wanted: Saying, utterances: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    key = (id(wanted), *map(id, utterances))
    known = _remembered.get(key)
    if known is None:
        known = _remembered[key] = wanted, utterances, _said_in(wanted, utterances)
        if len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return known[2]


def _said_in(wanted: Saying, utterances: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    read = [_read(wanted, u.text) for u in utterances]
    meant = [_masked(u, text) for u, (text, _) in zip(utterances, read, strict=True)]
    idx = {u.idx for u, (_, has_words) in zip(utterances, read, strict=True) if has_words}
    possible = {u.idx for u in find_possible(wanted.phrases, meant, threshold=SIMILARITY)}
    for turn in unbroken(meant) if possible else ():
        if not possible.isdisjoint([u.idx for u in turn]):
            idx |= {m.utterance_idx for m in find_all(wanted.phrases, turn, threshold=SIMILARITY)}
    return tuple(u for u in utterances if u.idx in idx)


def _masked(utterance: Utterance, meant: str) -> Utterance:
    # The same utterance is prepared for matching only once.
    return utterance if meant == utterance.text else replace(utterance, text=meant)


def unbroken(utterances: Sequence[Utterance], *, but_for: Collection[int] = ()) -> Iterator[list[Utterance]]:
    """Group utterances between which nobody else speaks; a phrase does not run on after another's words.

    ``but_for`` are others' utterances (by ``idx``) that do not take the floor, such as 嗯.
    """
    turn: list[Utterance] = []
    for utterance in utterances:
        if turn and any(idx not in but_for for idx in range(turn[-1].idx + 1, utterance.idx)):
            yield turn
            turn = []
        turn.append(utterance)
    if turn:
        yield turn
