"""Passages that say phrases: what a screen leaves is aligned and joined, and the best of overlaps kept."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import Utterance
from pipeline.wording.alignment import near_occurrences, occurrences
from pipeline.wording.chains import Passage, complete_passages, nearest_passage
from pipeline.wording.heard import Heard
from pipeline.wording.packing import Packed, pack, pack_one
from pipeline.wording.phrases import Phrase
from pipeline.wording.screening import possible, possibly_near
from pipeline.wording.transcripts import attended

Found = tuple[Passage, Phrase]

# Passages that are not matches are most often about so much alike; few phrases can be, so few are looked at.
_OFTEN_NEAR = (0.6, 0.45, 0.0)
_FEW_PARTS = 24


def find_passages(phrases: tuple[Phrase, ...], heard: Heard, *, threshold: float) -> list[Found]:
    """Find the passages of at least this similarity, the most similar first, of equals the longest.

    Of passages that overlap the first in this order is kept.
    """
    transcript = attended() if heard.stretch is not None else None
    sayable = transcript.sayable(phrases, threshold, heard) if transcript is not None else None
    if sayable is None:
        found = _found(phrases, pack(phrases), heard, None, threshold)
    elif not sayable:
        return []
    else:
        found = []
        for number, runs in sayable:
            phrase = phrases[number]
            found += _found((phrase,), pack_one(phrase), heard, heard.runs_in(runs), threshold)
    if len(found) < 2:
        return found
    found.sort(key=lambda one: (-round(one[0].similarity, 9), -one[0].weight, one[0].start))
    kept: list[Found] = []
    for one in found:
        if all(one[0].end <= other.start or other.end <= one[0].start for other, _ in kept):
            kept.append(one)
    return kept


def _found(
    phrases: tuple[Phrase, ...], packed: Packed, heard: Heard, runs: list[int] | None, threshold: float
) -> list[Found]:
    """Find the passages that say any of the phrases, in the order of these, in all runs or in some."""
    said, known = occurrences(packed, heard, runs, threshold=threshold)
    return [
        (passage, phrases[number])
        for number in said
        for passage in complete_passages(packed.phrases[number], known, packed, heard)
        if passage.similarity >= threshold
    ]


def find_possible(phrases: tuple[Phrase, ...], heard: Heard, *, threshold: float) -> tuple[Utterance, ...]:
    """Return the utterances in which a phrase may be said with at least this similarity; no other has one."""
    transcript = attended() if heard.stretch is not None else None
    sayable = transcript.sayable(phrases, threshold, heard) if transcript is not None else None
    if sayable is None:
        return heard.utterances if possible(pack(phrases), heard, threshold=threshold) else ()
    runs = 0
    for _, within in sayable:
        runs |= within
    return heard.touching(runs) if runs else ()


def find_nearest(phrases: tuple[Phrase, ...], heard: Heard) -> Found | None:
    """Find the most similar passage of any of the phrases, complete or not; None when nothing is alike."""
    packed = pack(phrases)
    nearest: dict[int, Passage] = {}
    looked_at: set[int] = set()
    # To look at a few is faster than to tell which of them are worth it.
    for similarity in _OFTEN_NEAR if len(packed.numbers) > _FEW_PARTS else (0.0,):
        numbers = possibly_near(packed, heard, similarity=similarity) if similarity else range(len(phrases))
        more = [number for number in numbers if number not in looked_at]
        looked_at.update(more)
        nearest |= _nearest(more, packed, heard)
        # No other phrase can be as alike as this.
        if any(passage.similarity >= similarity for passage in nearest.values()):
            break
    if not nearest:
        return None
    number = min(nearest, key=lambda number: (-nearest[number].similarity, number))
    return nearest[number], phrases[number]


def _nearest(numbers: Sequence[int], packed: Packed, heard: Heard) -> dict[int, Passage]:
    """Find what comes nearest to each of some phrases."""
    if not numbers:
        return {}
    parts = {part for number in numbers for part in packed.parts_of[number]}
    known = near_occurrences(packed, sorted(parts), heard)
    passages = ((number, nearest_passage(packed.phrases[number], known, packed, heard)) for number in numbers)
    return {number: passage for number, passage in passages if passage is not None}
