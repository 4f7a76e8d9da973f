"""The alignment table of one part of a phrase, and the ways that lead through it.

A column per syllable of the part, a row per place in the text. The table is filled run by run, as no part
reaches over the border between two, and only where enough can be gained.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.wording.compiling import compiled, inlined
from pipeline.wording.gains import costs_of, entered, gains_ahead, most_gains
from pipeline.wording.packing import BRIEF, SHORT, Floats, Layout
from pipeline.wording.sounds import (
    HALF_ALIKE,
    NEARLY_ALIKE,
    SAME_FOLDED,
    SAME_SOUND,
    Costs,
)
from pipeline.wording.texts import Flags, Text

LEAST_SIMILARITY = 0.65
"""A part of three syllables or more is there from this similarity on."""

Ends = npt.NDArray[np.int64]

_ONE_OF_TWO = 0.79
_MOST_OCCURRENCES = 8
_ROUNDING = 1e-7
_WORTH_A_LOOK = 0.6


@compiled
def fill_table(layout: Layout, part: int, text: Text, columns: Floats, level: float, least: float) -> Flags:
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
                most = _fill(layout, at, columns, node, joined, costs_of(layout, at, text), text, run, level)
                alive[node, run] = most + ahead[node] >= least
    return alive


@inlined
def _fill(
    layout: Layout,
    at: int,
    columns: Floats,
    node: int,
    joined: int,
    costs: Costs,
    text: Text,
    run: int,
    level: float,
) -> float:
    """Fill the column of syllable ``node`` in a run from column ``joined``; return the most in it."""
    weight, lost = layout.weights[0, at], layout.weights[0, at] * level + layout.weights[1, at]
    extra = text.extra
    highest = most = -np.inf
    start = text.runs[0, run]
    for place in range(start, text.runs[1, run] + 1):
        value = columns[joined, place] - lost
        if place > start:
            value = max(value, columns[joined, place - 1] + weight * (1.0 - level - costs[place - 1]))
        highest = max(highest, value + extra[place])
        columns[node, place] = highest - extra[place]
        most = max(most, columns[node, place])
    return most


@compiled
def best_ends(
    layout: Layout, part: int, text: Text, columns: Floats, alive: Flags, level: float, floor: float
) -> Ends:
    """Places where the part best ends, with their runs: peaks of the last columns, at least the highest."""
    weight = 0.0
    for at in range(layout.syllables_from[part], layout.syllables_from[part + 1]):
        weight += layout.weights[0, at]
    most, count = -np.inf, 0
    body = np.empty(columns.shape[1] - 1)
    runs = np.zeros(len(body), dtype=np.int64)
    body[:] = -np.inf
    for run in range(text.runs.shape[1]):
        for place in range(max(1, text.runs[0, run]), text.runs[1, run] + 1):
            runs[place - 1] = run
            for entry in range(layout.last_from[part], layout.last_from[part + 1]):
                if alive[layout.last[entry], run]:
                    body[place - 1] = max(body[place - 1], columns[layout.last[entry], place])
            most = max(most, body[place - 1])
    least = max(most - 0.5 * weight, (_WORTH_A_LOOK - level) * weight)
    ends = np.empty((len(body), 2), dtype=np.int64)
    for place in range(len(body)):
        rises = place == 0 or body[place] > body[place - 1]
        falls = place == len(body) - 1 or body[place] >= body[place + 1]
        if rises and falls and body[place] >= least:
            ends[count] = place + 1, runs[place]
            count += 1
    if not count:
        ends[0] = body.argmax() + 1, runs[body.argmax()]
        count = 1
    return _highest(ends[:count], body, floor, layout.syllables_from[part + 1] - layout.syllables_from[part])


@compiled
def _highest(ends: Ends, body: Floats, floor: float, syllables: int) -> Ends:
    """Return those ends that reach the floor, of a longer part the highest eight, the first of equals."""
    count = 0
    for end in range(len(ends)):
        if body[ends[end, 0] - 1] >= floor:
            ends[count] = ends[end]
            count += 1
    while syllables > SHORT and count > _MOST_OCCURRENCES:
        lowest = 0
        for end in range(1, count):
            if body[ends[end, 0] - 1] <= body[ends[lowest, 0] - 1]:
                lowest = end
        for end in range(lowest, count - 1):
            ends[end] = ends[end + 1]
        count -= 1
    return ends[:count]


@compiled
def traced(
    layout: Layout,
    part: int,
    columns: Floats,
    text: Text,
    level: float,
    end: int,
    run: int,
    alive: Flags,
    row: Floats,
) -> bool:
    """Follow the best path back from ``end`` into ``row``; False when no syllable was said."""
    first, extra, start_of_run = layout.syllables_from[part], text.extra, text.runs[0, run]
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
        step, before = _step(layout, at, node, place, columns, text.costs, level, place > start_of_run, alive)
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
            unlike = text.costs[layout.rows[at], place]
            likeness += own * (1.0 - unlike)
            worst = max(worst, unlike)
            by_sound = by_sound or SAME_SOUND <= unlike < 1.0
            start, last = place, max(last, place + 1)
        else:
            likeness -= layout.weights[1, at]
            worst = max(worst, HALF_ALIKE if own < 1 and layout.bounds[3, part] >= BRIEF else 1.0)
        node = before
    if last:
        similarity, exact = min(1.0, max(0.0, likeness / weight)), layout.bounds[5, part] > 0
        row[1], row[2], row[3], row[4], row[5] = start, last, similarity, weight, by_sound
        row[6] = _counts_as_said(similarity, syllables, worst, exact, False)
        row[7] = _counts_as_said(similarity, syllables, worst, exact, True)
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
        said += weight * (1.0 - costs[layout.rows[at], place - 1])
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


@compiled
def _counts_as_said(similarity: float, syllables: int, worst: float, exact: bool, supported: bool) -> bool:
    """Say whether a part counts as said, by itself or ``supported`` by a longer part of the same phrase.

    The similarity must be 0.65. One or two syllables must all be said, right up to folding; one of two
    may be only nearly alike (你 for 您) when supported. Three must each be nearly alike, or half alike when
    supported; four half alike. Where the wording must be ``exact``, nothing but confusable sounds will do.
    """
    if exact:
        return worst <= SAME_FOLDED
    if syllables <= SHORT:
        nearly = supported and worst <= NEARLY_ALIKE and similarity >= _ONE_OF_TWO
        return nearly or worst <= SAME_FOLDED
    allowed = NEARLY_ALIKE if syllables < BRIEF and not supported else HALF_ALIKE
    return (worst <= allowed or syllables > BRIEF) and similarity >= LEAST_SIMILARITY
