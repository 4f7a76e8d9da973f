"""Where the time goes: stages of the work, charged to the account that is open around them.

A stage's time is its own: while a stage within it runs, only that one is charged. What is left of the time
that an account was open, outside every stage, is charged as *other*; an account's times therefore add up to
all of it. Where no account is open, `stage` does nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

_Item = TypeVar("_Item")


class Stage(StrEnum):
    """Parts of a night's work, in the order in which they come."""

    INTAKE = "finding recordings"
    STARTING = "starting workers"
    READING = "reading the recording"
    CHANNELS = "comparing channels"
    TONES = "tones and keys"
    MUSIC = "music"
    ACTIVITY = "voice activity"
    FEATURES = "features"
    ENCODER = "encoder"
    LANGUAGE = "language detection"
    DECODER = "decoder"
    ANNOUNCEMENTS = "announcements"
    SPEAKERS = "speakers and roles"
    MEASURING = "measuring"
    LISTENING_AGAIN = "listening again"
    TABLES = "writing tables"
    JUDGING = "judging"
    SCORECARDS = "scorecards"
    OTHER = "other"


RECOGNISER = (Stage.FEATURES, Stage.ENCODER, Stage.LANGUAGE, Stage.DECODER)
"""What Whisper computes, first and second decodes and what is read again."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """What one stage took, all its turns together.

    Attributes
    ----------
    stage : Stage
    clock_s : float
        Seconds by the clock.
    processor_s : float
        Seconds of processors: of all threads, and of processes that were started and have ended since.
    """

    stage: Stage
    clock_s: float
    processor_s: float


class Account:
    """Adds up stages while it is open; open it with `charged_to`."""

    def __init__(self) -> None:
        self._spent: dict[Stage, tuple[float, float]] = {}
        self._under_way: list[Stage] = []
        self._since: tuple[float, float] | None = None

    @property
    def times(self) -> tuple[StageTime, ...]:
        """What was charged so far, in the order of `Stage`."""
        return tuple(StageTime(stage, *self._spent[stage]) for stage in Stage if stage in self._spent)

    def charge(self, times: Iterable[StageTime]) -> None:
        """Add what was measured elsewhere."""
        for spent in times:
            self._add(spent.stage, spent.clock_s, spent.processor_s)

    def _open(self) -> None:
        self._since = _now()

    def _close(self) -> None:
        self._settle()
        self._since = None

    def _begin(self, stage: Stage) -> None:
        self._settle()
        self._under_way.append(stage)

    def _end(self) -> None:
        self._settle()
        self._under_way.pop()

    def _settle(self) -> None:
        """Charge the time since the last change to the innermost stage."""
        if self._since is None:
            return
        now, (clock_s, processor_s) = _now(), self._since
        stage = self._under_way[-1] if self._under_way else Stage.OTHER
        self._add(stage, now[0] - clock_s, now[1] - processor_s)
        self._since = now

    def _add(self, stage: Stage, clock_s: float, processor_s: float) -> None:
        before = self._spent.get(stage, (0.0, 0.0))
        self._spent[stage] = (before[0] + clock_s, before[1] + processor_s)


_account: ContextVar[Account | None] = ContextVar("account", default=None)


@contextmanager
def charged_to(account: Account | None) -> Iterator[None]:
    """Charge the stages inside to an account; what is open around it stands still meanwhile.

    Parameters
    ----------
    account : Account or None
        None changes nothing. An account may be opened again, but not within itself.
    """
    if account is None:
        yield
        return
    around = _account.get()
    if around is not None:
        around._close()
    token = _account.set(account)
    account._open()
    try:
        yield
    finally:
        account._close()
        _account.reset(token)
        if around is not None:
            around._open()


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Charge the time inside to a stage of the open account.

    A generator must not yield inside: what others do meanwhile would be charged as well.
    """
    account = _account.get()
    if account is None:
        yield
        return
    account._begin(name)
    try:
        yield
    finally:
        account._end()


def staged(name: Stage, items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield items; the time that each takes to come is charged to a stage, what is done with it is not."""
    coming = iter(items)
    while True:
        with stage(name):
            try:
                item = next(coming)
            except StopIteration:
                return
        yield item


def shared(times: Iterable[StageTime], parts: Sequence[float]) -> list[tuple[StageTime, ...]]:
    """Divide times in proportion to ``parts``, at least 0 each; evenly when all are 0."""
    whole = sum(parts)
    shares = [part / whole for part in parts] if whole > 0 else [1 / len(parts) for _ in parts]
    known = list(times)
    return [
        tuple(StageTime(t.stage, t.clock_s * share, t.processor_s * share) for t in known) for share in shares
    ]


def added_up(several: Iterable[Iterable[StageTime]]) -> tuple[StageTime, ...]:
    """Return the sums by stage, in the order of `Stage`."""
    account = Account()
    for times in several:
        account.charge(times)
    return account.times


def _now() -> tuple[float, float]:
    ended = os.times()
    return time.perf_counter(), time.process_time() + ended.children_user + ended.children_system
