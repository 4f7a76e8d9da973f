"""Finding phrases in recognised speech, by characters and by sound.

A phrase matches where every part of it is there and the length-weighted mean of the parts' similarities
reaches the threshold (see :mod:`pipeline.wording.alignment`). Utterances of one role that follow each other
within 2 s are searched as one, so a phrase may run across them. The search is for the words alone: whether a
forbidden phrase stands inside a polite request is for the caller to judge from ``utterance_text``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.call import Utterance
from pipeline.wording.heard import Heard, listen
from pipeline.wording.phrases import Phrase
from pipeline.wording.transcripts import attended

if TYPE_CHECKING:
    from pipeline.wording.chains import Passage

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
    quoted : tuple of int
        Where the quote begins and ends in that text.
    """

    phrase: str
    start_s: float
    end_s: float
    quote: str
    similarity: float
    reading: str
    utterance_idx: int
    utterance_text: str = ""
    quoted: tuple[int, int] = (0, 0)

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after the quote in the utterances it touches."""
        start, end = self.quoted
        return self.utterance_text[:start], self.utterance_text[end:]


@dataclass(frozen=True)
class Search:
    """What a search found.

    Attributes
    ----------
    match : PhraseMatch or None
        At or above the threshold.
    start_s, end_s : float or None
        Window searched; None when there were no utterances.
    confidence : float or None
        Mean recogniser confidence of the window, weighted by characters, 0..1.
    """

    match: PhraseMatch | None = None
    start_s: float | None = None
    end_s: float | None = None
    confidence: float | None = None
    _look: Callable[[], PhraseMatch | None] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def nearest(self) -> PhraseMatch | None:
        """The most similar passage of all: the best match, or what came nearest to one; sought when asked.

        A passage in which a part is missing is always below the threshold.
        """
        return self._look() if self._look else None


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
    if not phrases:
        return ()
    heard = _listen(utterances)
    found = _find(tuple(phrases), heard, threshold)
    if not found:
        return ()
    return tuple(_match(*one, heard, 1.0) for one in _in_time(found))


def find_possible(
    phrases: Sequence[Phrase], utterances: Sequence[Utterance], *, threshold: float = THRESHOLD
) -> tuple[Utterance, ...]:
    """Return those of the utterances in which any of the phrases may be said; none is in any other.

    Far faster than to find them, and for utterances that are searched in many small parts worth the look.
    """
    from pipeline.wording import searching

    if not phrases:
        return ()
    return searching.find_possible(tuple(phrases), _listen(utterances), threshold=threshold)


def _search(
    phrases: Sequence[Phrase], utterances: Sequence[Utterance], threshold: float, *, last: bool
) -> Search:
    if not utterances:
        return Search()
    sought, heard = tuple(phrases), _listen(utterances)
    found = _find(sought, heard, threshold)

    def look() -> PhraseMatch | None:
        from pipeline.wording.searching import find_nearest

        if found:
            return _match(*found[0], heard, 1.0)
        near = find_nearest(sought, heard) if sought else None
        return None if near is None else _match(*near, heard, max(0.0, threshold - _BELOW))

    match = _match(*_in_time(found)[-1 if last else 0], heard, 1.0) if found else None
    return Search(match, heard.start_s, heard.end_s, heard.confidence, look)


def _find(phrases: tuple[Phrase, ...], heard: Heard, threshold: float) -> list[tuple[Passage, Phrase]]:
    # What is compiled to machine code is loaded by the first search, not by all who can read rules.
    from pipeline.wording.searching import find_passages

    return find_passages(phrases, heard, threshold=threshold) if phrases else []


def _listen(utterances: Sequence[Utterance]) -> Heard:
    transcript, said = attended(), tuple(utterances)
    return (transcript.window(said) if transcript is not None else None) or listen(said)


def _in_time(found: list[tuple[Passage, Phrase]]) -> list[tuple[Passage, Phrase]]:
    return sorted(found, key=lambda one: one[0].start)


def _match(passage: Passage, phrase: Phrase, heard: Heard, at_most: float) -> PhraseMatch:
    first, last = heard.row_of(passage.start), heard.row_of(passage.end - 1)
    start_s, end_s = heard.time_of(passage.start)
    return PhraseMatch(
        phrase=phrase.source,
        start_s=start_s,
        end_s=max(end_s, heard.time_of(passage.end - 1)[1]),
        quote=heard.quote(passage.start, passage.end),
        similarity=min(passage.similarity, at_most),
        reading="pinyin" if passage.by_sound else "characters",
        utterance_idx=heard.utterances[first].idx,
        utterance_text=" ".join(utterance.text for utterance in heard.utterances[first : last + 1]),
        quoted=_quoted(passage, heard, first, last),
    )


def _quoted(passage: Passage, heard: Heard, first: int, last: int) -> tuple[int, int]:
    """Where a passage stands in the text of the utterances ``first`` to ``last``, joined by spaces."""
    start = heard.said[first].tokens[passage.start - heard.first[first]].start
    end = heard.said[last].tokens[passage.end - 1 - heard.first[last]].end
    return start, end + sum(len(u.text) + 1 for u in heard.utterances[first:last])
