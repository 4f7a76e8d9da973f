"""What anyone may do with a store: see what is heard, and read it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.call import Call, Failure
from pipeline.errors import StoreError
from pipeline.places import exists, fingerprint, place, readable
from pipeline.store.days import HeardDay
from pipeline.store.files import hashed, partition, parts_in, standard_part
from pipeline.store.judged import INPUTS
from pipeline.store.ledgers import damaged_ledger_parts, read_ledger
from pipeline.store.parts import read_calls, read_parts
from pipeline.tables import (
    HEARING_TABLES,
    LEDGERS,
    PARTITION,
    SCHEMAS,
    UNPARTITIONED,
    Judgement,
    failures_from_table,
    judgements_from_tables,
)

if TYPE_CHECKING:
    import pandas as pd


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


class StoreReader:
    """Reads a store. Nothing is opened until something is asked for.

    Parameters
    ----------
    out : str or Path
        The folder that holds the tables, from wherever it is seen; ``s3://bucket/folder`` with the extra
        ``cluster``.
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

    def damaged_judgements(self, call_date: str) -> dict[str, str]:
        """Return the rulebooks of which a day's findings or scores cannot be read back, and why."""
        damaged = {}
        for standard in self.standards(call_date):
            for table in ("scores", "findings"):
                try:
                    self.table(table, call_date, standard=standard)
                except StoreError as error:
                    damaged[standard] = str(error)
        return damaged

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

    def state(self, call_date: str, tables: Sequence[str]) -> str:
        """Return what changes whenever a part of a day is written, in any of the tables.

        States are only ever compared for being the same, so that a clock that was set back is no matter; and
        the time of a file's last change of any kind cannot be set.
        """
        parts = [
            (path.parent.parent.name, path.name, *fingerprint(path))
            for table in tables
            for path in parts_in(partition(self._folder(table), call_date))
        ]
        return hashed(repr(parts))

    def scored(self, call_date: str) -> tuple[str, int] | None:
        """Return the state that a day's scorecards were made from, and how many they are; None without."""
        path = self._scorecards(call_date)
        if not exists(path):
            return None
        try:
            with pq.ParquetFile(readable(path)) as file:
                return file.schema_arrow.metadata.get(INPUTS, b"").decode(), file.metadata.num_rows
        except (pa.ArrowException, OSError):
            return None

    def standards(self, call_date: str) -> tuple[str, ...]:
        """Return the rulebooks under which calls of that day were judged, by name."""
        paths = [
            path
            for table in ("scores", "findings")
            for path in parts_in(partition(self._folder(table), call_date))
        ]
        return tuple(sorted({path.stem.removeprefix("part-") for path in paths}))

    def read_judgements(
        self,
        call_date: str,
        standard: str,
        *,
        call_id: str | None = None,
        call_ids: Collection[str] | None = None,
    ) -> tuple[Judgement, ...]:
        """Read how the calls of one day, or one or some of them, were judged under one rulebook."""
        wanted = call_ids if call_id is None else (call_id,)
        tables = []
        for table in ("scores", "findings"):
            path = partition(self._folder(table), call_date) / standard_part(standard)
            parts = [path] if exists(path) else []
            tables.append(read_parts(table, parts) if wanted is None else read_calls(table, parts, wanted))
        return tuple(judgements_from_tables(*tables))

    def judgements_of(self, call: Call) -> tuple[Judgement, ...]:
        """Read how one call was judged, under each rulebook that judged it, by the rulebooks' names."""
        day, call_id = call.record.call_date, call.record.call_id
        found = (self.read_judgements(day, standard, call_id=call_id) for standard in self.standards(day))
        return tuple(judgement for judgements in found for judgement in judgements)

    def failures(self, *, without: Collection[Path] = ()) -> tuple[Failure, ...]:
        """Return what could not be processed and has not succeeded since, by input.

        Parameters
        ----------
        without : collection of Path
            Parts to leave out.
        """
        parts = parts_in(self._folder("failures"))
        table = read_parts("failures", [part for part in parts if part not in without])
        return tuple(sorted(failures_from_table(table), key=lambda f: (f.path, f.stage, f.reason)))

    def frame(
        self, table: str, *, call_dates: Collection[str] | None = None, without: Collection[str] = ()
    ) -> pd.DataFrame:
        """Read a table, or some days of it, into pandas.

        Parameters
        ----------
        call_dates : collection of str or None
            Days to read; None for all.
        without : collection of str
            Calls to leave out, as :meth:`damaged` names them.

        Returns
        -------
        pandas.DataFrame
            The columns of ``SCHEMAS[table]``, and ``call_date`` where the table is partitioned.

        Raises
        ------
        StoreError
            When there is no such table, the folder holds no store, or a part is missing or damaged.
        """
        if table not in SCHEMAS:
            raise StoreError(f"no table {table!r}; expected one of {', '.join(SCHEMAS)}")
        self.expect_store()
        if table in UNPARTITIONED:
            rows = read_parts(table, parts_in(self._folder(table)))
            if call_dates is not None and PARTITION in rows.column_names:
                rows = rows.filter(pc.is_in(rows[PARTITION], pa.array(call_dates, pa.string())))
        else:
            days = [day for day in self.dates(_listed(table)) if call_dates is None or day in call_dates]
            rows = pa.concat_tables(
                [read_parts(table, ()), *(self.table(table, day, without=without) for day in days)]
            )
        frame: pd.DataFrame = rows.to_pandas()
        return frame

    def ledger(self, table: str, *, without: Collection[str] = ()) -> pa.Table:
        """Return all rows of a table that is only ever added to, in the order of adding.

        Parameters
        ----------
        without : collection of str
            Parts to leave out, as :meth:`damaged_ledger` names them.
        """
        return read_ledger(self.out, table, without=without)

    def damaged_ledger(self, *tables: str) -> dict[str, str]:
        """Return parts of reviews and samples, or of those named, that cannot be read, with the reason."""
        found = (damaged_ledger_parts(self.out, table) for table in tables or LEDGERS)
        return {part: why for damaged in found for part, why in damaged.items()}

    def tables(self, table: str) -> Iterator[pa.Table]:
        """Read a table day by day: few of them are too large for memory, a year is."""
        return (self.table(table, day) for day in self.dates(_listed(table)))

    def table(
        self,
        table: str,
        call_date: str,
        *,
        columns: Sequence[str] | None = None,
        encoded: Sequence[str] = (),
        without: Collection[str] = (),
        standard: str | None = None,
        without_standards: Collection[str] = (),
    ) -> pa.Table:
        """Read one day of a table.

        Parameters
        ----------
        columns : sequence of str or None
            Which, ``call_id`` among them; None for all.
        encoded : sequence of str
            Columns of text to leave dictionary-encoded.
        without : collection of str
            Calls to leave out, as :meth:`damaged` names them.
        standard : str or None
            Of findings and scores, those under this rulebook only.
        without_standards : collection of str
            Of findings and scores, not those under these.
        """
        if table in HEARING_TABLES:
            day = HeardDay(self.out, call_date, without=without)
            return day.table(table, columns=columns, encoded=encoded)
        left_out = {standard_part(name) for name in without_standards}
        pattern = "part-*.parquet" if standard is None else standard_part(standard)
        paths = parts_in(partition(self._folder(table), call_date), pattern)
        paths = [path for path in paths if path.name not in left_out]
        return read_parts(table, paths, columns=columns, encoded=encoded)

    def _days_of(self, call_id: str) -> list[str]:
        days = (HeardDay(self.out, day) for day in self.dates())
        return [day.call_date for day in days if day.holds(call_id)]

    def _expect_bundles(self, call_date: str | None) -> None:
        """Raise StoreError when that day, or any, has a bundle of which nobody can say what it holds."""
        for day in self.dates():
            if call_date in (None, day):
                _ = HeardDay(self.out, day).bundle

    def _scorecards(self, call_date: str) -> Path:
        return partition(self._folder("scorecards"), call_date) / "part-0.parquet"

    def _folder(self, table: str) -> Path:
        return self.out / table

    def expect_store(self) -> None:
        """Make sure that there is a store.

        Raises
        ------
        StoreError
            When the folder holds none.
        """
        if not any(self._folder(table).is_dir() for table in SCHEMAS):
            raise StoreError(f"{self.out}: no tables here; expected a folder that callaudit has written to")


def _listed(table: str) -> str:
    """Return the table whose parts say which days of ``table`` are there."""
    # Of the hearing tables, only what is committed is there.
    return "calls" if table in HEARING_TABLES else table


def _day(folder: Path) -> str:
    return folder.name.partition("=")[2]
