"""Utterances prepared for matching: one row of spoken tokens with their sounds, places and times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.call import Utterance
from pipeline.wording.phrases import Syllable
from pipeline.wording.pinyin import fold, syllables
from pipeline.wording.script import simplify
from pipeline.wording.sounds import (
    SAME_FOLDED,
    SAME_SOUND,
    Costs,
    costs_of,
    final_id,
    initial_id,
    unlike,
    unlike_words,
)
from pipeline.wording.spoken import spoken_tokens

JOIN_WITHIN_S = 2.0
"""Utterances of one role that follow each other within this silence are searched as one."""

NEGATIONS = frozenset("不没别无未")
_FILLERS = frozenset("嗯啊呃哦哎诶额唉呢吧嘛呀的了吗么")
_EXTRA, _EXTRA_FILLER, _EXTRA_NEGATION, _UNPASSABLE = 1.0, 0.3, 1.5, 1e4
WRONG_NEGATION = 1.5


@dataclass(frozen=True, eq=False)
class Heard:
    """The tokens of utterances in order, with a border between those that are not joined.

    Attributes
    ----------
    utterances : tuple of Utterance
        As searched.
    texts, sounds : tuple of str
        Per token; empty at a border.
    places : tuple of (int, int, int)
        Per token: position of its utterance, and start and end in the utterance's simplified text.
    times : tuple of (float, float)
        Per token: interpolated start and end, s.
    runs : tuple of int
        Per token: number of the joined run it belongs to.
    """

    utterances: tuple[Utterance, ...]
    texts: tuple[str, ...]
    sounds: tuple[str, ...]
    places: tuple[tuple[int, int, int], ...]
    times: tuple[tuple[float, float], ...]
    runs: tuple[int, ...]

    def costs(self, required: Syllable) -> Costs:
        """How unlike each token is to ``required``, 0..2; at least 1.5 where a negation is lost or found."""
        known = self._costs.get(required)
        if known is None:
            known = self._costs[required] = self._costs_of(required)
        return known

    @cached_property
    def extra(self) -> Costs:
        """Running sum, from 0, of what each token costs when the phrase does not have it."""
        each = [_extra(text) for text in self.texts]
        return np.concatenate(([0.0], np.cumsum(each)))

    def quote(self, start: int, end: int) -> str:
        """Return the recognised text of tokens ``[start, end)``, utterances joined by spaces."""
        pieces: dict[int, tuple[int, int]] = {}
        for row, begin, stop in self.places[start:end]:
            pieces[row] = (pieces[row][0] if row in pieces else begin, stop)
        return " ".join(
            simplify(self.utterances[row].text)[begin:stop] for row, (begin, stop) in pieces.items()
        )

    @cached_property
    def _costs(self) -> dict[Syllable, Costs]:
        return {}

    @cached_property
    def _ids(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        return _numbered(self.texts), _numbered(self.sounds), _numbered(map(fold, self.sounds))

    @cached_property
    def _rows(self) -> tuple[npt.NDArray[np.int64], ...]:
        texts, sounds, folded = self._ids
        return (
            np.array([texts[text] for text in self.texts], dtype=np.int64),
            np.array([sounds[sound] for sound in self.sounds], dtype=np.int64),
            np.array([folded[fold(sound)] for sound in self.sounds], dtype=np.int64),
            np.array([initial_id(sound) for sound in self.sounds], dtype=np.int64),
            np.array([final_id(sound) for sound in self.sounds], dtype=np.int64),
        )

    @cached_property
    def _negated(self) -> npt.NDArray[np.bool_]:
        return np.array([text in NEGATIONS for text in self.texts], dtype=np.bool_)

    def _costs_of(self, required: Syllable) -> Costs:
        texts, sounds, folded, initials, finals = self._rows
        text_ids, sound_ids, folded_ids = self._ids
        border = texts == text_ids.get("", -1)
        if len(required.text) > 1:
            costs = np.array([unlike_words(required.text, text) for text in self.texts])
            costs[border] = _UNPASSABLE
            return costs
        fold_class, initial_costs, final_costs = costs_of(required.sound)
        costs = unlike(initial_costs[initials], final_costs[finals])
        costs[folded == folded_ids.get(fold_class, -1)] = SAME_FOLDED
        far = costs > SAME_FOLDED
        wrong = far & (self._negated | (required.text in NEGATIONS))
        costs[wrong] = np.maximum(costs[wrong], WRONG_NEGATION)
        costs[sounds == sound_ids.get(required.sound, -1)] = SAME_SOUND
        costs[texts == text_ids.get(required.text, -1)] = 0.0
        costs[border] = _UNPASSABLE
        return costs


@lru_cache(maxsize=64)
def listen(utterances: tuple[Utterance, ...]) -> Heard:
    """Prepare utterances, in order of time, for matching."""
    texts: list[str] = []
    sounds: list[str] = []
    places: list[tuple[int, int, int]] = []
    times: list[tuple[float, float]] = []
    runs: list[int] = []
    run = 0
    for row, utterance in enumerate(utterances):
        if row and not _joined(utterances[row - 1], utterance):
            run += 1
            texts.append("")
            sounds.append("")
            places.append((row, 0, 0))
            times.append((utterance.start_s, utterance.start_s))
            runs.append(-run)
        tokens = spoken_tokens(utterance.text)
        texts += [token.text for token in tokens]
        sounds += syllables(utterance.text)
        places += [(row, token.start, token.end) for token in tokens]
        times += _times(utterance, [token.units for token in tokens])
        runs += [run] * len(tokens)
    return Heard(utterances, tuple(texts), tuple(sounds), tuple(places), tuple(times), tuple(runs))


def _joined(before: Utterance, after: Utterance) -> bool:
    return before.role is after.role and after.start_s - before.end_s <= JOIN_WITHIN_S


def _times(utterance: Utterance, units: Sequence[int]) -> list[tuple[float, float]]:
    """Spread the utterance's time over its tokens by their spoken characters."""
    length_s, total = utterance.end_s - utterance.start_s, sum(units)
    said = 0
    times = []
    for count in units:
        start_s = utterance.start_s + length_s * said / total
        said += count
        times.append((start_s, min(utterance.end_s, utterance.start_s + length_s * said / total)))
    return times


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _extra(text: str) -> float:
    if not text:
        return _UNPASSABLE
    if text in NEGATIONS:
        return _EXTRA_NEGATION
    return _EXTRA_FILLER if text in _FILLERS else _EXTRA
