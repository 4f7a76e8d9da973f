"""Passages that say phrases: what a screen leaves is aligned and joined, and the best of overlaps kept."""

from __future__ import annotations

from pipeline.wording.alignment import near_occurrences, occurrences
from pipeline.wording.chains import Passage, complete_passages, nearest_passage
from pipeline.wording.heard import Heard
from pipeline.wording.packing import Packed, pack, pack_one
from pipeline.wording.phrases import Phrase
from pipeline.wording.screening import possible, possibly_near
from pipeline.wording.transcripts import attended

Found = tuple[Passage, Phrase]

# A passage that is not a match is most often about this much alike.
_OFTEN_NEAR = 0.6


def find_passages(phrases: tuple[Phrase, ...], heard: Heard, *, threshold: float) -> list[Found]:
    """Find the passages of at least this similarity, the most similar first, of equals the longest.

    Of passages that overlap the first in this order is kept.
    """
    transcript = attended() if heard.whole is not None else None
    sayable = transcript.sayable(phrases, threshold, heard) if transcript is not None else None
    if sayable is None:
        found = _found(phrases, heard, threshold)
    else:
        found = [one for number in sayable for one in _found(phrases[number : number + 1], heard, threshold)]
    if len(found) < 2:
        return found
    found.sort(key=lambda one: (-round(one[0].similarity, 9), -one[0].weight, one[0].start))
    kept: list[Found] = []
    for one in found:
        if all(one[0].end <= other.start or other.end <= one[0].start for other, _ in kept):
            kept.append(one)
    return kept


def _found(phrases: tuple[Phrase, ...], heard: Heard, threshold: float) -> list[Found]:
    """Find the passages that say any of the phrases, in the order of these."""
    packed = pack_one(phrases[0]) if len(phrases) == 1 else pack(phrases)
    said, known = occurrences(packed, heard, threshold=threshold)
    return [
        (passage, phrases[number])
        for number in said
        for passage in complete_passages(phrases[number], known, packed, heard)
        if passage.similarity >= threshold
    ]


def find_possible(phrases: tuple[Phrase, ...], heard: Heard, *, threshold: float) -> tuple[Phrase, ...]:
    """Return the phrases that may be said with at least this similarity; no other is."""
    transcript = attended() if heard.whole is not None else None
    sayable = transcript.sayable(phrases, threshold, heard) if transcript is not None else None
    numbers = possible(pack(phrases), heard, threshold=threshold) if sayable is None else sorted(sayable)
    return tuple(phrases[number] for number in numbers)


def find_nearest(phrases: tuple[Phrase, ...], heard: Heard) -> Found | None:
    """Find the most similar passage of any of the phrases, complete or not; None when nothing is alike."""
    packed = pack(phrases)
    nearest: dict[int, Passage] = {}
    # Few phrases can be as alike as the first that is looked at, so few others are.
    for number in possibly_near(packed, heard, similarity=_OFTEN_NEAR)[:1]:
        nearest |= _nearest(number, packed, heard)
    least = max((passage.similarity for passage in nearest.values()), default=0.0)
    for number in possibly_near(packed, heard, similarity=least):
        if number not in nearest:
            nearest |= _nearest(number, packed, heard)
    if not nearest:
        return None
    number = min(nearest, key=lambda number: (-nearest[number].similarity, number))
    return nearest[number], phrases[number]


def _nearest(number: int, packed: Packed, heard: Heard) -> dict[int, Passage]:
    phrase = packed.phrases[number]
    parts = {packed.numbers[part] for variant in phrase.variants for chain in variant for part in chain.parts}
    near = nearest_passage(phrase, near_occurrences(packed, sorted(parts), heard), packed, heard)
    return {} if near is None else {number: near}
