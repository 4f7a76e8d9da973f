"""Finding phrases in recognised speech, by characters and by sound.

A phrase matches where every part of it is there and the length-weighted mean of the parts' similarities
reaches the threshold (see :mod:`pipeline.wording.alignment`). Utterances of one role that follow each other
within 2 s are searched as one, so a phrase may run across them. The search is for the words alone: whether a
forbidden phrase stands inside a polite request is for the caller to judge from ``utterance_text``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import Utterance
from pipeline.wording.chains import Passage, passages
from pipeline.wording.heard import Heard, listen
from pipeline.wording.phrases import Phrase

THRESHOLD = 0.78
"""Least similarity of a match unless a rulebook says otherwise."""

_BELOW = 0.01


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """Where a phrase (or what comes nearest to it) was said.

    Attributes
    ----------
    phrase : str
        Source of the phrase.
    start_s, end_s : float
        Interpolated by spoken character inside the utterances.
    quote : str
        Text of the match as recognised, from its first to its last character.
    similarity : float
        0..1; 1 is verbatim.
    reading : str
        ``characters``, or ``pinyin`` when a syllable was only alike in sound.
    utterance_idx : int
        ``Utterance.idx`` of the utterance it starts in.
    utterance_text : str
        Whole text of the utterances it touches, joined by spaces.
    """

    phrase: str
    start_s: float
    end_s: float
    quote: str
    similarity: float
    reading: str
    utterance_idx: int
    utterance_text: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found.

    Attributes
    ----------
    match : PhraseMatch or None
        At or above the threshold.
    nearest : PhraseMatch or None
        The most similar passage of all: the best match, or what came nearest to one. A passage in which a
        part is missing is always below the threshold.
    start_s, end_s : float or None
        Window searched; None when there were no utterances.
    confidence : float or None
        Mean recogniser confidence of the window, weighted by characters, 0..1.
    """

    match: PhraseMatch | None
    nearest: PhraseMatch | None
    start_s: float | None
    end_s: float | None
    confidence: float | None


def find_first(
    phrases: Sequence[Phrase], utterances: Sequence[Utterance], *, threshold: float = THRESHOLD
) -> Search:
    """Find the earliest match of any of the phrases.

    Parameters
    ----------
    phrases : sequence of Phrase
        Equivalent phrases; any one of them will do.
    utterances : sequence of Utterance
        The window to search, in order of time; usually of one role.
    threshold : float
        Least similarity of a match, 0..1.

    Returns
    -------
    Search
        The match with the window, and the nearest candidate for an absence.
    """
    return _search(phrases, utterances, threshold, last=False)


def find_last(
    phrases: Sequence[Phrase], utterances: Sequence[Utterance], *, threshold: float = THRESHOLD
) -> Search:
    """Find the latest match of any of the phrases; otherwise as :func:`find_first`."""
    return _search(phrases, utterances, threshold, last=True)


def find_all(
    phrases: Sequence[Phrase], utterances: Sequence[Utterance], *, threshold: float = THRESHOLD
) -> tuple[PhraseMatch, ...]:
    """Find all matches of any of the phrases, in order of time.

    Of matches that overlap the most similar one is kept, then the longest.
    """
    return _find(phrases, listen(tuple(utterances)), threshold)[0]


def _search(
    phrases: Sequence[Phrase], utterances: Sequence[Utterance], threshold: float, *, last: bool
) -> Search:
    if not utterances:
        return Search(None, None, None, None, None)
    matches, nearest = _find(phrases, listen(tuple(utterances)), threshold)
    match = matches[-1 if last else 0] if matches else None
    start_s = min(utterance.start_s for utterance in utterances)
    end_s = max(utterance.end_s for utterance in utterances)
    return Search(match, nearest, start_s, end_s, _confidence(utterances))


def _find(
    phrases: Sequence[Phrase], heard: Heard, threshold: float
) -> tuple[tuple[PhraseMatch, ...], PhraseMatch | None]:
    matches: list[tuple[Passage, Phrase]] = []
    nearest: list[tuple[Passage, Phrase]] = []
    for phrase in phrases:
        complete, near = passages(phrase, heard)
        matches += [(passage, phrase) for passage in complete if passage.similarity >= threshold]
        if near is not None:
            nearest.append((near, phrase))
    matches.sort(key=lambda found: (-round(found[0].similarity, 9), -found[0].weight, found[0].start))
    kept: list[tuple[Passage, Phrase]] = []
    for passage, phrase in matches:
        if all(passage.end <= other.start or other.end <= passage.start for other, _ in kept):
            kept.append((passage, phrase))
    if kept:
        nearest = kept[:1]
    best = max(nearest, key=lambda found: found[0].similarity, default=None)
    in_time = sorted(kept, key=lambda found: found[0].start)
    return (
        tuple(_match(passage, phrase, heard, 1.0) for passage, phrase in in_time),
        None if best is None else _match(*best, heard, 1.0 if kept else max(0.0, threshold - _BELOW)),
    )


def _match(passage: Passage, phrase: Phrase, heard: Heard, at_most: float) -> PhraseMatch:
    first, last = heard.places[passage.start][0], heard.places[passage.end - 1][0]
    return PhraseMatch(
        phrase=phrase.source,
        start_s=heard.times[passage.start][0],
        end_s=max(heard.times[passage.start][1], heard.times[passage.end - 1][1]),
        quote=heard.quote(passage.start, passage.end),
        similarity=min(passage.similarity, at_most),
        reading="pinyin" if passage.by_sound else "characters",
        utterance_idx=heard.utterances[first].idx,
        utterance_text=" ".join(utterance.text for utterance in heard.utterances[first : last + 1]),
    )


def _confidence(utterances: Sequence[Utterance]) -> float:
    """Mean confidence weighted by spoken characters; unweighted where nothing was said."""
    weights = [utterance.chars for utterance in utterances]
    if not sum(weights):
        return sum(utterance.confidence for utterance in utterances) / len(utterances)
    weighted = (utterance.confidence * weight for utterance, weight in zip(utterances, weights, strict=True))
    return sum(weighted) / sum(weights)
