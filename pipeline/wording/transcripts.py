"""What is said in the call that is being judged, prepared once for all searches in it.

Rules search a call hundreds of times, in a few dozen windows. Its utterances are laid out in one row, by
role, so that every window of one role that leaves none out is a stretch of that row; and one sweep
(:mod:`pipeline.wording.sweeping`) tells for each list of phrases where it is worth a search.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from functools import cached_property

from pipeline.call import Utterance
from pipeline.wording.heard import Heard, lay_out
from pipeline.wording.phrases import Phrase
from pipeline.wording.vocabulary import Vocabulary, vocabulary, want

_NOWHERE: list[tuple[int, int]] = []


class Transcript:
    """The utterances of a call, in the order of roles and of time.

    Parameters
    ----------
    utterances : sequence of Utterance
        All of a call's, in order of time.
    """

    def __init__(self, utterances: Sequence[Utterance]) -> None:
        self.utterances = utterances
        self._ordered = tuple(sorted(utterances, key=lambda utterance: utterance.role))
        self._places = {id(utterance): place for place, utterance in enumerate(self._ordered)}
        self._windows: dict[int, tuple[tuple[Utterance, ...], Heard | None]] = {}
        self._known: dict[tuple[int, ...], Heard | None] = {}

    @cached_property
    def heard(self) -> Heard:
        """All utterances, prepared."""
        return lay_out(self._ordered)

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """What the sweep looks for."""
        return vocabulary()

    @cached_property
    def _sayable(self) -> dict[int, list[tuple[int, int]]]:
        """For each list of phrases of which some may be said: their numbers in it, and in which runs."""
        from pipeline.wording.sweeping import sweep_for

        known = self.vocabulary
        found: dict[int, list[tuple[int, int]]] = {}
        if known is None:
            return found
        for phrase, runs in sweep_for(known, self.heard):
            for group, number in known.listed[phrase]:
                found.setdefault(group, []).append((number, runs))
        for one in found.values():
            one.sort()
        return found

    def window(self, utterances: tuple[Utterance, ...]) -> Heard | None:
        """Return some utterances of one role, none left out between them, as a part of the row; else None."""
        if not utterances or id(utterances[0]) not in self._places:
            # Nothing is kept of searches in other calls, of which a session may make any number.
            return None
        known = self._windows.get(id(utterances))
        if known is None:
            key = tuple(map(id, utterances))
            if key not in self._known:
                self._known[key] = self._window(key, utterances)
            # What is kept keeps its id.
            known = self._windows[id(utterances)] = utterances, self._known[key]
        return known[1]

    def _window(self, ids: tuple[int, ...], utterances: tuple[Utterance, ...]) -> Heard | None:
        first = self._places[ids[0]]
        rows = self._ordered[first : first + len(ids)]
        alike = tuple(map(id, rows)) == ids and rows[0].role is rows[-1].role
        return self.heard.part(first, utterances) if alike else None

    def sayable(
        self, phrases: tuple[Phrase, ...], threshold: float, window: Heard
    ) -> Sequence[tuple[int, int]] | None:
        """Return the numbers of the phrases that may be said in a window, each with a bit for every run.

        None where that is not known.
        """
        known, role = self.vocabulary, window.utterances[0].role
        group = known.groups.get((id(phrases), threshold, role)) if known is not None else None
        if group is None:
            want(phrases, threshold, role)
            return None
        sayable = self._sayable.get(group, _NOWHERE)
        return [one for one in sayable if one[1] & window.mask] if sayable else sayable


_attended: ContextVar[Transcript | None] = ContextVar("attended", default=None)


def attend(utterances: Sequence[Utterance]) -> None:
    """Prepare for many searches among the utterances of a call; those of the one before are forgotten."""
    attended = _attended.get()
    if attended is None or attended.utterances is not utterances:
        _attended.set(Transcript(utterances))


def attended() -> Transcript | None:
    """Return the call that is being judged, if any."""
    return _attended.get()
