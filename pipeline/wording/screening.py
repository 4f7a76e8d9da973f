"""Bounds on how alike a phrase can be to anything heard, so that few phrases need to be aligned.

What a part can gain in a joined run is bounded first without regard to order (:mod:`pipeline.wording.gains`),
and where that may be enough by the alignment table of the run. No bound is below what an alignment finds;
they only leave out phrases that cannot be there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.wording.compiling import compiled, inlined
from pipeline.wording.gains import costs_of, entered, gains_ahead, most_gains
from pipeline.wording.heard import Heard
from pipeline.wording.packing import NEVER, Floats, Integers, Layout, Packed
from pipeline.wording.texts import Flags, Text, Tokens, text_in, tokens_of

_ROUNDING = 1e-6


def possible(packed: Packed, heard: Heard, *, threshold: float) -> list[int]:
    """Numbers of the phrases that may be said with at least this similarity, 0..1; no other is."""
    found = _possible(packed.layout, tokens_of(heard, packed), _chosen(heard), threshold)
    return np.flatnonzero(found).tolist()


def possibly_near(packed: Packed, heard: Heard, *, similarity: float) -> list[int]:
    """Numbers of the phrases of which something, said or not, may be as alike as this, 0..1; no other is."""
    found = _near(packed.layout, tokens_of(heard, packed), _chosen(heard), similarity)
    return np.flatnonzero(found).tolist()


def _chosen(heard: Heard) -> Integers:
    return np.array(heard.runs, dtype=np.int32)


class _Bounds(NamedTuple):
    """What is known, at a level, of the gains of syllables and parts (rows) in runs (columns).

    ``refined`` are the bounds of parts that come from alignment tables, ``columns`` is room for such a table.
    """

    level: float
    said: bool
    syllables: Floats
    parts: Floats
    refined: Flags
    columns: Floats


@compiled
def _loose_bounds(layout: Layout, text: Text, level: float, said: bool) -> _Bounds:
    """Bound gains without regard to order."""
    parts, count = len(layout.syllables_from) - 1, text.runs.shape[1]
    gains = most_gains(layout, text, 0, parts, level, said)
    loose = np.empty((parts, count))
    nodes = longest = 0
    for part in range(parts):
        nodes = max(nodes, layout.syllables_from[part + 1] - layout.syllables_from[part] + 2)
    for run in range(count):
        longest = max(longest, text.runs[1, run] - text.runs[0, run] + 1)
    ahead = np.empty(nodes)
    for part in range(parts):
        branches = layout.bounds[4, part] > 0
        for run in range(count):
            if branches:
                gains_ahead(layout, part, gains, 0, run, ahead)
                loose[part, run] = ahead[0]
                continue
            total = 0.0
            for at in range(layout.syllables_from[part], layout.syllables_from[part + 1]):
                total += gains[at, run]
            loose[part, run] = total
    columns = np.empty((nodes, longest))
    return _Bounds(level, said, gains, loose, np.zeros((parts, count), dtype=np.bool_), columns)


@compiled
def _possible(layout: Layout, said: Tokens, chosen: Integers, threshold: float) -> Flags:
    text = text_in(said, layout, chosen)
    bounds = _loose_bounds(layout, text, threshold, True)
    found = np.zeros(len(layout.phrases_from) - 1, dtype=np.bool_)
    for phrase in range(len(found)):
        for variant in range(int(np.int64(layout.phrases_from[phrase])), layout.phrases_from[phrase + 1]):
            if not found[phrase] and _most_together(layout, variant, bounds) >= -_ROUNDING:
                found[phrase] = _may_be_said(layout, variant, text, bounds)
    return found


@compiled
def _near(layout: Layout, said: Tokens, chosen: Integers, similarity: float) -> Flags:
    text = text_in(said, layout, chosen)
    bounds = _loose_bounds(layout, text, similarity, False)
    found = np.zeros(len(layout.phrases_from) - 1, dtype=np.bool_)
    for phrase in range(len(found)):
        for variant in range(layout.phrases_from[phrase], layout.phrases_from[phrase + 1]):
            found[phrase] = found[phrase] or _may_be_near(layout, variant, text, bounds)
    return found


@compiled
def needed_gains(layout: Layout, text: Text, threshold: float, screened: bool) -> Floats:
    """What each part must gain for a phrase to be said with this similarity; infinite where none can be.

    Where the runs are ``screened`` already, another look is not worth its time.
    """
    bounds = _loose_bounds(layout, text, threshold, True)
    needed = np.full(len(bounds.parts), np.inf)
    for variant in range(len(layout.variants_from) - 1):
        if _most_together(layout, variant, bounds) < -_ROUNDING:
            continue
        if not screened and not _may_be_said(layout, variant, text, bounds):
            continue
        first, stop = layout.variants_from[variant], layout.variants_from[variant + 1]
        total = _most_together(layout, variant, bounds)
        for chain in range(first, stop):
            others = total - _most_in_a_run(layout, chain, bounds)
            for run in range(bounds.parts.shape[1]):
                spare = others + _gain_in_run(layout, chain, run, bounds)
                for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
                    part = layout.chains[entry]
                    if spare >= -_ROUNDING:
                        needed[part] = min(needed[part], bounds.parts[part, run] - spare - _ROUNDING)
    return needed


@compiled
def _may_be_said(layout: Layout, variant: int, text: Text, bounds: _Bounds) -> bool:
    """Whether the chains of a variant, each inside of one run, may gain enough together."""
    first, stop = layout.variants_from[variant], layout.variants_from[variant + 1]
    total = _most_together(layout, variant, bounds)
    for chain in range(first, stop):
        if total < -_ROUNDING:
            return False
        others = total - _most_in_a_run(layout, chain, bounds)
        for run in range(bounds.parts.shape[1]):
            for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
                part, spare = layout.chains[entry], others + _gain_in_run(layout, chain, run, bounds)
                if spare >= -_ROUNDING and not bounds.refined[part, run]:
                    needed = bounds.parts[part, run] - spare - 2 * _ROUNDING
                    _refine(layout, part, run, text, bounds, needed)
        total = others + _most_in_a_run(layout, chain, bounds)
    return total >= -_ROUNDING


@inlined
def _most_together(layout: Layout, variant: int, bounds: _Bounds) -> float:
    """Most that the chains of a variant gain together, each inside of one run."""
    total = 0.0
    for chain in range(layout.variants_from[variant], layout.variants_from[variant + 1]):
        total += _most_in_a_run(layout, chain, bounds)
    return total


@inlined
def _most_in_a_run(layout: Layout, chain: int, bounds: _Bounds) -> float:
    """Most that the parts of a chain gain together in any run."""
    best = -np.inf
    for run in range(bounds.parts.shape[1]):
        best = max(best, _gain_in_run(layout, chain, run, bounds))
    return best


@inlined
def _gain_in_run(layout: Layout, chain: int, run: int, bounds: _Bounds) -> float:
    """Most that the parts of a chain gain together in a run."""
    gain = 0.0
    for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
        gain += bounds.parts[layout.chains[entry], run]
    return gain


@compiled
def _may_be_near(layout: Layout, variant: int, text: Text, bounds: _Bounds) -> bool:
    """Whether something of a variant, parts missing or in several runs, may gain enough."""
    for chain in range(layout.variants_from[variant], layout.variants_from[variant + 1]):
        for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
            part, gain = layout.chains[entry], _gain_anywhere(layout, variant, bounds)
            if gain < -_ROUNDING:
                return False
            needed = -_ROUNDING - gain + _part_anywhere(layout, part, bounds)
            for run in range(bounds.parts.shape[1]):
                if bounds.parts[part, run] > needed and not bounds.refined[part, run]:
                    _refine(layout, part, run, text, bounds, needed)
    return _gain_anywhere(layout, variant, bounds) >= -_ROUNDING


@compiled
def _gain_anywhere(layout: Layout, variant: int, bounds: _Bounds) -> float:
    """Most that the parts of a variant gain together; a chain that is not there counts as one syllable."""
    total = 0.0
    for chain in range(layout.variants_from[variant], layout.variants_from[variant + 1]):
        gain = 0.0
        for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
            gain += _part_anywhere(layout, layout.chains[entry], bounds)
        total += max(gain, -bounds.level)
    return total


@inlined
def _part_anywhere(layout: Layout, part: int, bounds: _Bounds) -> float:
    """Most that a part gains in any run, or missing."""
    return float(max(bounds.parts[part].max(), -bounds.level * layout.bounds[1, part]))


@compiled
def _refine(layout: Layout, part: int, run: int, text: Text, bounds: _Bounds, needed: float) -> None:
    """Bound what a part gains in a run by its alignment table; less than ``needed`` is not told apart.

    Syllables over which not enough can be gained are left out of the table.
    """
    first, stop = layout.syllables_from[part], layout.syllables_from[part + 1]
    length, columns = text.runs[1, run] - text.runs[0, run], bounds.columns
    ahead = np.empty(stop - first + 1)
    gains_ahead(layout, part, bounds.syllables, 0, run, ahead)
    alive = np.zeros(stop - first + 1, dtype=np.bool_)
    alive[0] = True
    for place in range(length + 1):
        columns[0, place] = 0.0
    best = needed
    for at in range(first, stop):
        node = at - first + 1
        joined = entered(
            layout, at, columns, alive, 0, length, needed - bounds.syllables[at, run] - ahead[node]
        )
        if joined >= 0:
            allowed = layout.bounds[0, part] if bounds.said else NEVER
            most = _fill(layout, at, node, joined, allowed, text, run, bounds)
            alive[node] = most + ahead[node] >= needed
    for entry in range(layout.last_from[part], layout.last_from[part + 1]):
        if alive[layout.last[entry]]:
            for place in range(length + 1):
                best = max(best, columns[layout.last[entry], place])
    bounds.parts[part, run] = min(best, bounds.parts[part, run])
    bounds.refined[part, run] = True


@inlined
def _fill(
    layout: Layout, at: int, node: int, joined: int, allowed: float, text: Text, run: int, bounds: _Bounds
) -> float:
    """Fill the column of syllable ``node`` in the table of a run; return the most in it."""
    extra, columns, costs, level = text.extra, bounds.columns, costs_of(layout, at, text), bounds.level
    weight = layout.weights[0, at]
    lost = weight * level + layout.weights[2 if bounds.said else 1, at]
    start, length = text.runs[0, run], text.runs[1, run] - text.runs[0, run]
    most = highest = columns[node, 0] = columns[joined, 0] - lost
    for place in range(length):
        unlike = costs[start + place]
        said = weight * (1.0 - level - unlike) if unlike <= allowed else -NEVER
        value = max(columns[joined, place + 1] - lost, columns[joined, place] + said)
        highest = max(highest - (extra[start + place + 1] - extra[start + place]), value)
        columns[node, place + 1] = highest
        most = max(most, highest)
    return float(most)
