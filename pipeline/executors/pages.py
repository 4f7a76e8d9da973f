"""Writing a report on this machine: in this process, or in others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.executors.judging import in_order, judging_workers
from pipeline.store import Stretch

if TYPE_CHECKING:  # what draws charts takes most of a second to import, and processes that hear draw none
    from pipeline.reports.pages.call_pages import CallWriter, WrittenCalls
    from pipeline.reports.pages.days import DayColumns, DayReader

CALLS_PER_PROCESS = 100
"""To start a process takes as long as to write the pages of so many calls."""

DAYS_PER_PROCESS = 40
"""And as long as to read the columns of so many days."""


def site_workers(calls: int) -> int:
    """How many processes write the pages of so many calls soonest on this machine; 0 for none beside this."""
    return judging_workers(calls, per_worker=CALLS_PER_PROCESS)


def read_days(reader: DayReader, days: Sequence[str], *, workers: int = 0) -> Iterator[DayColumns]:
    """Read days, and yield what is kept of each in the order given.

    Parameters
    ----------
    workers : int
        At most so many processes; 0 reads in this one.

    Raises
    ------
    CallauditError
        When a process dies.
    """
    workers = min(workers, len(days) // DAYS_PER_PROCESS)
    died = "a process that read calls died; its memory may not be enough: report on fewer days"
    return in_order(reader, days, workers=workers if workers > 1 else 0, died=died)


def write_call_pages(
    writer: CallWriter, stretches: Sequence[Stretch], *, workers: int = 0
) -> Iterator[WrittenCalls]:
    """Write the pages of calls, and yield what each stretch came to in the order given.

    Parameters
    ----------
    workers : int
        So many processes; 0 writes in this one.

    Raises
    ------
    CallauditError
        When a process dies.
    """
    died = "a process that wrote pages died; its memory may not be enough: report with fewer --workers"
    return in_order(writer, stretches, workers=workers, died=died)
