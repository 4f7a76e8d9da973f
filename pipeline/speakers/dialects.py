"""Who speaks Cantonese: recognisers write it as Chinese, and its own characters tell it.

Whisper's smaller models have no Cantonese and call it Mandarin. An utterance is Cantonese when the marks of
written Cantonese are frequent in it; a role that mostly has such utterances speaks it in its others too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.call import Utterance
from pipeline.wording.languages import (
    CANTONESE,
    CANTONESE_SHARE,
    MANDARIN,
    cantonese_marks,
    count_han,
    reads_as_cantonese,
)

# A role whose Chinese has this many marks in all, at the share Cantonese has, speaks it throughout.
ROLE_MARKS = 4
# A text with one mark in six characters is surely Cantonese; one mark is a recogniser's slip at times.
SURE_SHARE, LEAST_CONFIDENCE, MOST_CONFIDENCE = 1 / 6, 0.6, 0.95


def with_cantonese(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Name Cantonese where it was taken for Mandarin."""
    speaks = {
        role: _throughout([u for u in utterances if u.role is role]) for role in {u.role for u in utterances}
    }
    return tuple(_named(u, whole_text=speaks[u.role]) for u in utterances)


def _throughout(own: Sequence[Utterance]) -> str:
    """All the Chinese of a role where it is Cantonese as a whole, else nothing."""
    text = "".join(u.text for u in own if u.language == MANDARIN)
    marks = cantonese_marks(text)
    return text if marks >= ROLE_MARKS and marks >= CANTONESE_SHARE * count_han(text) else ""


def _named(utterance: Utterance, *, whole_text: str) -> Utterance:
    if utterance.language != MANDARIN:
        return utterance
    text = utterance.text if reads_as_cantonese(utterance.text) else whole_text
    if not text:
        return utterance
    share = cantonese_marks(text) / count_han(text)
    sure = LEAST_CONFIDENCE + (MOST_CONFIDENCE - LEAST_CONFIDENCE) * min(1.0, share / SURE_SHARE)
    return replace(utterance, language=CANTONESE, language_confidence=sure)
