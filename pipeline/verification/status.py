"""What is stored, told from the ends of the part files: quick, however much there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.audit import scorecard_inputs
from pipeline.call import Failure
from pipeline.errors import StoreError
from pipeline.store import KEPT, StoreReader
from pipeline.store.aside import kept
from pipeline.store.lock import LOCK, Writer, writer_of
from pipeline.verification.parts import days_of, part_of, rows_in, unopened, unreadable_failures


@dataclass(frozen=True, slots=True)
class JudgedStatus:
    """How many calls of a day are judged under one rulebook; ``calls`` is None when nobody can say."""

    standard: str
    calls: int | None


@dataclass(frozen=True, slots=True)
class DayStatus:
    """What is stored of a day.

    Attributes
    ----------
    calls : int
        Heard.
    judged : tuple of JudgedStatus
        By rulebook.
    scorecards : str
        ``up to date``, ``to be added up``, ``none``, or ``kept, calls purged``.
    unreadable : tuple of str
        Parts that cannot be opened; `verify` reads them whole.
    """

    call_date: str
    calls: int
    judged: tuple[JudgedStatus, ...]
    scorecards: str
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What is stored.

    Attributes
    ----------
    days : tuple of DayStatus
        By date.
    failures : tuple of (str, int)
        How many inputs failed at which stage and have not succeeded since.
    failed : tuple of Failure
        Those inputs, with their reasons.
    unreadable_failures : tuple of str
        Parts of that table that cannot be read.
    unreadable_ledgers : tuple of str
        Why parts of reviews and samples cannot be read; nobody can make them anew.
    writer : Writer or None
        Who writes, or was stopped while writing.
    damaged : tuple of str
        Damaged parts that were set aside; what they held was made anew.
    """

    days: tuple[DayStatus, ...]
    failures: tuple[tuple[str, int], ...]
    failed: tuple[Failure, ...]
    unreadable_failures: tuple[str, ...]
    unreadable_ledgers: tuple[str, ...]
    writer: Writer | None
    damaged: tuple[str, ...]

    @property
    def calls(self) -> int:
        """Calls heard."""
        return sum(day.calls for day in self.days)


def status_of(store: StoreReader) -> Status:
    """Say what is stored; readable at any time, beside a writer too.

    Raises
    ------
    StoreError
        When the folder holds no store.
    """
    store.expect_store()
    unreadable = unreadable_failures(store)
    failed = store.failures(without=unreadable)
    failures = Counter(failure.stage for failure in failed)
    return Status(
        tuple(_day(store, day) for day in days_of(store)),
        tuple(sorted(failures.items())),
        failed,
        tuple(map(str, unreadable)),
        tuple(store.damaged_ledger().values()),
        writer_of(store.out / LOCK),
        tuple(map(str, kept(store.out))),
    )


def _day(store: StoreReader, day: str) -> DayStatus:
    judged = tuple(
        JudgedStatus(name, rows_in(part_of(store, "scores", day, name))) for name in store.standards(day)
    )
    return DayStatus(day, store.count(day), judged, _scorecards(store, day), unopened(store, day))


def _scorecards(store: StoreReader, day: str) -> str:
    known = store.scored(day)
    if known is None:
        return "none"
    if known[0] == KEPT:
        return "kept, calls purged"
    try:
        return "up to date" if known[0] == scorecard_inputs(store, day) else "to be added up"
    except (StoreError, OSError):
        return "to be added up"
