"""Joining the parts of a phrase: in order with bounded gaps, or in any order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.wording.alignment import Occurrence, Occurrences
from pipeline.wording.heard import Heard
from pipeline.wording.packing import Packed
from pipeline.wording.phrases import Chain, Part, Phrase

_ByPart = dict[Part, list[Occurrence]]


class Passage(NamedTuple):
    """Tokens ``[start, end)`` that say a phrase, or some of it.

    Attributes
    ----------
    likeness : float
        Similarities of its parts weighted by their length.
    weight : float
        Length of all parts, said or not.
    complete : bool
        Whether every part is there.
    """

    start: int
    end: int
    likeness: float
    weight: float
    complete: bool
    by_sound: bool

    @property
    def similarity(self) -> float:
        """Length-weighted mean over the parts, 0..1; a part that is missing counts 0."""
        return min(1.0, self.likeness / self.weight)


def complete_passages(phrase: Phrase, known: Occurrences, packed: Packed, heard: Heard) -> list[Passage]:
    """Find the passages that say ``phrase``, one of those ``packed``, from where its parts are."""
    found: list[Passage] = []
    for variant in phrase.variants:
        found += _together(_rows(variant, _present(variant, known, packed), heard))
    return found


def nearest_passage(phrase: Phrase, known: Occurrences, packed: Packed, heard: Heard) -> Passage | None:
    """Find what comes nearest to ``phrase``, one of those ``packed``: a passage however alike, or a part."""
    found: list[Passage] = []
    for variant in phrase.variants:
        said = _present(variant, known, packed)
        rows = _rows(variant, said, heard)
        near = {part: known.get(packed.numbers[part], []) for part in said}
        found += _together(rows) or _partly(rows, [_nearest(chain, near, said) for chain in variant])
    return max(found, key=lambda passage: passage.similarity, default=None)


def _present(variant: Sequence[Chain], known: Occurrences, packed: Packed) -> _ByPart:
    """Return where the parts of a variant count as said."""
    supported = packed.supported[id(variant)]
    return {
        part: [one for one in known.get(packed.numbers[part], ()) if one.present(supported=supported)]
        for chain in variant
        for part in chain.parts
    }


def _rows(variant: Sequence[Chain], said: _ByPart, heard: Heard) -> list[list[Passage]]:
    return [_complete(chain, said, heard) for chain in variant]


def _passage(occurrence: Occurrence) -> Passage:
    weighted = occurrence.similarity * occurrence.weight
    return Passage(occurrence.start, occurrence.end, weighted, occurrence.weight, True, occurrence.by_sound)


def _hull(left: Passage, right: Passage) -> Passage:
    return Passage(
        min(left.start, right.start),
        max(left.end, right.end),
        left.likeness + right.likeness,
        left.weight + right.weight,
        left.complete and right.complete,
        left.by_sound or right.by_sound,
    )


def _complete(chain: Chain, said: _ByPart, heard: Heard) -> list[Passage]:
    """Passages with every part present, in order, the gaps within bounds and no border crossed."""
    reached = [_passage(one) for one in said[chain.parts[0]]]
    for (low, high), part in zip(chain.gaps[1:], chain.parts[1:], strict=False):
        extended: list[Passage] = []
        for one in map(_passage, said[part]):
            before = [
                passage
                for passage in reached
                if low <= one.start - passage.end <= high
                and heard.run_of(passage.end - 1) == heard.run_of(one.start)
            ]
            if before:
                extended.append(_hull(max(before, key=lambda p: (round(p.similarity, 9), p.end)), one))
        reached = extended
    widened = (_widen(passage, chain.gaps[0][0], chain.gaps[-1][0], heard) for passage in reached)
    return [passage for passage in widened if passage is not None]


def _widen(passage: Passage, before: int, after: int, heard: Heard) -> Passage | None:
    """Take in what slots at either end require; None when there is not that much."""
    if not before and not after:
        return passage
    start, end = passage.start - before, passage.end + after
    if (
        start < 0
        or end > heard.length
        or heard.run_of(start) != heard.run_of(passage.start)
        or heard.run_of(end - 1) != heard.run_of(passage.end - 1)
    ):
        return None
    return Passage(start, end, passage.likeness, passage.weight, True, passage.by_sound)


def _together(rows: Sequence[list[Passage]]) -> list[Passage]:
    """Join chains in any order: each passage of the first with the nearest of every other."""
    joined = rows[0]
    for row in rows[1:]:
        joined = [_hull(passage, _closest(row, passage)) for passage in joined] if row else []
    return joined


def _closest(row: Sequence[Passage], passage: Passage) -> Passage:
    def away(other: Passage) -> tuple[int, float]:
        return max(passage.start - other.end, other.start - passage.end, 0), -other.similarity

    return min(row, key=away)


def _partly(rows: Sequence[list[Passage]], closest: Sequence[Passage | None]) -> list[Passage]:
    """Take the best there is of every chain; the place is that of the longest one found."""
    best = [
        max(row, key=lambda p: p.similarity) if row else near for row, near in zip(rows, closest, strict=True)
    ]
    said = [passage for passage in best if passage is not None]
    if not said:
        return []
    place = max(said, key=lambda passage: passage.likeness)
    weight = sum(passage.weight for passage in said) + sum(1.0 for passage in best if passage is None)
    likeness = sum(passage.likeness for passage in said)
    return [Passage(place.start, place.end, likeness, weight, False, any(p.by_sound for p in said))]


def _nearest(chain: Chain, known: _ByPart, said: _ByPart) -> Passage | None:
    """Start from the part said best and add the parts present around it, in order and within the gaps."""
    found = [
        (one.similarity * one.weight, -at, one) for at, part in enumerate(chain.parts) for one in known[part]
    ]
    if not found:
        return None
    _, minus_at, anchor = max(found, key=lambda candidate: candidate[:2])
    at, passage = -minus_at, _passage(anchor)
    for i in range(at + 1, len(chain.parts)):
        high = sum(gap[1] for gap in chain.gaps[at + 1 : i + 1])
        after = [one for one in said[chain.parts[i]] if 0 <= one.start - passage.end <= high]
        passage = _add(passage, after, chain.parts[i])
    for i in range(at - 1, -1, -1):
        high = sum(gap[1] for gap in chain.gaps[i + 1 : at + 1])
        before = [one for one in said[chain.parts[i]] if 0 <= passage.start - one.end <= high]
        passage = _add(passage, before, chain.parts[i])
    return Passage(passage.start, passage.end, passage.likeness, passage.weight, False, passage.by_sound)


def _add(passage: Passage, fitting: list[Occurrence], part: Part) -> Passage:
    if fitting:
        return _hull(passage, _passage(max(fitting, key=lambda one: one.similarity)))
    # What is missing counts with the length of the shortest way to say it.
    weight = passage.weight + part.shortest
    return Passage(passage.start, passage.end, passage.likeness, weight, False, passage.by_sound)
