"""What was heard, for the compiled functions: all of it, and the runs of it that are searched."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.wording.compiling import compiled
from pipeline.wording.heard import Heard
from pipeline.wording.packing import Floats, Integers, Layout, count_syllables, known_syllables
from pipeline.wording.sounds import (
    GRADES,
    NOTHING_ALIKE,
    PINYIN_SOUNDS,
    SAME_FOLDED,
    WRONG_NEGATION,
    Costs,
    Grades,
    grades,
)

Flags = npt.NDArray[np.bool_]

_LAST_CHARACTER = 0x3FF
_OTHER_SOUND, _WORD = PINYIN_SOUNDS, PINYIN_SOUNDS + 1
_NOT_HEARD = len(GRADES) - 1
_GRADES = np.array(GRADES)
_NO_WORDS = np.full((1, 1), NOTHING_ALIKE)
_BORDER = -1


class Tokens(NamedTuple):
    """What was heard, for the compiled functions.

    Attributes
    ----------
    codes, costs, runs
        Of :class:`~pipeline.wording.heard.Laid`.
    unlike : array, (runs, syllables)
        For every syllable that any phrase requires, by its number, how unlike it is to the most alike token
        of a run at least, 0..2.
    grades : array of uint8
        As :func:`~pipeline.wording.sounds.grades` tells.
    words : array, (words required, words heard)
        How unlike those are.
    start, end : int
        The tokens that are searched, ``[start, end)``.
    """

    codes: Integers
    costs: Costs
    runs: Integers
    unlike: Floats
    grades: Grades
    words: Costs
    start: int
    end: int


class Text(NamedTuple):
    """Runs that are searched.

    Attributes
    ----------
    codes, runs, unlike, words, grades
        Of these runs, as those of :class:`Tokens`.
    extra : array, (tokens + 1,)
        Running sum of what tokens cost when a phrase does not have them.
    costs : array, (syllables, tokens)
        How unlike each of those of the phrases is to each token; a row is filled in when first asked for.
    filled : array of bool, (syllables,)
        Which rows are.
    """

    codes: Integers
    extra: Floats
    runs: Integers
    unlike: Floats
    costs: Costs
    filled: Flags
    words: Costs
    grades: Grades


class Required(Protocol):
    """Phrases that are laid out."""

    @property
    def words(self) -> tuple[str, ...]:
        """Latin words they require."""

    @property
    def rows(self) -> int:
        """How many different syllables they require."""


def tokens_of(heard: Heard, packed: Required) -> Tokens:
    """Return all that was heard, and of it what is to be searched, for the compiled functions."""
    words = heard.unlike(packed.words) if packed.words and heard.words else _NO_WORDS
    if heard.stretch is None:
        return Tokens(*_known(heard, count_syllables()), words, 0, len(heard.laid.costs))
    whole, start, end, _, _ = heard.stretch
    return Tokens(*_known(whole, count_syllables()), words, start, end)


@lru_cache(maxsize=64)
def _known(heard: Heard, known: int) -> tuple[Integers, Costs, Integers, Floats, Grades]:
    codes, costs, runs = heard.laid
    return codes, costs, runs, _least_unlike(codes, runs, known_syllables(known), grades()), grades()


@compiled
def text_in(said: Tokens, layout: Layout, chosen: Integers) -> Text:
    """Return some of the runs, one after the other with a border between.

    What tokens cost is summed up from the first of what is searched.
    """
    running = np.empty(said.end - said.start + 1)
    total = running[0] = 0.0
    for place in range(said.start, said.end):
        total += said.costs[place]
        running[place + 1 - said.start] = total
    # The first place of all is not told apart from none; a run that does not begin there does not here.
    first = 1 if len(chosen) and said.runs[0, chosen[0]] > said.start else 0
    length = first + len(chosen)
    for run in chosen:
        length += min(said.runs[1, run], said.end) - min(max(said.runs[0, run], said.start), said.end)
    codes = np.empty((len(said.codes), length), dtype=np.int32)
    extra = np.empty(length + 1)
    runs = np.empty((2, len(chosen)), dtype=np.int32)
    unlike = np.empty((len(chosen), said.unlike.shape[1]))
    at = first
    codes[:, :first] = _BORDER
    extra[:first] = 0.0
    for number, run in enumerate(chosen):
        start, end = min(max(said.runs[0, run], said.start), said.end), min(said.runs[1, run], said.end)
        runs[0, number] = at
        runs[1, number] = at + end - start
        for place in range(start, end):
            for row in range(len(codes)):
                codes[row, at + place - start] = said.codes[row, place]
            extra[at + place - start] = running[place - said.start]
        at += end - start
        extra[at] = running[end - said.start]
        codes[:, at] = _BORDER
        unlike[number] = said.unlike[run]
        at += 1
    extra[length] = extra[length - 1]
    rows = 0
    for row in layout.rows:
        rows = max(rows, row + 1)
    filled = np.zeros(rows, dtype=np.bool_)
    return Text(codes, extra, runs, unlike, np.empty((rows, length)), filled, said.words, said.grades)


@compiled
def _least_unlike(codes: Integers, runs: Integers, known: Integers, table: Grades) -> Floats:
    """How unlike each known syllable is to the most alike token of each run (rows), or less than that."""
    unlike = np.empty((runs.shape[1], known.shape[1]))
    sounds = np.empty(PINYIN_SOUNDS + 2, dtype=np.uint8)
    characters = np.empty(_LAST_CHARACTER + 1, dtype=np.bool_)
    for run in range(runs.shape[1]):
        sounds[:] = _NOT_HEARD
        characters[:] = False
        for token in range(runs[0, run], runs[1, run]):
            sound = codes[1, token]
            if sound < PINYIN_SOUNDS:
                for other in range(PINYIN_SOUNDS):
                    sounds[other] = min(sounds[other], table[sound, other])
            else:
                sounds[_OTHER_SOUND] = 0
            if codes[4, token] >= 0:
                sounds[_WORD] = 0
            else:
                characters[codes[0, token] & _LAST_CHARACTER] = True
        for number in range(known.shape[1]):
            if known[4, number] >= 0:
                least = 0.0 if sounds[_WORD] == 0 else NOTHING_ALIKE
            elif characters[known[0, number] & _LAST_CHARACTER]:
                least = 0.0
            else:
                least = _GRADES[sounds[min(known[1, number], _OTHER_SOUND)]]
                if known[3, number] > 0 and least > SAME_FOLDED:
                    least = max(least, WRONG_NEGATION)
            unlike[run, number] = least
    return unlike
