"""What a part of a phrase can gain at most where it is said in a joined run, in whatever order.

A similarity is a mean over the weight of syllables, so a phrase reaches the similarity ``level`` only where
its syllables together gain at least nothing when each gains *likeness − level x weight*. In a run, a syllable
gains no more than the token of the run that is most alike gives it.
"""

from __future__ import annotations

import numpy as np

from pipeline.wording.compiling import compiled, inlined
from pipeline.wording.packing import NEVER, Floats, Integers, Layout
from pipeline.wording.sounds import (
    GRADES,
    NOTHING_ALIKE,
    PINYIN_SOUNDS,
    SAME_FOLDED,
    SAME_SOUND,
    WRONG_NEGATION,
    Costs,
    Grades,
)
from pipeline.wording.texts import Flags, Text

_GRADES = np.array(GRADES)


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
