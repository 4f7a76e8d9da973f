"""Phrases laid out as arrays, for the compiled functions of screening and alignment."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence, Sized
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.wording.phrases import Chain, Part, Phrase, Syllable
from pipeline.wording.pinyin import fold
from pipeline.wording.preparing import NEGATIONS
from pipeline.wording.sounds import (
    HALF_ALIKE,
    NEARLY_ALIKE,
    NOTHING_ALIKE,
    PINYIN_SOUNDS,
    SAME_FOLDED,
    sound_id,
)

Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

SHORT, BRIEF = 2, 4
"""One wrong syllable makes another word of two, and another meaning of four (我没办法, 我有办法)."""

NEVER = 1e6
_LEFT_OUT = 1.0
_LEFT_OUT_NEGATION = 1.5


class Layout(NamedTuple):
    """The parts of some phrases, each once, and how chains, variants and phrases are made of them.

    What belongs to item ``i`` of a kind stands in ``[*_from[i], *_from[i + 1])``.

    Attributes
    ----------
    syllables : array of int32, (5, syllables)
        Character (−1 for a word), sound, folded sound where it is not pinyin, whether it is a negation, and
        number among the required words (−1 for a character).
    numbers : array of int32, (syllables,)
        Number of each among the syllables of all phrases.
    rows : array of int32, (syllables,)
        Number of each among those of these phrases.
    weights : array, (3, syllables)
        Weight; cost of leaving the syllable out, beyond its weight; that cost again where the part must count
        as said.
    bounds : array, (7, parts)
        Highest cost of a syllable with which the part can count as said; least and most weight of a way to
        say it; fewest syllables of one; whether there are several (1 or 0); whether it is exact; whether it
        belongs to a phrase with a longer part.
    """

    syllables: Integers
    numbers: Integers
    rows: Integers
    weights: Floats
    syllables_from: Integers
    before: Integers
    before_from: Integers
    last: Integers
    last_from: Integers
    bounds: Floats
    chains: Integers
    chains_from: Integers
    variants_from: Integers
    phrases_from: Integers


class Packed(NamedTuple):
    """Phrases, the number of each part in the layout, the Latin words they require, the layout, and its rows.

    ``supported`` tells of each variant, by its id, whether it :func:`is_supported`; ``parts_of`` has the
    numbers of the parts of each phrase.
    """

    phrases: tuple[Phrase, ...]
    numbers: dict[Part, int]
    words: tuple[str, ...]
    layout: Layout
    rows: int
    supported: dict[int, bool]
    parts_of: tuple[tuple[int, ...], ...]


_MOST_REMEMBERED = 4096
_remembered: dict[int, tuple[tuple[Phrase, ...], Packed]] = {}


def pack(phrases: tuple[Phrase, ...]) -> Packed:
    """Lay phrases out as arrays, once."""
    # To compare hundreds of phrases takes longer than to search for them. A tuple that is kept keeps its id.
    known = _remembered.get(id(phrases))
    if known is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        known = _remembered[id(phrases)] = phrases, _pack(phrases)
    return known[1]


@lru_cache(maxsize=_MOST_REMEMBERED)
def pack_one(phrase: Phrase) -> Packed:
    """Lay a phrase out by itself, once."""
    return _pack((phrase,))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _pack(phrases: tuple[Phrase, ...]) -> Packed:
    variants = [variant for phrase in phrases for variant in phrase.variants]
    chains = [chain for variant in variants for chain in variant]
    supports = {id(variant): is_supported(variant) for variant in variants}
    supported = {part for variant in variants if supports[id(variant)] for c in variant for part in c.parts}
    # Choices with gaps inside are written out, so the same part comes again and again.
    alike = {part: _alike(part, part in supported) for chain in chains for part in chain.parts}
    parts = tuple({same: part for part, same in alike.items()}.values())
    places = {alike[part]: number for number, part in enumerate(parts)}
    numbers = {part: places[same] for part, same in alike.items()}
    allowed = [_allowed(part, supported=part in supported) for part in parts]
    syllables = [syllable for part in parts for syllable in part.syllables]
    words = tuple(dict.fromkeys(s.text for s in syllables if len(s.text) > 1))
    before = [at for part in parts for at in part.before]
    weights = [
        _weights(s, part, most) for part, most in zip(parts, allowed, strict=True) for s in part.syllables
    ]
    bounds = [
        (most, *_reach(part), part.shortest, part.branches, part.exact, part in supported)
        for part, most in zip(parts, allowed, strict=True)
    ]
    numbered = np.array([_number(s) for s in syllables], dtype=np.int32)
    layout = Layout(
        syllables=np.array([_required(s, words) for s in syllables], dtype=np.int32).T.copy(),
        numbers=numbered,
        rows=rows_of(numbered),
        weights=np.array(weights, dtype=np.float64).T.copy(),
        syllables_from=_cuts(part.syllables for part in parts),
        before=_flat(before),
        before_from=_cuts(before),
        last=_flat(part.last for part in parts),
        last_from=_cuts(part.last for part in parts),
        bounds=np.array(bounds, dtype=np.float64).T.copy(),
        chains=_flat([numbers[part] for part in chain.parts] for chain in chains),
        chains_from=_cuts(chain.parts for chain in chains),
        variants_from=_cuts(variants),
        phrases_from=_cuts(phrase.variants for phrase in phrases),
    )
    parts_of = tuple(
        tuple(numbers[part] for variant in phrase.variants for chain in variant for part in chain.parts)
        for phrase in phrases
    )
    return Packed(phrases, numbers, words, layout, len(set(numbered.tolist())), supports, parts_of)


_numbers: dict[Syllable, int] = {}


def count_syllables() -> int:
    """Return how many different syllables the phrases that were laid out so far require."""
    return len(_numbers)


@lru_cache(maxsize=1)
def known_syllables(count: int) -> Integers:
    """Return the first ``count`` of them, by number, as a layout has them; all words are number 0."""
    return np.array([_required(s, (s.text,)) for s in islice(_numbers, count)], dtype=np.int32).T.copy()


def rows_of(numbers: Integers) -> Integers:
    """Number the different ones from 0."""
    rows: Integers = np.unique(numbers, return_inverse=True)[1].astype(np.int32)
    return rows


def _number(syllable: Syllable) -> int:
    """Number a syllable; a given one keeps its number as long as the process lives."""
    return _numbers.setdefault(syllable, len(_numbers))


def is_supported(variant: Sequence[Chain]) -> bool:
    """Whether a variant has a part so long that its short parts may be said a little wrongly."""
    return any(part.shortest > BRIEF for chain in variant for part in chain.parts)


def _alike(part: Part, supported: bool) -> Hashable:
    """Return what parts that are said in the same places have in common."""
    return part.syllables, part.before, part.last, part.exact, supported


def _required(syllable: Syllable, words: Sequence[str]) -> tuple[int, int, int, int, int]:
    text, sound = syllable
    folded = sound_id(fold(sound)) if sound_id(sound) >= PINYIN_SOUNDS else -1
    if len(text) > 1:
        return -1, sound_id(sound), folded, 0, words.index(text)
    return ord(text), sound_id(sound), folded, int(text in NEGATIONS), -1


def _weights(syllable: Syllable, part: Part, most: float) -> tuple[float, float, float]:
    """Weight of a syllable, and what it costs not to say it; nothing for a particle."""
    weight = syllable.weight
    left_out = _LEFT_OUT_NEGATION if syllable.text in NEGATIONS else _LEFT_OUT
    if weight < 1:
        left_out = 0.0
    tolerable = most >= NOTHING_ALIKE or (weight < 1 and part.shortest >= BRIEF and most >= HALF_ALIKE)
    return weight, left_out, left_out if tolerable else NEVER


def _allowed(part: Part, *, supported: bool) -> float:
    """Highest cost of a syllable with which a part of this length can count as said."""
    if part.exact:
        return SAME_FOLDED
    lengths = [0]
    for before in part.before:
        lengths.append(1 + max(lengths[at] for at in before))
    longest = max(lengths[at] for at in part.last)
    if longest <= SHORT:
        return NEARLY_ALIKE if supported else SAME_FOLDED
    if longest < BRIEF and not supported:
        return NEARLY_ALIKE
    return HALF_ALIKE if longest <= BRIEF else NEVER


def _reach(part: Part) -> tuple[float, float]:
    """Least and most weight of a way to say a part."""
    least, most = [0.0], [0.0]
    for syllable, before in zip(part.syllables, part.before, strict=True):
        least.append(syllable.weight + min(least[at] for at in before))
        most.append(syllable.weight + max(most[at] for at in before))
    return min(least[at] for at in part.last), max(most[at] for at in part.last)


def _flat(rows: Iterable[Iterable[int]]) -> Integers:
    return np.array([number for row in rows for number in row], dtype=np.int32)


def _cuts(rows: Iterable[Sized]) -> Integers:
    return np.array([0, *accumulate(map(len, rows))], dtype=np.int32)
