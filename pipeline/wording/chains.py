"""Joining the parts of a phrase: in order with bounded gaps, or in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.wording.alignment import BRIEF, Occurrence, occurrences
from pipeline.wording.heard import Heard
from pipeline.wording.phrases import Chain, Part, Phrase

Occurrences = dict[Part, list[Occurrence]]


@dataclass(frozen=True, slots=True)
class Passage:
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


def passages(phrase: Phrase, heard: Heard) -> tuple[list[Passage], Passage | None]:
    """Find every complete passage that says ``phrase``, and the nearest one of any kind."""
    known: Occurrences = {}
    complete: list[Passage] = []
    nearest: list[Passage] = []
    for variant in phrase.variants:
        for chain in variant:
            for part in chain.parts:
                if part not in known:
                    known[part] = occurrences(part, heard)
        supported = any(part.shortest > BRIEF for chain in variant for part in chain.parts)
        said = {part: [one for one in known[part] if one.present(supported=supported)] for part in known}
        rows = [_complete(chain, said, heard) for chain in variant]
        together = _together(rows)
        complete += together
        closest = [_nearest(chain, known, said) for chain in variant]
        nearest += together or _partly(rows, closest)
    return complete, max(nearest, key=lambda passage: passage.similarity, default=None)


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


def _complete(chain: Chain, said: Occurrences, heard: Heard) -> list[Passage]:
    """Passages with every part present, in order, the gaps within bounds and no border crossed."""
    reached = [_passage(one) for one in said[chain.parts[0]]]
    for (low, high), part in zip(chain.gaps[1:], chain.parts[1:], strict=False):
        extended: list[Passage] = []
        for one in map(_passage, said[part]):
            before = [
                passage
                for passage in reached
                if low <= one.start - passage.end <= high
                and heard.runs[passage.end - 1] == heard.runs[one.start]
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
    start, end, runs = passage.start - before, passage.end + after, heard.runs
    if (
        start < 0
        or end > len(runs)
        or runs[start] != runs[passage.start]
        or runs[end - 1] != runs[passage.end - 1]
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


def _nearest(chain: Chain, known: Occurrences, said: Occurrences) -> Passage | None:
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
