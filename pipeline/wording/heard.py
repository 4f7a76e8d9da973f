"""Utterances prepared for matching: one row of spoken tokens with their sounds, places and times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.call import Utterance
from pipeline.wording.pinyin import fold, syllables
from pipeline.wording.script import simplify
from pipeline.wording.sounds import NOTHING_ALIKE, PINYIN_SOUNDS, Costs, sound_id, unlike_words
from pipeline.wording.spoken import SpokenToken, spoken_tokens

JOIN_WITHIN_S = 2.0
"""Utterances of one role that follow each other within this silence are searched as one."""

NEGATIONS = frozenset("不没别无未")
UNPASSABLE = 1e4
_FILLERS = frozenset("嗯啊呃哦哎诶额唉呢吧嘛呀的了吗么")
_EXTRA, _EXTRA_FILLER, _EXTRA_NEGATION = 1.0, 0.3, 1.5
_REMEMBERED = 64

Integers = npt.NDArray[np.int32]


class Said(NamedTuple):
    """One text prepared for matching.

    Attributes
    ----------
    tokens : tuple of SpokenToken
        What is said.
    words : tuple of str
        Its Latin words of more than one letter.
    codes : array of int32, (5, tokens)
        Character (−1 for a word), sound, folded sound where it is not pinyin, whether it is a negation, and
        number among ``words`` (−1 for a character).
    extra : array, (tokens,)
        Cost of each token when the phrase does not have it.
    """

    tokens: tuple[SpokenToken, ...]
    words: tuple[str, ...]
    codes: Integers
    extra: Costs


_BORDER_CODES = np.array([[-2], [PINYIN_SOUNDS], [-2], [0], [-1]], dtype=np.int32)
_BORDER_EXTRA = np.array([UNPASSABLE])


@dataclass(frozen=True, eq=False)
class Heard:
    """The tokens of utterances in order, with a border between those that are not joined.

    Attributes
    ----------
    utterances : tuple of Utterance
        As searched.
    said : tuple of Said
        Per utterance.
    first : tuple of int
        Per utterance: where its tokens begin.
    words : tuple of str
        Latin words; ``codes`` number them.
    codes : array of int32, (5, tokens)
        As those of :class:`Said`.
    costs : array, (tokens,)
        What each token costs when the phrase does not have it.
    extra : array, (tokens + 1,)
        Running sum of the costs, from 0.
    runs : array of int32, (2, runs)
        Where joined runs begin and end; there is always one.
    whole : Heard or None
        What this is a part of, ``first_run`` being its first run there.
    """

    utterances: tuple[Utterance, ...]
    said: tuple[Said, ...]
    first: tuple[int, ...]
    words: tuple[str, ...]
    codes: Integers
    costs: Costs
    extra: Costs
    runs: Integers
    whole: Heard | None = None
    first_run: int = 0

    def part(self, row: int, utterances: tuple[Utterance, ...]) -> Heard:
        """Return the part of it that is the given utterances, the first of which is the row-th."""
        stop = row + len(utterances)
        start, end = self.first[row], self.first[stop - 1] + len(self.said[stop - 1].tokens)
        first_run = bisect_right(self.run_ends, start) if end > start else 0
        last_run = bisect_left(self.run_ends, end) if end > start else 0
        runs = self.runs[:, first_run : last_run + 1].clip(start, end) - start
        first = tuple(at - start for at in self.first[row:stop])
        running = np.zeros(end - start + 1)
        costs = self.costs[start:end]
        np.cumsum(costs, out=running[1:])
        codes = self.codes[:, start:end].copy()
        said = self.said[row:stop]
        return Heard(utterances, said, first, self.words, codes, costs, running, runs, self, first_run)

    @cached_property
    def mask(self) -> int:
        """A bit for each run of the whole that it touches."""
        return ((1 << self.runs.shape[1]) - 1) << self.first_run if self.spoken else 0

    def runs_in(self, mask: int) -> list[int]:
        """Return the numbers of its runs that have a bit in a mask of the whole's."""
        return [run for run in range(self.runs.shape[1]) if mask >> (self.first_run + run) & 1]

    @cached_property
    def spoken(self) -> int:
        """Number of tokens in its runs."""
        return int((self.runs[1] - self.runs[0]).sum())

    @cached_property
    def length(self) -> int:
        """Number of tokens, borders included."""
        return len(self.extra) - 1

    @cached_property
    def start_s(self) -> float:
        """When the first of the utterances begins; there must be one."""
        return min(utterance.start_s for utterance in self.utterances)

    @cached_property
    def end_s(self) -> float:
        """When the last of the utterances ends; there must be one."""
        return max(utterance.end_s for utterance in self.utterances)

    @cached_property
    def confidence(self) -> float:
        """Mean confidence weighted by spoken characters; unweighted where nothing was said."""
        weights = [utterance.chars for utterance in self.utterances]
        if not sum(weights):
            return sum(utterance.confidence for utterance in self.utterances) / len(self.utterances)
        weighted = (u.confidence * weight for u, weight in zip(self.utterances, weights, strict=True))
        return sum(weighted) / sum(weights)

    @cached_property
    def run_ends(self) -> tuple[int, ...]:
        """Where runs end, for :meth:`run_of`."""
        return tuple(self.runs[1].tolist())

    def run_of(self, at: int) -> int:
        """Number of the joined run that token ``at`` belongs to; −1 for a border."""
        run = bisect_right(self.run_ends, at)
        return run if run < len(self.run_ends) and at >= self.runs[0, run] else -1

    def row_of(self, at: int) -> int:
        """Position of the utterance that token ``at`` belongs to."""
        return bisect_right(self.first, at) - 1

    def time_of(self, at: int) -> tuple[float, float]:
        """Start and end of a token, s: the utterance's time spread over its spoken characters."""
        row = self.row_of(at)
        utterance, units = self.utterances[row], [token.units for token in self.said[row].tokens]
        length_s, before = utterance.end_s - utterance.start_s, sum(units[: at - self.first[row]])
        after, total = before + units[at - self.first[row]], sum(units)
        start_s = utterance.start_s + length_s * before / total
        return start_s, min(utterance.end_s, utterance.start_s + length_s * after / total)

    def quote(self, start: int, end: int) -> str:
        """Return the recognised text of tokens ``[start, end)``, utterances joined by spaces."""
        pieces = []
        row_of_start = self.row_of(start)
        for row in range(row_of_start, self.row_of(end - 1) + 1):
            tokens = self.said[row].tokens[max(0, start - self.first[row]) : end - self.first[row]]
            whole = row > row_of_start and not _joined(self.utterances[row - 1], self.utterances[row])
            if tokens or whole:
                begin, stop = 0 if whole else tokens[0].start, tokens[-1].end if tokens else 0
                pieces.append(simplify(self.utterances[row].text)[begin:stop])
        return " ".join(pieces)

    def unlike(self, required: Sequence[str]) -> Costs:
        """How unlike required Latin words (rows) are to those heard (columns), 0..2; at least one of each."""
        if not required or not self.words:
            return _NO_WORDS
        return np.array([[unlike_words(word, heard) for heard in self.words] for word in required])


