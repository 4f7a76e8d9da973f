"""What a part of a phrase can gain at most where it is said in a joined run, in whatever order.

A similarity is a mean over the weight of syllables, so a phrase reaches the similarity ``level`` only where
its syllables together gain at least nothing when each gains *likeness − level x weight*. In a run, a syllable
gains no more than the token of the run that is most alike gives it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.wording.compiling import compiled, inlined
from pipeline.wording.heard import Heard
from pipeline.wording.packing import (
    NEVER,
    Floats,
    Integers,
    Layout,
    count_syllables,
    known_syllables,
)
from pipeline.wording.sounds import (
    GRADES,
    NOTHING_ALIKE,
    PINYIN_SOUNDS,
    SAME_FOLDED,
    SAME_SOUND,
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


class Text(NamedTuple):
    """What was heard, for the compiled functions.

    Attributes
    ----------
    codes, extra, runs
        Of :class:`~pipeline.wording.heard.Heard`.
    unlike : array, (runs, syllables)
        For every syllable that any phrase requires, by its number, how unlike it is to the most alike token
        of a run at least, 0..2.
    costs : array, (syllables, tokens)
        How unlike each of those of the phrases is to each token; a row is filled in when first asked for.
    filled : array of bool, (syllables,)
        Which rows are.
    words : array, (words required, words heard)
        How unlike those are.
    grades : array of uint8
        As :func:`~pipeline.wording.sounds.grades` tells.
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


def text_of(heard: Heard, packed: Required, runs: list[int] | None = None) -> Text:
    """Return what was heard, in all runs or in some, for the search of phrases."""
    codes, extra, within, unlike, table = _known(heard, count_syllables())
    if runs is not None and len(runs) < len(unlike):
        within, unlike = within[:, runs].copy(), unlike[runs]
    words = heard.unlike(packed.words) if packed.words and heard.words else _NO_WORDS
    rows = packed.rows
    return Text(
        codes, extra, within, unlike, np.empty((rows, heard.length)), np.zeros(rows, np.bool_), words, table
    )


@lru_cache(maxsize=64)
def _known(heard: Heard, known: int) -> tuple[Integers, Floats, Integers, Floats, Grades]:
    if heard.whole is None:
        unlike = _least_unlike(heard.codes, heard.runs, known_syllables(known), grades())
    else:
        stop = heard.first_run + heard.runs.shape[1]
        unlike = _known(heard.whole, known)[3][heard.first_run : stop]
    return heard.codes, heard.extra, heard.runs, unlike, grades()


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


@inlined
def costs_of(layout: Layout, at: int, text: Text) -> Costs:
    """How unlike each token is to a required syllable, 0..2."""
    row = layout.rows[at]
    if not text.filled[row]:
        fill_costs(layout.syllables[:, at], text.codes, text.words, text.grades, text.costs[row])
        text.filled[row] = True
    costs: Costs = text.costs[row]
    return costs


@compiled
def fill_costs(required: Integers, codes: Integers, words: Costs, table: Grades, costs: Costs) -> None:
    """Write into ``costs`` how unlike each token is to a required syllable, 0..2.

    At least 1.5 where a negation is lost or found.
    """
    character, sound, folded = required[0], required[1], required[2]
    negation, word = required[3], required[4]
    for token in range(len(costs)):
        other = codes[1, token]
        if word >= 0:
            unlike = words[word, codes[4, token]] if codes[4, token] >= 0 else NOTHING_ALIKE
        elif character == codes[0, token]:
            unlike = 0.0
        elif sound == other:
            unlike = SAME_SOUND
        else:
            if sound < PINYIN_SOUNDS and other < PINYIN_SOUNDS:
                unlike = _GRADES[table[sound, other]]
            else:
                unlike = SAME_FOLDED if 0 <= folded == codes[2, token] else NOTHING_ALIKE
            if unlike > SAME_FOLDED and (negation or codes[3, token]):
                unlike = max(unlike, WRONG_NEGATION)
        costs[token] = unlike


@compiled
def most_gains(layout: Layout, text: Text, first: int, stop: int, level: float, said: bool) -> Floats:
    """Most that each syllable of the parts ``[first, stop)`` (rows) can gain in each run (columns).

    Where the part must count as ``said``, syllables that are too unlike gain nothing.
    """
    offset = layout.syllables_from[first]
    gains = np.empty((layout.syllables_from[stop] - offset, len(text.unlike)))
    for part in range(first, stop):
        allowed = layout.bounds[0, part] if said else NEVER
        for at in range(layout.syllables_from[part], layout.syllables_from[part + 1]):
            weight, number = layout.weights[0, at], layout.numbers[at]
            left_out = -weight * level - layout.weights[2 if said else 1, at]
            for run in range(len(text.unlike)):
                unlike = text.unlike[run, number]
                gain = weight * (1.0 - level - unlike) if unlike <= allowed else left_out
                gains[at - offset, run] = max(gain, left_out)
    return gains


@inlined
def gains_ahead(layout: Layout, part: int, gains: Floats, offset: int, run: int, ahead: Floats) -> None:
    """Write into ``ahead`` the most that can be gained in a run after each syllable, first by the whole part.

    ``gains`` are those of the syllables from ``offset`` on.
    """
    first, stop = layout.syllables_from[part], layout.syllables_from[part + 1]
    for node in range(stop - first + 1):
        ahead[node] = -NEVER
    for entry in range(layout.last_from[part], layout.last_from[part + 1]):
        ahead[layout.last[entry]] = 0.0
    for at in range(stop - 1, first - 1, -1):
        gain = gains[at - offset, run] + ahead[at - first + 1]
        for entry in range(layout.before_from[at], layout.before_from[at + 1]):
            ahead[layout.before[entry]] = max(ahead[layout.before[entry]], gain)


@inlined
def entered(
    layout: Layout, at: int, columns: Floats, alive: Flags, start: int, end: int, needed: float
) -> int:
    """Which column of a table holds the best of those that may precede a syllable, at ``[start, end]``.

    The last column serves to join several. −1 where no place has as much as is needed.
    """
    scratch, joined, most = len(columns) - 1, -1, -np.inf
    for entry in range(layout.before_from[at], layout.before_from[at + 1]):
        node = layout.before[entry]
        if not alive[node]:
            continue
        if joined >= 0:
            for place in range(start, end + 1):
                columns[scratch, place] = max(columns[joined, place], columns[node, place])
            joined = scratch
        else:
            joined = node
    if joined >= 0:
        for place in range(start, end + 1):
            most = max(most, columns[joined, place])
    return joined if most >= needed else -1
