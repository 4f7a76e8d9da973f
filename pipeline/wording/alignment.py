"""Approximate alignment of one part of a phrase with what was heard.

A semi-global alignment (Sellers 1980): the part must be accounted for from its first to its last syllable,
the text may be entered and left anywhere. Costs are those of :mod:`pipeline.wording.sounds`; leaving out a
required syllable costs more than saying it wrongly, because recognisers replace syllables far more often than
they drop them. Each column of the table is computed for the whole text at once.

The path that maximises *likeness of its syllables − level x their weight* is the best one when the similarity
sought is ``level`` (Dinkelbach 1967); a part that can be said in several ways is aligned at two levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.wording.heard import NEGATIONS, Heard
from pipeline.wording.phrases import Part, Syllable
from pipeline.wording.sounds import HALF_ALIKE, NEARLY_ALIKE, SAME_FOLDED, SAME_SOUND, Costs

LEAST_SIMILARITY = 0.65
"""A part of three syllables or more is there from this similarity on."""

# One wrong syllable makes another word of two, and another meaning of four (我没办法, 我有办法).
_SHORT, BRIEF = 2, 4
_ONE_OF_TWO = 0.79
_LEVELS = (0.95, 0.75)
_LEFT_OUT = 1.0
_LEFT_OUT_NEGATION = 1.5
_MOST_OCCURRENCES = 8
_ROUNDING = 1e-7
_WORTH_A_LOOK = 0.6


@dataclass(frozen=True, slots=True)
class Occurrence:
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
        if self.syllables <= _SHORT:
            right = self.worst <= SAME_FOLDED
            return right or (supported and self.worst <= NEARLY_ALIKE and self.similarity >= _ONE_OF_TWO)
        allowed = NEARLY_ALIKE if self.syllables < BRIEF and not supported else HALF_ALIKE
        if self.syllables > BRIEF:
            allowed = self.worst
        return self.worst <= allowed and self.similarity >= LEAST_SIMILARITY


def occurrences(part: Part, heard: Heard) -> list[Occurrence]:
    """List where ``part`` was said, or came nearest to being said, in order of their ends."""
    found: dict[tuple[int, int], Occurrence] = {}
    for level in _LEVELS if part.branches else _LEVELS[:1]:
        table = _Table(part, heard, level)
        for end in table.ends():
            occurrence = table.trace(end)
            if occurrence is not None:
                key = (occurrence.start, occurrence.end)
                if key not in found or found[key].similarity < occurrence.similarity:
                    found[key] = occurrence
    return sorted(found.values(), key=lambda occurrence: (occurrence.end, occurrence.start))


def _left_out(syllable: Syllable) -> float:
    """Cost of not saying a required syllable, beyond its weight."""
    if syllable.weight < 1:
        return 0.0
    return _LEFT_OUT_NEGATION if syllable.text in NEGATIONS else _LEFT_OUT


class _Table:
    """The alignment table of one part at one level: a column per syllable, a row per place in the text."""

    def __init__(self, part: Part, heard: Heard, level: float) -> None:
        self._part, self._heard, self._level = part, heard, level
        self._columns: list[Costs] = [np.zeros(len(heard.texts) + 1)]
        self._costs = [heard.costs(syllable) for syllable in part.syllables]
        self._weights = [syllable.weight for syllable in part.syllables]
        self._left_out = [_left_out(syllable) for syllable in part.syllables]
        for costs, weight, left_out, before in zip(
            self._costs, self._weights, self._left_out, part.before, strict=True
        ):
            entered = self._columns[before[0]]
            for other in before[1:]:
                entered = np.maximum(entered, self._columns[other])
            column = entered - (weight * level + left_out)
            said = entered[:-1] + weight * (1.0 - level - costs)
            np.maximum(column[1:], said, out=column[1:])
            self._columns.append(np.maximum.accumulate(column + heard.extra) - heard.extra)

    def ends(self) -> list[int]:
        """Places where the part best ends: peaks of the last columns, and at least the highest."""
        column = self._columns[self._part.last[0]]
        for other in self._part.last[1:]:
            column = np.maximum(column, self._columns[other])
        if len(column) < 2:
            return []
        body = column[1:]
        rises = np.concatenate(([True], body[1:] > body[:-1]))
        falls = np.concatenate((body[:-1] >= body[1:], [True]))
        weight = sum(self._weights)
        worth = body >= max(float(body.max()) - 0.5 * weight, (_WORTH_A_LOOK - self._level) * weight)
        peaks = np.flatnonzero(rises & falls & worth)
        if not len(peaks):
            peaks = np.array([int(body.argmax())])
        if len(self._part.syllables) > _SHORT and len(peaks) > _MOST_OCCURRENCES:
            peaks = np.sort(peaks[np.argsort(-body[peaks], kind="stable")[:_MOST_OCCURRENCES]])
        return [int(peak) + 1 for peak in peaks]

    def trace(self, end: int) -> Occurrence | None:
        """Follow the best path back from ``end``; None when no syllable was said."""
        node = max(self._part.last, key=lambda last: self._columns[last][end])
        place, first, last = end, end, 0
        weight = likeness = 0.0
        worst, by_sound = 0.0, False
        syllables = 0
        while node:
            step, before = self._step(node, place)
            if step == "extra":
                extra = float(self._heard.extra[place] - self._heard.extra[place - 1])
                likeness -= extra
                worst = max(worst, extra)
                place -= 1
                continue
            syllables += 1
            own = self._weights[node - 1]
            weight += own
            if step == "said":
                place -= 1
                cost = float(self._costs[node - 1][place])
                likeness += own * (1.0 - cost)
                worst = max(worst, cost)
                by_sound = by_sound or SAME_SOUND <= cost < 1.0
                first, last = place, max(last, place + 1)
            else:
                likeness -= self._left_out[node - 1]
                tolerable = own < 1 and self._part.shortest >= BRIEF
                worst = max(worst, HALF_ALIKE if tolerable else 1.0)
            node = before
        if not last:
            return None
        similarity = min(1.0, max(0.0, likeness / weight))
        return Occurrence(first, last, similarity, weight, syllables, worst, by_sound, self._part.exact)

    def _step(self, node: int, place: int) -> tuple[str, int]:
        """Say how the best path came to ``node`` at ``place``, and from which node."""
        here = float(self._columns[node][place]) - _ROUNDING
        said = lost = -self._weights[node - 1] * self._level
        if place:
            said += self._weights[node - 1] * (1.0 - float(self._costs[node - 1][place - 1]))
        lost -= self._left_out[node - 1]
        for before in self._part.before[node - 1]:
            if place and self._columns[before][place - 1] + said >= here:
                return "said", before
            if self._columns[before][place] + lost >= here:
                return "left out", before
        return "extra", node
