"""Phrases outside the longer wording in which they do not count."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import Utterance
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_all
from pipeline.wording.phrases import Phrase


def said_outside(
    phrases: Sequence[Phrase],
    not_counted: Sequence[Phrase],
    utterances: Sequence[Utterance],
    *,
    threshold: float,
) -> tuple[PhraseMatch, ...]:
    """Return every match of the phrases that overlaps none of the others, in order of time."""
    found = find_all(phrases, utterances, threshold=threshold)
    if not found or not not_counted:
        return found
    masks = [Span(m.start_s, m.end_s) for m in find_all(not_counted, utterances, threshold=threshold)]
    return tuple(m for m in found if not any(Span(m.start_s, m.end_s).overlap_s(mask) > 0 for mask in masks))
