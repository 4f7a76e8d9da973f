"""Hearing several calls in turn, so that what each wants recognised shares the recogniser's batches.

The hearing of a call is a generator: it yields the clips it wants recognised, is sent what was heard in them,
and returns what it came to.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import repeat
from typing import Generic, TypeAlias, TypeVar

from pipeline.profiling import Account, charged_to, shared
from pipeline.transcribers.base import SAMPLE_RATE_HZ, CallClips, Heard, Transcriber, clip_sizes

_Result = TypeVar("_Result")
Steps: TypeAlias = Generator[CallClips, list[Heard], _Result]
"""A hearing, or a part of it, that wants clips recognised on its way."""

TOGETHER_S = 600.0
"""Speech that fills batches of most lengths."""
MOST_TOGETHER = 12
"""Hearings that are under way at most: their recordings are in memory, and a crash costs all of them."""


def hear_in_turn(
    hearings: Iterable[Steps[_Result]],
    transcriber: Transcriber,
    accounts: Iterable[Account | None] | None = None,
) -> list[_Result | Exception]:
    """Take the first hearings to their ends, recognising what they want in one go.

    As many are begun as want ten minutes of speech recognised, twelve at most. No other is begun.

    Parameters
    ----------
    hearings : iterable of generator
    transcriber : Transcriber
    accounts : iterable of Account or None, optional
        One per hearing, charged with its own time and, by the seconds it wants recognised, with its share of
        the recogniser's.

    Returns
    -------
    list of result or Exception
        Of each hearing that was begun, in order, what it returned or the exception that ended it.
    """
    together: list[_Turns[_Result]] = []
    for hearing, account in zip(hearings, repeat(None) if accounts is None else accounts, strict=False):
        together.append(_Turns(hearing, account))
        if len(together) == MOST_TOGETHER or sum(turns.wanted_s for turns in together) >= TOGETHER_S:
            break
    while waiting := [turns for turns in together if turns.wanted is not None]:
        for turns, said in zip(waiting, _recognise_for(waiting, transcriber), strict=True):
            turns.go_on(said)
    return [turns.result for turns in together]


class _Turns(Generic[_Result]):
    """A hearing under way: what it wants recognised next, or its end."""

    def __init__(self, hearing: Steps[_Result], account: Account | None) -> None:
        self._hearing = hearing
        self.account = account
        self.wanted: CallClips | None = None
        self.wanted_s = 0.0
        self.end: _Result | Exception | None = None
        self.go_on(None)

    def go_on(self, heard: list[Heard] | Exception | None) -> None:
        """Give the hearing what it wanted, or the reason why not; None begins it."""
        self.wanted = None
        try:
            with charged_to(self.account):
                if isinstance(heard, Exception):
                    self.wanted = self._hearing.throw(heard)
                else:
                    self.wanted = next(self._hearing) if heard is None else self._hearing.send(heard)
        except StopIteration as end:
            self.end = end.value
        except Exception as error:  # one call's defect must not cost the others
            self.end = error
        self.wanted_s = (
            sum(clip_sizes(self.wanted.clips)) / SAMPLE_RATE_HZ if self.wanted is not None else 0.0
        )

    @property
    def result(self) -> _Result | Exception:
        """What an ended hearing came to."""
        assert self.end is not None, "a hearing returns a value"
        return self.end


def _recognise_for(
    waiting: Sequence[_Turns[_Result]], transcriber: Transcriber
) -> list[list[Heard] | Exception]:
    """Recognise what hearings want together, and charge each with its share of the time."""
    pooled = Account() if any(turns.account is not None for turns in waiting) else None
    lengths_s = [turns.wanted_s for turns in waiting]
    with charged_to(pooled):
        heard = _recognise([turns.wanted for turns in waiting if turns.wanted is not None], transcriber)
    if pooled is not None:
        for turns, times in zip(waiting, shared(pooled.times, lengths_s), strict=True):
            if turns.account is not None:
                turns.account.charge(times)
    return heard


def _recognise(calls: Sequence[CallClips], transcriber: Transcriber) -> list[list[Heard] | Exception]:
    """Recognise calls together; each alone when that fails, so that the error is its own."""
    try:
        return list(transcriber.transcribe(calls))
    except Exception as error:
        if len(calls) == 1:
            return [error]
        return [heard for call in calls for heard in _recognise([call], transcriber)]
