"""One sweep of all that was said for all phrases: where each of them may be said, and nowhere else.

Rulebooks look for some thousand wordings, and a call has a few dozen. What a part of a phrase can gain in a
joined run (:mod:`pipeline.wording.gains`) is bounded first without regard to order, for all runs at once, and
where that may be enough by the alignment table of the run. No bound is below what an alignment finds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.wording.compiling import compiled, compiled_loosely, inlined
from pipeline.wording.gains import fill_costs
from pipeline.wording.heard import Heard
from pipeline.wording.packing import NEVER, Floats, Integers, Layout
from pipeline.wording.sounds import NOTHING_ALIKE
from pipeline.wording.texts import Flags, Text, Tokens, text_in, tokens_of
from pipeline.wording.vocabulary import Vocabulary, role_bit

Singles = npt.NDArray[np.float32]
Masks = npt.NDArray[np.uint64]

_BITS = 64
# Runs are looked at side by side; so many fill the registers of a processor.
_LANES = 16
# The bounds are of single precision.
_ROUNDING = 1e-4


class _Room(NamedTuple):
    """Room for the alignment table of a part with a run.

    ``columns`` has a row for each node of the part and one to join several; ``ahead`` is the most that can be
    gained after each node, ``reached`` the most that is gained up to it.
    """

    columns: Floats
    ahead: Floats
    reached: Floats


def sweep_for(sought: Vocabulary, heard: Heard) -> Iterator[tuple[int, int]]:
    """Yield the phrases that may be said somewhere, by number, and in which runs: a bit for each."""
    said = tokens_of(heard, sought)
    roles = np.array([role_bit(role) for role in heard.roles], dtype=np.int32)
    masks = sweep(sought.layout, sought.levels, sought.roles, said, roles)
    for phrase in np.flatnonzero(masks.any(axis=1)).tolist():
        yield phrase, int.from_bytes(masks[phrase].tobytes(), sys.byteorder)


@compiled
def sweep(layout: Layout, levels: Floats, wanted: Integers, said: Tokens, roles: Integers) -> Masks:
    """Tell for each phrase (rows) the runs in which it may be said, a bit for each, 64 to a column.

    Parameters
    ----------
    layout : Layout
        The phrases.
    levels : array, (parts,)
        With what similarity the phrase that a part belongs to is to be said, 0..1.
    wanted : array of int32, (phrases,)
        Whose words are searched for each, a bit for every role.
    said : Tokens
        What was said.
    roles : array of int32, (runs,)
        By whom: the bit of the role.
    """
    runs = said.runs.shape[1]
    text = text_in(said, layout, np.arange(runs).astype(np.int32))
    unlike = _by_syllable(text.unlike)
    gains = _loose(layout, levels, unlike)
    refined = np.zeros(gains.shape, dtype=np.bool_)
    room = _room(layout, text)
    found = np.zeros((len(layout.phrases_from) - 1, (runs + _BITS - 1) // _BITS), dtype=np.uint64)
    for phrase in range(len(found)):
        for variant in range(layout.phrases_from[phrase], layout.phrases_from[phrase + 1]):
            chain = layout.variants_from[variant]
            if layout.variants_from[variant + 1] > chain + 1:
                # Chains may stand in different runs. Few phrases have several.
                if _together(layout, variant, gains):
                    found[phrase, :] = ~np.uint64(0)
                continue
            for run in range(runs):
                if wanted[phrase] & roles[run] and _may_be_said(
                    layout, levels, chain, run, text, unlike, gains, refined, room
                ):
                    found[phrase, run // _BITS] |= np.uint64(1) << np.uint64(run % _BITS)
    return found


@inlined
def _may_be_said(
    layout: Layout,
    levels: Floats,
    chain: int,
    run: int,
    text: Text,
    unlike: Singles,
    gains: Singles,
    refined: Flags,
    room: _Room,
) -> bool:
    """Whether the parts of a chain may gain enough in a run; at need they are aligned with it."""
    gain = np.float32(0.0)
    for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
        gain += gains[layout.chains[entry], run]
    for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
        part = layout.chains[entry]
        if gain >= -_ROUNDING and not refined[part, run]:
            needed = gains[part, run] - gain - 3 * _ROUNDING
            aligned = _aligned(layout, part, run, levels[part], needed, text, unlike, room)
            refined[part, run] = True
            if aligned < gains[part, run]:
                gain += aligned - gains[part, run]
                gains[part, run] = aligned
    return bool(gain >= -_ROUNDING)


@compiled
def _by_syllable(unlike: Floats) -> Singles:
    """Turn likeness by run and syllable round; lanes without a run are like nothing."""
    runs, known = unlike.shape
    lanes = (runs + _LANES - 1) // _LANES * _LANES
    turned = np.full((known, lanes), np.float32(NOTHING_ALIKE))
    for run in range(runs):
        for number in range(known):
            turned[number, run] = unlike[run, number]
    return turned


@compiled
def _room(layout: Layout, text: Text) -> _Room:
    """Make room for any part and any run."""
    nodes = longest = 0
    for part in range(len(layout.syllables_from) - 1):
        nodes = max(nodes, layout.syllables_from[part + 1] - layout.syllables_from[part] + 1)
    for run in range(text.runs.shape[1]):
        longest = max(longest, text.runs[1, run] - text.runs[0, run] + 1)
    return _Room(np.empty((nodes + 1, longest)), np.empty(nodes), np.empty(nodes))


@compiled_loosely
def _loose(layout: Layout, levels: Floats, unlike: Singles) -> Singles:
    """Bound what each part (rows) gains in each run without regard to order."""
    lanes, nodes = unlike.shape[1], 0
    for part in range(len(levels)):
        nodes = max(nodes, layout.syllables_from[part + 1] - layout.syllables_from[part] + 1)
    gains = np.empty((len(levels), lanes), dtype=np.float32)
    ahead = np.empty((nodes, lanes), dtype=np.float32)
    gained = np.empty(lanes, dtype=np.float32)
    for part in range(len(levels)):
        first, stop = layout.syllables_from[part], layout.syllables_from[part + 1]
        allowed, level = np.float32(layout.bounds[0, part]), levels[part]
        ahead[: stop - first + 1] = -NEVER
        for entry in range(layout.last_from[part], layout.last_from[part + 1]):
            ahead[layout.last[entry]] = 0.0
        for at in range(stop - 1, first - 1, -1):
            weight = np.float32(layout.weights[0, at])
            most = np.float32(layout.weights[0, at] * (1.0 - level))
            left_out = np.float32(-layout.weights[0, at] * level - layout.weights[2, at])
            number, node = layout.numbers[at], at - first + 1
            costs, own = unlike[number], ahead[node]
            for lane in range(lanes):
                gain = most - weight * costs[lane]
                gain = gain if costs[lane] <= allowed and gain > left_out else left_out
                gained[lane] = gain + own[lane]
            for entry in range(layout.before_from[at], layout.before_from[at + 1]):
                best = ahead[layout.before[entry]]
                for lane in range(lanes):
                    best[lane] = gained[lane] if gained[lane] > best[lane] else best[lane]
        gains[part] = ahead[0]
    return gains


@compiled
def _together(layout: Layout, variant: int, gains: Singles) -> bool:
    """Whether the chains of a variant, each in a run of its own, may gain enough together."""
    total = np.float32(0.0)
    for chain in range(layout.variants_from[variant], layout.variants_from[variant + 1]):
        most = np.float32(-np.inf)
        for run in range(gains.shape[1]):
            gain = np.float32(0.0)
            for entry in range(layout.chains_from[chain], layout.chains_from[chain + 1]):
                gain += gains[layout.chains[entry], run]
            most = max(most, gain)
        total += most
    return bool(total >= -_ROUNDING)


@compiled_loosely
def _aligned(
    layout: Layout,
    part: int,
    run: int,
    level: float,
    needed: float,
    text: Text,
    unlike: Singles,
    room: _Room,
) -> float:
    """Bound what a part gains in a run by its alignment table; less than ``needed`` is not told apart."""
    first, stop = layout.syllables_from[part], layout.syllables_from[part + 1]
    ahead, reached = room.ahead, room.reached
    _look_ahead(layout, part, run, level, unlike, ahead)
    best = needed
    if ahead[0] >= needed:
        reached[: stop - first + 1] = -np.inf
        reached[0] = 0.0
        room.columns[0, : text.runs[1, run] - text.runs[0, run] + 1] = 0.0
        for at in range(first, stop):
            weight = layout.weights[0, at]
            gain = max(
                weight * (1.0 - level - unlike[layout.numbers[at], run]),
                -weight * level - layout.weights[2, at],
            )
            before = -np.inf
            for entry in range(layout.before_from[at], layout.before_from[at + 1]):
                before = max(before, reached[layout.before[entry]])
            if before + gain + ahead[at - first + 1] >= needed:
                _fill(layout, part, at, run, level, needed, text, room)
        for entry in range(layout.last_from[part], layout.last_from[part + 1]):
            best = max(best, reached[layout.last[entry]])
    return float(best)


@inlined
def _look_ahead(layout: Layout, part: int, run: int, level: float, unlike: Singles, ahead: Floats) -> None:
    """Write into ``ahead`` the most that can be gained in a run after each syllable, at first by all."""
    first, stop = layout.syllables_from[part], layout.syllables_from[part + 1]
    allowed = np.float32(layout.bounds[0, part])
    ahead[: stop - first + 1] = -NEVER
    for entry in range(layout.last_from[part], layout.last_from[part + 1]):
        ahead[layout.last[entry]] = 0.0
    for at in range(stop - 1, first - 1, -1):
        weight, cost = layout.weights[0, at], unlike[layout.numbers[at], run]
        left_out = -weight * level - layout.weights[2, at]
        gain = max(weight * (1.0 - level - cost), left_out) if cost <= allowed else left_out
        for entry in range(layout.before_from[at], layout.before_from[at + 1]):
            before = layout.before[entry]
            ahead[before] = max(ahead[before], gain + ahead[at - first + 1])


@inlined
def _fill(
    layout: Layout, part: int, at: int, run: int, level: float, needed: float, text: Text, room: _Room
) -> None:
    """Fill the column of a syllable from those before it that are reached."""
    columns, costs, extra = room.columns, text.costs, text.extra
    start, length = text.runs[0, run], text.runs[1, run] - text.runs[0, run]
    node, row, joined = at - layout.syllables_from[part] + 1, layout.rows[at], -1
    scratch = len(columns) - 1
    for entry in range(layout.before_from[at], layout.before_from[at + 1]):
        before = layout.before[entry]
        if room.reached[before] == -np.inf:
            continue
        if joined >= 0:
            for place in range(length + 1):
                columns[scratch, place] = max(columns[joined, place], columns[before, place])
            joined = scratch
        else:
            joined = before
    if not text.filled[row]:
        fill_costs(layout.syllables[:, at], text.codes, text.words, text.grades, costs[row])
        text.filled[row] = True
    weight, allowed = layout.weights[0, at], layout.bounds[0, part]
    lost = weight * level + layout.weights[2, at]
    own, before, gained = columns[node], columns[joined], weight * (1.0 - level)
    most = own[0] = before[0] - lost
    # One loop after the other: what does not hang on the place before is worked out for several at once.
    for place in range(length):
        cost = costs[row, start + place]
        said = before[place] + (gained - weight * cost if cost <= allowed else -NEVER)
        missed = before[place + 1] - lost
        own[place + 1] = said if said > missed else missed
    for place in range(length):
        most = own[place + 1] if own[place + 1] > most else most
    highest = own[0] + extra[start]
    for place in range(length):
        value = own[place + 1] + extra[start + place + 1]
        highest = value if value > highest else highest
        own[place + 1] = highest - extra[start + place + 1]
    if most + room.ahead[node] >= needed:
        room.reached[node] = most
