"""How reasons say how often something is, and what of a rulebook's phrase was said."""

from __future__ import annotations

from pipeline.wording.matching import PhraseMatch
from pipeline.wording.readable import readable


def counted(number: int, thing: str) -> str:
    """Return a number with what it counts, in the plural unless it is one: ``1 hold``, ``2 holds``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def times(number: int) -> str:
    """Return how often: ``never``, ``once``, ``2 times``."""
    return {0: "never", 1: "once"}.get(number, f"{number} times")


def phrase_of(match: PhraseMatch) -> str:
    """Return the phrase that was found, in quotation marks: the form of it that is nearest to the words."""
    return repr(readable(match.phrase, near=match.quote))
