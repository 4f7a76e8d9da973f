"""Whether two numbers are the same value, or one a piece of the other, up to what is misheard."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

# As much of a number as shows that it is the same one.
SHARED = 4
# Of longer numbers, so much alike is the same one misheard.
ALIKE, ALIKE_DIGITS = 0.75, 7


def is_same(one: str, other: str) -> bool:
    """Whether two strings of digits share four in a row, or are nearly the same."""
    if any(one[at : at + SHARED] in other for at in range(len(one) - SHARED + 1)):
        return True
    long = min(len(one), len(other)) >= ALIKE_DIGITS
    return long and Levenshtein.normalized_similarity(one, other) >= ALIKE


def positions(said: str, value: str) -> tuple[int | None, ...]:
    """Return for each digit said which of the value's it is, or None.

    A value that is said twice without a word in between is aligned twice.
    """
    half = len(said) // 2
    if len(said) > len(value) and said[:half] == said[half:]:
        return positions(said[:half], value) * 2
    found: list[int | None] = [None] * len(said)
    for block in Levenshtein.editops(said, value).as_matching_blocks():
        for offset in range(block.size):
            found[block.a + offset] = block.b + offset
    return tuple(found)


def written(places: tuple[int | None, ...]) -> str:
    """Write positions down: ``0-10``, ``0-3,?,5-10``."""
    parts: list[str] = []
    first: int | None = None
    last: int | None = None
    for place in (*places, None):
        if place is not None and last is not None and place == last + 1:
            last = place
            continue
        if first is not None:
            parts.append(f"{first}-{last}")
        first = last = place
        parts += ["?"] if place is None else []
    return ",".join(parts[:-1])


def read(said: str) -> tuple[int | None, ...]:
    """Undo :func:`written`."""
    places: list[int | None] = []
    for part in said.split(",") if said else ():
        if part == "?":
            places.append(None)
        else:
            first, last = map(int, part.split("-"))
            places += range(first, last + 1)
    return tuple(places)
