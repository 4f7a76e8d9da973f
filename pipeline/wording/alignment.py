"""Approximate alignment of one part of a phrase with what was heard.

A semi-global alignment (Sellers 1980): the part must be accounted for from its first to its last syllable,
the text may be entered and left anywhere. Costs are those of :mod:`pipeline.wording.sounds`; leaving out a
required syllable costs more than saying it wrongly, because recognisers replace syllables far more often than
they drop them.

The path that maximises *likeness of its syllables − level x their weight* is the best one when the similarity
sought is ``level`` (Dinkelbach 1967); a part that can be said in several ways is aligned at two levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.wording.compiling import compiled, inlined
from pipeline.wording.gains import Flags, Text, entered, gains_ahead, most_gains, text_of
from pipeline.wording.heard import Heard
from pipeline.wording.packing import BRIEF, SHORT, Floats, Integers, Layout, Packed
from pipeline.wording.screening import needed_gains
from pipeline.wording.sounds import (
    GRADES,
    HALF_ALIKE,
    NEARLY_ALIKE,
    NOTHING_ALIKE,
    PINYIN_SOUNDS,
    SAME_FOLDED,
    SAME_SOUND,
    WRONG_NEGATION,
    Costs,
)

LEAST_SIMILARITY = 0.65
"""A part of three syllables or more is there from this similarity on."""

_ONE_OF_TWO = 0.79
_LEVELS = (0.95, 0.75)
_MOST_OCCURRENCES = 8
_ROUNDING = 1e-7
_WORTH_A_LOOK = 0.6
_MARGIN = 1e-6
_GRADES = np.array(GRADES)


class Occurrence(NamedTuple):
    """A part aligned with tokens ``[start, end)``.

    Attributes
    ----------
    similarity : float
        0..1.
    weight : float
        Of the syllables required on the path taken.
    syllables : int
        Required on the path taken.
    worst : float
        Highest cost of a single step.
    by_sound : bool
        Whether any syllable was only alike in sound.
    exact : bool
        Whether nothing but confusable sounds is allowed.
    """

    start: int
    end: int
    similarity: float
    weight: float
    syllables: int
    worst: float
    by_sound: bool
    exact: bool

    def present(self, *, supported: bool) -> bool:
        """Say whether the part counts as said.

        The similarity must be 0.65. One or two syllables must all be said, right up to folding; one of two
        may be only nearly alike (你 for 您) when ``supported`` by a longer part of the same phrase. Three
        must each be nearly alike, or half alike when supported; four half alike.
        """
        if self.exact:
            return self.worst <= SAME_FOLDED
        if self.syllables <= SHORT:
            right = self.worst <= SAME_FOLDED
            return right or (supported and self.worst <= NEARLY_ALIKE and self.similarity >= _ONE_OF_TWO)
        allowed = NEARLY_ALIKE if self.syllables < BRIEF and not supported else HALF_ALIKE
        if self.syllables > BRIEF:
            allowed = self.worst
        return self.worst <= allowed and self.similarity >= LEAST_SIMILARITY


Occurrences = dict[int, list[Occurrence]]


def occurrences(packed: Packed, heard: Heard, *, threshold: float) -> Occurrences:
    """List where parts are said, by their numbers and in order of their ends.

    Whatever cannot belong to a phrase that is said with this similarity, 0..1, may be missing.
    """
    if not heard.length:
        return {}
    rows = _said(packed.layout, text_of(heard, packed), threshold)
    return _listed(rows) if len(rows) else {}


def near_occurrences(packed: Packed, parts: Sequence[int], heard: Heard) -> Occurrences:
    """List where these parts are said, or come nearest to being said, in order of their ends."""
    if not heard.length:
        return {}
    numbers = np.array(parts, dtype=np.int64)
    needed = np.full(len(packed.layout.last_from) - 1, -np.inf)
    return _listed(_aligned(packed.layout, numbers, needed, text_of(heard, packed), 0.0))


def _listed(rows: Floats) -> Occurrences:
    found: dict[int, dict[tuple[int, int], Occurrence]] = {}
    for number, start, end, similarity, weight, syllables, worst, by_sound, exact in rows.tolist():
        known, key = found.setdefault(int(number), {}), (int(end), int(start))
        if key not in known or known[key].similarity < similarity:
            known[key] = Occurrence(
                key[1], key[0], similarity, weight, int(syllables), worst, bool(by_sound), bool(exact)
            )
    return {number: [known[key] for key in sorted(known)] for number, known in found.items()}


@compiled
def _said(layout: Layout, text: Text, threshold: float) -> Floats:
    """Align every part that may belong to a phrase that is said with this similarity."""
    needed = needed_gains(layout, text, threshold)
    return _aligned(layout, np.flatnonzero(needed < np.inf), needed, text, threshold)


@compiled
def _aligned(
    layout: Layout, parts: npt.NDArray[np.int64], needed: Floats, text: Text, threshold: float
) -> Floats:
    """Align parts at their levels; a row per peak: the part, start, end, and the rest of an occurrence.

    ``needed`` is what a part must gain at the level ``threshold``.
    """
    rows = np.empty((32, 9))
    kept = 0
    for part in parts:
        count, length = layout.syllables_from[part + 1] - layout.syllables_from[part], len(text.extra) - 1
        costs, columns = np.empty((count, length)), np.empty((count + 2, length + 1))
        for number in range(len(_LEVELS) if layout.bounds[4, part] else 1):
            level = _LEVELS[number]
            least = _least_gain(layout, part, level, needed[part], threshold)
            alive = _fill_table(layout, part, text, costs, columns, level, least)
            for end, run in _ends(layout, part, text, columns, alive, level, least):
                if kept == len(rows):
                    rows = np.concatenate((rows, np.empty_like(rows)))
                alive_in_run, start = alive[:, run], text.runs[0, run]
                if _traced(
                    layout, part, columns, costs, text.extra, level, end, start, alive_in_run, rows[kept]
                ):
                    rows[kept, 0], rows[kept, 8] = part, layout.bounds[5, part]
                    kept += 1
    return rows[:kept]


@compiled
def _least_gain(layout: Layout, part: int, level: float, needed: float, threshold: float) -> float:
    """What a part that gains ``needed`` at one level, and counts as said, gains at another one at least."""
    if needed == -np.inf:
        return needed
    lightest, heaviest = layout.bounds[1, part], layout.bounds[2, part]
    needed += (threshold - level) * (heaviest if threshold < level else lightest)
    return float(max(needed, (LEAST_SIMILARITY - level) * heaviest) - _MARGIN)


@compiled
def _fill_table(
    layout: Layout, part: int, text: Text, costs: Costs, columns: Floats, level: float, least: float
) -> Flags:
    """Fill the columns of a part wherever so much can be gained; tell for which syllables and runs."""
    first, stop = layout.syllables_from[part], layout.syllables_from[part + 1]
    gains = most_gains(layout, text, part, part + 1, level, False)
    alive = np.zeros((stop - first + 1, text.runs.shape[1]), dtype=np.bool_)
    columns[0] = 0.0
    ahead = np.empty(stop - first + 1)
    for run in range(text.runs.shape[1]):
        gains_ahead(layout, part, gains, first, run, ahead)
        start, end = text.runs[0, run], text.runs[1, run]
        alive[0, run] = ahead[0] >= least
        for at in range(first, stop if alive[0, run] else first):
            node = at - first + 1
            needed = least - gains[at - first, run] - ahead[node]
            joined = entered(layout, at, columns, alive[:, run], start, end, needed)
            if joined >= 0:
                _costs_of(layout.syllables, at, text, start, end, costs[node - 1])
                most = _fill(layout, at, columns, node, joined, costs[node - 1], text, start, end, level)
                alive[node, run] = most + ahead[node] >= least
    return alive


@inlined
def _costs_of(required: Integers, at: int, text: Text, start: int, end: int, costs: Costs) -> None:
    """Write into ``costs`` how unlike the tokens ``[start, end)`` are to a required syllable, 0..2.

    At least 1.5 where a negation is lost or found.
    """
    codes = text.codes
    character, sound, folded = required[0, at], required[1, at], required[2, at]
    negation, word = required[3, at], required[4, at]
    for token in range(start, end):
        other = codes[1, token]
        if word >= 0:
            unlike = text.words[word, codes[4, token]] if codes[4, token] >= 0 else NOTHING_ALIKE
        elif character == codes[0, token]:
            unlike = 0.0
        elif sound == other:
            unlike = SAME_SOUND
        else:
            if sound < PINYIN_SOUNDS and other < PINYIN_SOUNDS:
                unlike = _GRADES[text.grades[sound, other]]
            else:
                unlike = SAME_FOLDED if 0 <= folded == codes[2, token] else NOTHING_ALIKE
            if unlike > SAME_FOLDED and (negation or codes[3, token]):
                unlike = max(unlike, WRONG_NEGATION)
        costs[token] = unlike


@inlined
def _fill(
    layout: Layout,
    at: int,
    columns: Floats,
    node: int,
    joined: int,
    costs: Costs,
    text: Text,
    start: int,
    end: int,
    level: float,
) -> float:
    """Fill the column of syllable ``node`` in a run from column ``joined``; return the most in it."""
    weight, lost = layout.weights[0, at], layout.weights[0, at] * level + layout.weights[1, at]
    extra = text.extra
    highest = most = -np.inf
    for place in range(start, end + 1):
        value = columns[joined, place] - lost
        if place > start:
            value = max(value, columns[joined, place - 1] + weight * (1.0 - level - costs[place - 1]))
        highest = max(highest, value + extra[place])
        columns[node, place] = highest - extra[place]
        most = max(most, columns[node, place])
    return most


@compiled
def _ends(
    layout: Layout, part: int, text: Text, columns: Floats, alive: Flags, level: float, floor: float
) -> list[tuple[int, int]]:
    """Places where the part best ends, with their runs: peaks of the last columns, at least the highest."""
    weight = 0.0
    for at in range(layout.syllables_from[part], layout.syllables_from[part + 1]):
        weight += layout.weights[0, at]
    body = np.full(columns.shape[1] - 1, -np.inf)
    runs = np.zeros(len(body), dtype=np.int64)
    for run in range(text.runs.shape[1]):
        for place in range(max(1, text.runs[0, run]), text.runs[1, run] + 1):
            runs[place - 1] = run
            for entry in range(layout.last_from[part], layout.last_from[part + 1]):
                if alive[layout.last[entry], run]:
                    body[place - 1] = max(body[place - 1], columns[layout.last[entry], place])
    least = max(body.max() - 0.5 * weight, (_WORTH_A_LOOK - level) * weight)
    peaks = [int(body.argmax())]
    peaks.clear()
    for place in range(len(body)):
        rises = place == 0 or body[place] > body[place - 1]
        falls = place == len(body) - 1 or body[place] >= body[place + 1]
        if rises and falls and body[place] >= least:
            peaks.append(place)
    if not peaks:
        peaks.append(int(body.argmax()))
    found = np.array([peak for peak in peaks if body[peak] >= floor], dtype=np.int64)
    syllables = layout.syllables_from[part + 1] - layout.syllables_from[part]
    if syllables > SHORT and len(found) > _MOST_OCCURRENCES:
        order = np.argsort(-body[found], kind="mergesort")
        found = np.sort(found[order[:_MOST_OCCURRENCES]])
    return [(peak + 1, runs[peak]) for peak in found]


@compiled
def _traced(
    layout: Layout,
    part: int,
    columns: Floats,
    costs: Costs,
    extra: Floats,
    level: float,
    end: int,
    start_of_run: int,
    alive: Flags,
    row: Floats,
) -> bool:
    """Follow the best path back from ``end`` into ``row``; False when no syllable was said."""
    first = layout.syllables_from[part]
    node, highest = 0, -np.inf
    for entry in range(layout.last_from[part], layout.last_from[part + 1]):
        other = layout.last[entry]
        if alive[other] and columns[other, end] > highest:
            node, highest = other, columns[other, end]
    place, start, last, syllables = end, end, 0, 0
    weight = likeness = worst = 0.0
    by_sound = False
    while node:
        at = first + node - 1
        step, before = _step(layout, at, node, place, columns, costs, level, place > start_of_run, alive)
        if step == 0:
            passed = extra[place] - extra[place - 1]
            likeness -= passed
            worst = max(worst, passed)
            place -= 1
            continue
        own = layout.weights[0, at]
        syllables += 1
        weight += own
        if step == 1:
            place -= 1
            unlike = costs[node - 1, place]
            likeness += own * (1.0 - unlike)
            worst = max(worst, unlike)
            by_sound = by_sound or SAME_SOUND <= unlike < 1.0
            start, last = place, max(last, place + 1)
        else:
            likeness -= layout.weights[1, at]
            worst = max(worst, HALF_ALIKE if own < 1 and layout.bounds[3, part] >= BRIEF else 1.0)
        node = before
    if last:
        row[1], row[2], row[3] = start, last, min(1.0, max(0.0, likeness / weight))
        row[4], row[5], row[6], row[7] = weight, syllables, worst, by_sound
    return last > 0


@compiled
def _step(
    layout: Layout,
    at: int,
    node: int,
    place: int,
    columns: Floats,
    costs: Costs,
    level: float,
    inside: bool,
    alive: Flags,
) -> tuple[int, int]:
    """Say how the best path came to ``node`` at ``place``, and from which node.

    0 for a token that the phrase does not have, 1 for a syllable that is said, 2 for one that is left out.
    """
    here = columns[node, place] - _ROUNDING
    weight = layout.weights[0, at]
    said = lost = -weight * level
    if inside:
        said += weight * (1.0 - costs[node - 1, place - 1])
    lost -= layout.weights[1, at]
    for entry in range(layout.before_from[at], layout.before_from[at + 1]):
        before = layout.before[entry]
        if not alive[before]:
            continue
        if inside and columns[before, place - 1] + said >= here:
            return 1, before
        if columns[before, place] + lost >= here:
            return 2, before
    return 0, node
