"""Stretches in which one party speaks without a long pause, whether or not the other answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import Utterance
from pipeline.spans import Span

# A pause this long inside what one party says begins something new.
PAUSE_S = 2.5


@dataclass(frozen=True, slots=True)
class Block:
    """Utterances with no long pause between them, in order."""

    utterances: tuple[Utterance, ...]

    @property
    def span(self) -> Span:
        """From the first to the last word."""
        return Span(self.utterances[0].start_s, max(u.end_s for u in self.utterances))


def blocks(
    utterances: Sequence[Utterance], *, others: Sequence[Utterance] = (), pause_s: float = PAUSE_S
) -> tuple[Block, ...]:
    """Group utterances of one party, in order of time.

    A block ends with a pause of ``pause_s`` seconds and more, or when one of ``others`` begins.
    """
    groups: list[list[Utterance]] = []
    for utterance in utterances:
        since_s = groups[-1][-1].start_s if groups else 0.0
        parted = any(since_s < other.start_s <= utterance.start_s for other in others)
        if groups and not parted and utterance.start_s - max(u.end_s for u in groups[-1]) < pause_s:
            groups[-1].append(utterance)
        else:
            groups.append([utterance])
    return tuple(Block(tuple(group)) for group in groups)
