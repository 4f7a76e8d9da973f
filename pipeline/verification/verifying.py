"""Whether what is stored fits together, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import StoreError
from pipeline.store import StoreReader
from pipeline.verification import heard, judged, recordings
from pipeline.verification.ledgers import ledgers
from pipeline.verification.parts import StoredDay, days_of, unreadable_failures
from pipeline.verification.problems import Problem


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at everything came to.

    Attributes
    ----------
    days, calls, judgements : int
        How many were looked at.
    problems : tuple of Problem
    """

    days: int
    calls: int
    judgements: int
    problems: tuple[Problem, ...]


def verify(
    store: StoreReader, *, hashes: bool = False, progress: Callable[[str], None] | None = None
) -> Verified:
    """Compare every table with every other, and with the recordings.

    Nothing is written and nobody is kept waiting. Beside a writer, what it has not finished yet may be named.

    Parameters
    ----------
    store : StoreReader
    hashes : bool
        Read every recording and compare its hash; otherwise only look whether it is there.
    progress : callable, optional
        Told each day when it is done.

    Raises
    ------
    StoreError
        When the folder holds no store.
    """
    store.expect_store()
    problems = [*heard.left_over(store)]
    for part, reason in unreadable_failures(store).items():
        problems.append(Problem(part, reason, "run again: what fails is noted again"))
    problems += ledgers(store)
    known: dict[tuple[str, str], str] = {}
    days = days_of(store)
    calls = judgements = 0
    for call_date in days:
        day = StoredDay.of(store, call_date)
        try:
            there = heard.calls_of(day)
            problems += _problems(day, there, hashes=hashes)
            problems += heard.elsewhere(day, there, known)
            calls += len(there)
            judgements += len(day.table("scores", ("call_id",)))
        except StoreError as error:
            problems.append(Problem(store.out, f"{call_date}: {error}", "verify again when that is mended"))
        if progress is not None:
            progress(call_date)
    return Verified(len(days), calls, judgements, tuple(dict.fromkeys(problems)))


def _problems(day: StoredDay, calls: heard.Calls, *, hashes: bool) -> Iterator[Problem]:
    yield from heard.damage(day)
    yield from heard.rows_and_calls(day, calls)
    yield from judged.damage(day)
    for standard in day.store.standards(day.call_date):
        if standard not in day.damaged_standards:
            yield from judged.judgements(day, standard, calls)
    yield from judged.scorecards(day)
    yield from recordings.recordings(calls, hashes=hashes)