_NO_WORDS = np.full((1, 1), NOTHING_ALIKE)
_remembered: OrderedDict[tuple[int, ...], Heard] = OrderedDict()


def listen(utterances: tuple[Utterance, ...]) -> Heard:
    """Prepare utterances, in order of time, for matching; the last 64 different ones are remembered."""
    # What is remembered keeps its utterances alive, so their ids stay theirs.
    key = tuple(map(id, utterances))
    heard = _remembered.get(key)
    if heard is None:
        heard = _remembered[key] = lay_out(utterances)
        if len(_remembered) > _REMEMBERED:
            _remembered.popitem(last=False)
    return heard


def lay_out(utterances: tuple[Utterance, ...]) -> Heard:
    """Prepare utterances, in order of time, for matching."""
    said = tuple(prepare(utterance.text) for utterance in utterances)
    codes: list[Integers] = []
    extra: list[Costs] = []
    first: list[int] = []
    words: list[str] = []
    runs = [[0, 0]]
    at = 0
    for row, (utterance, one) in enumerate(zip(utterances, said, strict=True)):
        if row and not _joined(utterances[row - 1], utterance):
            codes.append(_BORDER_CODES)
            extra.append(_BORDER_EXTRA)
            at += 1
            runs.append([at, at])
        first.append(at)
        codes.append(_renumbered(one.codes, len(words)) if one.words else one.codes)
        extra.append(one.extra)
        words += one.words
        at += len(one.tokens)
        runs[-1][1] = at
    running, costs = np.zeros(at + 1), np.concatenate(extra) if extra else _BORDER_EXTRA[:0]
    np.cumsum(costs, out=running[1:])
    return Heard(
        utterances,
        said,
        tuple(first),
        tuple(words),
        np.concatenate(codes, axis=1) if codes else _BORDER_CODES[:, :0],
        costs,
        running,
        np.array(runs, dtype=np.int32).T.copy(),
    )


@lru_cache(maxsize=4096)
def prepare(text: str) -> Said:
    """Prepare one text for matching."""
    tokens, sounds = spoken_tokens(text), syllables(text)
    words: dict[str, int] = {}
    coded = [_coded(token.text, sound) for token, sound in zip(tokens, sounds, strict=True)]
    numbers = [words.setdefault(token.text, len(words)) if len(token.text) > 1 else -1 for token in tokens]
    codes = np.empty((5, len(tokens)), dtype=np.int32)
    codes[:4] = np.array([code for code, _ in coded], dtype=np.int32).reshape(-1, 4).T
    codes[4] = numbers
    extra = np.array([cost for _, cost in coded], dtype=np.float64)
    return Said(tokens, tuple(words), codes, extra)


@lru_cache(maxsize=16384)
def _coded(token: str, sound: str) -> tuple[tuple[int, int, int, bool], float]:
    """Codes of a token but for its number among the words, and its cost where a phrase does not have it."""
    number = sound_id(sound)
    folded = sound_id(fold(sound)) if number >= PINYIN_SOUNDS else -1
    return (-1 if len(token) > 1 else ord(token), number, folded, token in NEGATIONS), _extra(token)


def _joined(before: Utterance, after: Utterance) -> bool:
    return before.role is after.role and after.start_s - before.end_s <= JOIN_WITHIN_S


def _renumbered(codes: Integers, offset: int) -> Integers:
    moved = codes.copy()
    moved[4, moved[4] >= 0] += offset
    return moved


def _extra(text: str) -> float:
    if text in NEGATIONS:
        return _EXTRA_NEGATION
    return _EXTRA_FILLER if text in _FILLERS else _EXTRA
