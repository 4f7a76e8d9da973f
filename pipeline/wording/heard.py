"""Utterances prepared for matching: one row of spoken tokens with their sounds, places and times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pipeline.call import Role, Utterance
from pipeline.wording.preparing import Integers, Said, prepare
from pipeline.wording.script import simplify
from pipeline.wording.sounds import NOTHING_ALIKE, PINYIN_SOUNDS, Costs, unlike_words

JOIN_WITHIN_S = 2.0
"""Utterances of one role that follow each other within this silence are searched as one."""

UNPASSABLE = 1e4
_REMEMBERED = 64


_BORDER_CODES = np.array([[-2], [PINYIN_SOUNDS], [-2], [0], [-1]], dtype=np.int32)
_BORDER_EXTRA = np.array([UNPASSABLE])


class Laid(NamedTuple):
    """Tokens of utterances as arrays, with a border between utterances that are not joined.

    Attributes
    ----------
    codes : array of int32, (5, tokens)
        As those of :class:`Said`; the words are numbered over all utterances.
    costs : array, (tokens,)
        What each token costs when the phrase does not have it.
    runs : array of int32, (2, runs)
        Where joined runs begin and end; there is always one.
    """

    codes: Integers
    costs: Costs
    runs: Integers


class Stretch(NamedTuple):
    """Which tokens ``[start, end)`` of ``whole`` a part of it has, and which of its runs it touches."""

    whole: Heard
    start: int
    end: int
    first_run: int
    last_run: int


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
        Latin words; their numbers are in the codes.
    laid : Laid
        The arrays; of a part those of the whole.
    stretch : Stretch or None
        Which tokens of those it has, when it is a part.
    """

    utterances: tuple[Utterance, ...]
    said: tuple[Said, ...]
    first: tuple[int, ...]
    words: tuple[str, ...]
    laid: Laid
    stretch: Stretch | None = None

    def part(self, row: int, utterances: tuple[Utterance, ...]) -> Heard:
        """Return the part of it that is the given utterances, the first of which is the row-th."""
        stop = row + len(utterances)
        start, end = self.first[row], self.first[stop - 1] + len(self.said[stop - 1].tokens)
        first_run = bisect_right(self.run_ends, start) if end > start else 0
        last_run = bisect_left(self.run_ends, end) if end > start else 0
        first = tuple([at - start for at in self.first[row:stop]])
        stretch = Stretch(self, start, end, first_run, last_run)
        return Heard(utterances, self.said[row:stop], first, self.words, self.laid, stretch)

    @cached_property
    def mask(self) -> int:
        """A bit for each run of the whole that it touches."""
        if self.stretch is None:
            return (1 << len(self.run_ends)) - 1 if self.spoken else 0
        _, start, end, first_run, last_run = self.stretch
        # A bit too many does no harm: what it stands for is then looked at and not found.
        return ((1 << (last_run + 1 - first_run)) - 1) << first_run if end > start else 0

    def runs_in(self, mask: int) -> list[int]:
        """Return the numbers, in the whole, of its runs that have a bit in a mask."""
        own = mask & self.mask
        return [run for run in range(own.bit_length()) if own >> run & 1]

    @property
    def runs(self) -> range:
        """Numbers of its runs in the whole."""
        if self.stretch is None:
            return range(self.laid.runs.shape[1])
        return range(self.stretch.first_run, self.stretch.last_run + 1)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Whose words each run is; anybody's where a run has no utterance."""
        rows = (max(0, self.row_of(start)) for start in self.run_starts)
        return tuple(self.utterances[row].role if self.utterances else Role.UNKNOWN for row in rows)

    def touching(self, mask: int) -> tuple[Utterance, ...]:
        """Return its utterances with tokens in runs that have a bit in a mask of the whole's."""
        whole, moved = (self.stretch.whole, self.stretch.start) if self.stretch else (self, 0)
        return tuple(
            [
                utterance
                for utterance, said, at in zip(self.utterances, self.said, self.first, strict=True)
                if said.tokens and mask >> bisect_right(whole.run_ends, at + moved) & 1
            ]
        )

    @cached_property
    def spoken(self) -> int:
        """Number of tokens, without borders."""
        return sum(len(said.tokens) for said in self.said)

    @cached_property
    def length(self) -> int:
        """Number of tokens, borders included."""
        return self.stretch.end - self.stretch.start if self.stretch else len(self.laid.costs)

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
        return self._bounds(1)

    @cached_property
    def run_starts(self) -> tuple[int, ...]:
        """Where runs begin."""
        return self._bounds(0)

    def _bounds(self, row: int) -> tuple[int, ...]:
        if self.stretch is None:
            return tuple(self.laid.runs[row].tolist())
        whole, start, end, first_run, last_run = self.stretch
        bounds = whole.run_ends if row else whole.run_starts
        return tuple([min(max(at, start), end) - start for at in bounds[first_run : last_run + 1]])

    def run_of(self, at: int) -> int:
        """Number of the joined run that token ``at`` belongs to; −1 for a border."""
        run = bisect_right(self.run_ends, at)
        return run if run < len(self.run_ends) and at >= self.run_starts[run] else -1

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
        known = (self.stretch.whole if self.stretch else self)._unlike
        key = tuple(required)
        if key not in known:
            known[key] = np.array([[unlike_words(word, heard) for heard in self.words] for word in required])
        return known[key]

    @cached_property
    def _unlike(self) -> dict[tuple[str, ...], Costs]:
        return {}


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
    laid = Laid(
        np.concatenate(codes, axis=1) if codes else _BORDER_CODES[:, :0],
        np.concatenate(extra) if extra else _BORDER_EXTRA[:0],
        np.array(runs, dtype=np.int32).T.copy(),
    )
    return Heard(utterances, said, tuple(first), tuple(words), laid)


def _joined(before: Utterance, after: Utterance) -> bool:
    return before.role is after.role and after.start_s - before.end_s <= JOIN_WITHIN_S


def _renumbered(codes: Integers, offset: int) -> Integers:
    moved = codes.copy()
    moved[4, moved[4] >= 0] += offset
    return moved
