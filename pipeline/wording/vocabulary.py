"""All the phrases that are being looked for, laid out together so that a call is swept for all at once.

What is looked for is learnt from the searches themselves: a list of phrases that was asked for on one call is
part of the next call's sweep.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np

from pipeline.call import Role
from pipeline.wording.packing import Floats, Integers, Layout, pack_one, rows_of
from pipeline.wording.phrases import Phrase

# Rulebooks have some hundred lists; beyond so many, those of earlier rulebooks are forgotten.
_MOST_LISTS = 4096
_MOST_ASKED = 1024
_LONGEST_WAIT = 256


Asked = tuple[int, float, Role]
_BITS = {role: 1 << number for number, role in enumerate(Role)}


class Listed(NamedTuple):
    """A phrase's place in a list that is looked for: the list, and the position there."""

    group: int
    number: int


class Vocabulary(NamedTuple):
    """Phrases with the similarity asked of them, each once.

    Attributes
    ----------
    groups : dict
        Number of each list of phrases, by the list's id, the similarity and the role whose words are
        searched; the lists are kept, so their ids stay theirs.
    listed : list of list of Listed
        Per phrase: in which lists it stands.
    layout : Layout
        The phrases in order.
    levels : array, (parts,)
        Similarity asked of the phrase that each part belongs to, 0..1.
    roles : array of int32, (phrases,)
        A bit for each role whose words are searched for the phrase.
    words : tuple of str
        Latin words required; the layout numbers them.
    rows : int
        How many different syllables are required.
    """

    groups: dict[Asked, int]
    kept: list[tuple[Phrase, ...]]
    listed: list[list[Listed]]
    layout: Layout
    levels: Floats
    roles: Integers
    words: tuple[str, ...]
    rows: int


_asked: OrderedDict[Asked, tuple[Phrase, ...]] = OrderedDict()
_wanted: dict[Asked, tuple[Phrase, ...]] = {}
_lock = Lock()
_known: list[Vocabulary] = []
# Since the vocabulary was laid out, and before it is again.
_calls = [0, 0]


def want(phrases: tuple[Phrase, ...], threshold: float, role: Role) -> None:
    """Make a list of phrases, said so similarly by a role, part of the vocabulary when asked a second time.

    A list that is made for one search (a customer's name) does not come again.
    """
    key = id(phrases), threshold, role
    with _lock:
        if _asked.pop(key, None) is None:
            _asked[key] = phrases
            if len(_asked) > _MOST_ASKED:
                _asked.popitem(last=False)
        else:
            if len(_wanted) >= _MOST_LISTS:
                _wanted.clear()
            _wanted[key] = phrases


def vocabulary() -> Vocabulary | None:
    """Return what is wanted, laid out; None before anything is. To be asked for once a call.

    To lay it out takes as long as to judge a call, so that what is wanted later waits for longer and longer.
    """
    with _lock:
        _calls[0] += 1
        new = len(_wanted) != len(_known[0].groups) if _known else bool(_wanted)
        if new and _calls[0] >= _calls[1]:
            _known[:] = [_laid_out(dict(_wanted))]
            _calls[:] = [0, min(2 * _calls[1] + 1, _LONGEST_WAIT)]
        return _known[0] if _known else None


def role_bit(role: Role) -> int:
    """Return the bit of a role in :attr:`Vocabulary.roles`."""
    return _BITS[role]


def _laid_out(wanted: dict[Asked, tuple[Phrase, ...]]) -> Vocabulary:
    items: dict[tuple[Phrase, float], list[Listed]] = {}
    roles: dict[tuple[Phrase, float], int] = {}
    for group, ((_, threshold, role), phrases) in enumerate(wanted.items()):
        for number, phrase in enumerate(phrases):
            item = phrase, threshold
            items.setdefault(item, []).append(Listed(group, number))
            roles[item] = roles.get(item, 0) | role_bit(role)
    packs = [pack_one(phrase) for phrase, _ in items]
    words = tuple(dict.fromkeys(word for packed in packs for word in packed.words))
    layouts = [_renumbered(packed.layout, packed.words, words) for packed in packs]
    layout = _joined(layouts)
    levels = [
        np.full(len(packed.layout.syllables_from) - 1, threshold)
        for packed, (_, threshold) in zip(packs, items, strict=True)
    ]
    groups = {key: group for group, key in enumerate(wanted)}
    return Vocabulary(
        groups,
        list(wanted.values()),
        list(items.values()),
        layout,
        np.concatenate(levels) if levels else np.empty(0),
        np.array(list(roles.values()), dtype=np.int32),
        words,
        int(layout.rows.max(initial=-1)) + 1,
    )


def _renumbered(layout: Layout, own: Sequence[str], words: Sequence[str]) -> Layout:
    """Number the required words as those of all phrases."""
    if not own:
        return layout
    places = np.array([words.index(word) for word in own], dtype=np.int32)
    syllables = layout.syllables.copy()
    numbered = syllables[4] >= 0
    syllables[4, numbered] = places[syllables[4, numbered]]
    return layout._replace(syllables=syllables)


def _joined(layouts: Sequence[Layout]) -> Layout:
    """Lay one after the other."""
    parts = _starts(len(one.syllables_from) - 1 for one in layouts)
    numbers = np.concatenate([one.numbers for one in layouts])
    return Layout(
        syllables=np.concatenate([one.syllables for one in layouts], axis=1),
        numbers=numbers,
        rows=rows_of(numbers),
        weights=np.concatenate([one.weights for one in layouts], axis=1),
        syllables_from=_cuts([one.syllables_from for one in layouts]),
        before=np.concatenate([one.before for one in layouts]),
        before_from=_cuts([one.before_from for one in layouts]),
        last=np.concatenate([one.last for one in layouts]),
        last_from=_cuts([one.last_from for one in layouts]),
        bounds=np.concatenate([one.bounds for one in layouts], axis=1),
        chains=np.concatenate([one.chains + at for one, at in zip(layouts, parts, strict=False)]),
        chains_from=_cuts([one.chains_from for one in layouts]),
        variants_from=_cuts([one.variants_from for one in layouts]),
        phrases_from=_cuts([one.phrases_from for one in layouts]),
    )


def _starts(lengths: Iterator[int]) -> Integers:
    return np.cumsum([0, *lengths], dtype=np.int32)


def _cuts(cuts: Sequence[Integers]) -> Integers:
    """Join what cuts consecutive stretches."""
    starts = _starts(int(one[-1]) for one in cuts)
    moved = [one[:-1] + start for one, start in zip(cuts, starts[:-1], strict=True)]
    return np.concatenate([*moved, starts[-1:]]).astype(np.int32)
