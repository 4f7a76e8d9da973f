"""Approximate alignment of the parts of phrases with what was heard.

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

from pipeline.wording.compiling import compiled
from pipeline.wording.heard import Heard
from pipeline.wording.packing import Floats, Integers, Layout, Packed
from pipeline.wording.screening import needed_gains
from pipeline.wording.texts import Flags, Text, Tokens, text_in, tokens_of
from pipeline.wording.tracing import LEAST_SIMILARITY, best_ends, fill_table, traced

_LEVELS = (0.95, 0.75)
_MARGIN = 1e-6
_COLUMNS = 8


class Occurrence(NamedTuple):
    """A part aligned with tokens ``[start, end)``.

    Attributes
    ----------
    similarity : float
        0..1.
    weight : float
        Of the syllables required on the path taken.
    by_sound : bool
        Whether any syllable was only alike in sound.
    alone, supported : bool
        Whether the part counts as said by itself, and beside a longer part of the same phrase.
    """

    start: int
    end: int
    similarity: float
    weight: float
    by_sound: bool
    alone: bool
    supported: bool

    def present(self, *, supported: bool) -> bool:
        """Say whether the part counts as said."""
        return self.supported if supported else self.alone


Occurrences = dict[int, list[Occurrence]]


def occurrences(
    packed: Packed, heard: Heard, runs: list[int] | None, *, threshold: float
) -> tuple[list[int], Occurrences]:
    """List the phrases all parts of which are said, and where, by part and in order of their ends.

    In all runs, or in those with the numbers ``runs`` in the whole.
    Whatever cannot belong to a phrase that is said with this similarity, 0..1, may be missing.
    """
    if not heard.spoken:
        return [], {}
    chosen = np.array(heard.runs if runs is None else runs, dtype=np.int32)
    phrases, rows = _said(packed.layout, tokens_of(heard, packed), chosen, runs is not None, threshold)
    if not len(rows):
        return [], {}
    return [number for number, said in enumerate(phrases.tolist()) if said], _listed(rows)


def near_occurrences(packed: Packed, parts: Sequence[int], heard: Heard) -> Occurrences:
    """List where these parts are said, and where each comes nearest to it, in order of their ends."""
    if not heard.spoken:
        return {}
    chosen = np.array(heard.runs, dtype=np.int32)
    wanted = np.array(parts, dtype=np.int64)
    return _listed(_near(packed.layout, tokens_of(heard, packed), chosen, wanted))


def _listed(rows: Floats) -> Occurrences:
    found: Occurrences = {}
    for part, start, end, similarity, weight, by_sound, alone, supported in rows.tolist():
        one = Occurrence(
            int(start), int(end), similarity, weight, bool(by_sound), bool(alone), bool(supported)
        )
        found.setdefault(int(part), []).append(one)
    for ones in found.values():
        ones.sort(key=_place)
    return found


def _place(one: Occurrence) -> tuple[int, int]:
    return one.end, one.start


class _Rows(NamedTuple):
    """Occurrences as they are found: a row for each, and how many there are."""

    rows: Floats
    kept: int


@compiled
def _said(
    layout: Layout, said: Tokens, chosen: Integers, screened: bool, threshold: float
) -> tuple[Flags, Floats]:
    """Align the parts that may belong to a phrase that is said with this similarity, if all of it is.

    In the chosen runs, which may be ``screened`` already. Returns which phrases those are, and a row for each
    occurrence of their parts.
    """
    text = text_in(said, layout, chosen)
    needed = needed_gains(layout, text, threshold, screened)
    looked_at, there = np.zeros(len(needed), dtype=np.bool_), np.zeros(len(needed), dtype=np.bool_)
    wanted, phrases = np.zeros(len(needed), dtype=np.bool_), np.zeros(len(layout.phrases_from) - 1, np.bool_)
    found = _Rows(np.empty((32, _COLUMNS)), 0)
    for phrase in range(len(phrases)):
        for variant in range(layout.phrases_from[phrase], layout.phrases_from[phrase + 1]):
            first = layout.chains_from[layout.variants_from[variant]]
            stop = layout.chains_from[layout.variants_from[variant + 1]]
            whole = True
            for place in range(first, stop):
                part = int(np.int64(layout.chains[place]))  # a second width would be compiled again
                if whole and not looked_at[part] and needed[part] < np.inf:
                    before = found.kept
                    found = _align(layout, part, text, threshold, needed[part], found)
                    found = _Rows(found.rows, _keep_said(found, before, layout.bounds[6, part] > 0))
                    there[part] = found.kept > before
                looked_at[part] = looked_at[part] or whole
                whole = whole and there[part]
            for part in layout.chains[first:stop]:
                wanted[part] = wanted[part] or whole
            phrases[phrase] = phrases[phrase] or whole
    count = 0
    for row in range(found.kept):
        if wanted[int(found.rows[row, 0])]:
            found.rows[count] = found.rows[row]
            count += 1
    rows = found.rows[:count]
    _put_back(rows, text.runs, said, chosen)
    return phrases, rows


@compiled
def _near(layout: Layout, said: Tokens, chosen: Integers, parts: npt.NDArray[np.int64]) -> Floats:
    """Align some parts, however unlike they are to what was heard."""
    text = text_in(said, layout, chosen)
    found = _Rows(np.empty((32, _COLUMNS)), 0)
    for part in parts:
        before = found.kept
        found = _align(layout, part, text, 0.0, -np.inf, found)
        found = _Rows(found.rows, _keep_near(found, before))
    rows = found.rows[: found.kept]
    _put_back(rows, text.runs, said, chosen)
    return rows


@compiled
def _put_back(rows: Floats, runs: Integers, said: Tokens, chosen: Integers) -> None:
    """Turn places among the chosen runs into those in what is searched."""
    for row in rows:
        run = 0
        while row[1] > runs[1, run]:
            run += 1
        moved = max(said.runs[0, chosen[run]] - said.start, 0) - runs[0, run]
        row[1] += moved
        row[2] += moved


@compiled
def _keep_said(found: _Rows, first: int, supported: bool) -> int:
    """Leave out rows from ``first`` on that do not count as said; return how many rows there are then."""
    count = first
    for row in range(first, found.kept):
        if found.rows[row, 7 if supported else 6]:
            found.rows[count] = found.rows[row]
            count += 1
    return count


@compiled
def _keep_near(found: _Rows, first: int) -> int:
    """Leave out rows from ``first`` on that are said nowhere, but the most alike; return how many stay."""
    best, count = first, first
    for row in range(first + 1, found.kept):
        own, most = found.rows[row], found.rows[best]
        likeness, least = own[3] * own[4], most[3] * most[4]
        earlier = own[2] < most[2] or (own[2] == most[2] and own[1] < most[1])
        if likeness > least or (likeness == least and earlier):
            best = row
    for row in range(first, found.kept):
        if row == best or found.rows[row, 6] or found.rows[row, 7]:
            found.rows[count] = found.rows[row]
            count += 1
    return count


@compiled
def _align(layout: Layout, part: int, text: Text, threshold: float, needed: float, found: _Rows) -> _Rows:
    """Align a part at its levels and add where it is; of two ways to say it in one place the better one.

    ``needed`` is what it must gain at the level ``threshold``. A row has the part, start, end, and the rest
    of an occurrence.
    """
    rows, first, kept = found.rows, found.kept, found.kept
    nodes, length = layout.syllables_from[part + 1] - layout.syllables_from[part], len(text.extra) - 1
    columns = np.empty((nodes + 2, length + 1))
    for number in range(len(_LEVELS) if layout.bounds[4, part] else 1):
        level = _LEVELS[number]
        least = _least_gain(layout, part, level, needed, threshold)
        alive = fill_table(layout, part, text, columns, level, least)
        for end, run in best_ends(layout, part, text, columns, alive, level, least):
            if kept == len(rows):
                longer = np.empty((2 * kept, _COLUMNS))
                longer[:kept] = rows
                rows = longer
            row = rows[kept]
            if traced(layout, part, columns, text, level, end, run, alive[:, run], row):
                row[0] = part
                kept += _is_new(rows[first : kept + 1])
    return _Rows(rows, kept)


@compiled
def _is_new(rows: Floats) -> bool:
    """Whether the last row is in a place of its own; otherwise the better one is kept there."""
    last = rows[len(rows) - 1]
    for row in rows[: len(rows) - 1]:
        if row[1] == last[1] and row[2] == last[2]:
            if row[3] < last[3]:
                row[:] = last
            return False
    return True


@compiled
def _least_gain(layout: Layout, part: int, level: float, needed: float, threshold: float) -> float:
    """What a part that gains ``needed`` at one level, and counts as said, gains at another one at least."""
    if needed == -np.inf:
        return needed
    lightest, heaviest = layout.bounds[1, part], layout.bounds[2, part]
    needed += (threshold - level) * (heaviest if threshold < level else lightest)
    return float(max(needed, (LEAST_SIMILARITY - level) * heaviest) - _MARGIN)
