"""What anyone may do with the heard calls of a store: see which there are, and read them back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.call import Call
from pipeline.errors import StoreError
from pipeline.places import place
from pipeline.store.days import HeardDay
from pipeline.tables import PARTITION, SCHEMAS


@dataclass(frozen=True, slots=True)
class StoredCall:
    """What decides whether a call must be heard again.

    Attributes
    ----------
    sha256 : str
        Of the recording that was heard.
    hearing_key : str
        Of the engine, weights and settings that heard it.
    path : str
        The recording.
    """

    call_id: str
    call_date: str
    sha256: str
    hearing_key: str
    path: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Calls of a day from the id ``first`` on and before ``stop``; None for no limit."""

    call_date: str
    first: str | None = None
    stop: str | None = None


class CallReader:
    """Reads the calls of a store.

    Parameters
    ----------
    out : str or Path
        The folder that holds the tables.
    """

    def __init__(self, out: str | Path) -> None:
        self.out = place(out)

    def dates(self, table: str = "calls") -> tuple[str, ...]:
        """Return the days that ``table`` has rows for, in order."""
        folders = self._folder(table).glob(f"{PARTITION}=*")
        return tuple(sorted(_day(f) for f in folders if any(f.glob("part-*.parquet"))))

    def count(self, call_date: str | None = None) -> int:
        """Return how many calls are stored, of one day or of all."""
        days = self.dates() if call_date is None else (call_date,)
        return sum(HeardDay(self.out, day).count() for day in days)

    def heard(self, call_id: str, call_date: str) -> StoredCall | None:
        """Return what is stored of a call on that day, or None when it has to be heard.

        A call with a missing part or an unreadable commit counts as not heard: hearing it mends it.
        """
        whole = HeardDay(self.out, call_date).whole(call_id)
        return self.committed(call_id, call_date) if whole else None

    def committed(self, call_id: str, call_date: str) -> StoredCall | None:
        """Return what the commit of a call on that day says, whole or not; None when none can be read."""
        try:
            row = HeardDay(self.out, call_date).commit(call_id)
        except StoreError:
            return None
        if row is None:
            return None
        return StoredCall(row["call_id"], row[PARTITION], row["sha256"], row["hearing_key"], row["path"])

    def read_call(self, call_id: str, *, call_date: str | None = None) -> Call:
        """Read one call.

        Raises
        ------
        StoreError
            When there is no such call, or several days have one of that id and no day is given; or when a
            damaged part may hold it.
        """
        there = self._days_of(call_id)
        days = [d for d in there if call_date in (None, d)]
        if not days:
            self._expect_bundles(call_date)
        call = HeardDay(self.out, days[0]).call(call_id) if len(days) == 1 else None
        if call is None:
            if days:
                seen = f"on {', '.join(days)}; say which day, as --date {days[0]} does"
            elif there:
                seen = f"on {', '.join(there)}, not on {call_date}"
            else:
                seen = "nowhere; expected a call that was heard"
            raise StoreError(f"{self.out}: call {call_id!r} was found {seen}")
        return call

    def damaged(self, call_date: str) -> dict[str, str]:
        """Return what cannot be read back of a day: calls, by the names of their parts, and why.

        A call that was put together with others is named as if it had a part of its own. Where nobody can
        say which calls are lost, the part that commits them stands for all.
        """
        return HeardDay(self.out, call_date).damaged()

    def read_calls(
        self, *, call_dates: Collection[str] | None = None, without: Collection[str] = ()
    ) -> Iterator[Call]:
        """Yield all calls, or those of some days, day by day and in order of their ids.

        Few are held in memory at once, however large a day is.

        Parameters
        ----------
        call_dates : collection of str or None
            Days to read; None for all.
        without : collection of str
            Calls to leave out, as :meth:`damaged` names them.

        Raises
        ------
        StoreError
            When the folder holds no store, or a part is missing or damaged.
        """
        self.expect_store()
        for day in self.dates():
            if call_dates is None or day in call_dates:
                yield from HeardDay(self.out, day, without=without).calls()

    def read_stretch(self, stretch: Stretch, *, without: Collection[str] = ()) -> Iterator[Call]:
        """Yield the calls of a part of a day, in order of their ids."""
        day = HeardDay(self.out, stretch.call_date, without=without)
        return day.calls(first=stretch.first, stop=stretch.stop)

    def stretches(self, call_date: str, calls: int) -> tuple[Stretch, ...]:
        """Divide a day into stretches of so many calls, the last of what is left; at least one."""
        day = HeardDay(self.out, call_date)
        if day.count() <= calls:
            return (Stretch(call_date),)
        limits = [None, *day.ids()[calls::calls], None]
        return tuple(Stretch(call_date, first, stop) for first, stop in pairwise(limits))

    def expect_store(self) -> None:
        """Make sure that there is a store.

        Raises
        ------
        StoreError
            When the folder holds none.
        """
        if not any(self._folder(table).is_dir() for table in SCHEMAS):
            raise StoreError(f"{self.out}: no tables here; expected a folder that callaudit has written to")

    def _days_of(self, call_id: str) -> list[str]:
        days = (HeardDay(self.out, day) for day in self.dates())
        return [day.call_date for day in days if day.holds(call_id)]

    def _expect_bundles(self, call_date: str | None) -> None:
        """Raise StoreError when that day, or any, has a bundle of which nobody can say what it holds."""
        for day in self.dates():
            if call_date in (None, day):
                _ = HeardDay(self.out, day).bundle

    def _folder(self, table: str) -> Path:
        return self.out / table


def _day(folder: Path) -> str:
    return folder.name.partition("=")[2]
