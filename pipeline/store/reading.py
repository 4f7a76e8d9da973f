"""What anyone may do with a store: see what is heard, and read it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.call import Call, Failure
from pipeline.errors import StoreError
from pipeline.store.files import call_part, partition, parts_in, standard_part
from pipeline.store.parts import read_parts
from pipeline.tables import (
    HEARING_TABLES,
    PARTITION,
    SCHEMAS,
    CallTables,
    Judgement,
    calls_from_tables,
    failures_from_table,
    judgements_from_tables,
    rows_of,
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


class StoreReader:
    """Reads a store. Nothing is opened until something is asked for.

    Parameters
    ----------
    out : str or Path
        The folder that holds the tables.
    """

    def __init__(self, out: str | Path) -> None:
        self.out = Path(out)

    def dates(self, table: str = "calls") -> tuple[str, ...]:
        """Return the days that ``table`` has rows for, in order."""
        folders = self._folder(table).glob(f"{PARTITION}=*")
        return tuple(sorted(_day(f) for f in folders if any(f.glob("part-*.parquet"))))

    def count(self) -> int:
        """Return how many calls are stored."""
        return sum(1 for _ in self._folder("calls").glob(f"{PARTITION}=*/part-*.parquet"))

    def heard(self, call_id: str, call_date: str) -> StoredCall | None:
        """Return what is stored of a call on that day, or None when it has to be heard.

        A call with a missing part or an unreadable commit counts as not heard: hearing it mends it.
        """
        name = call_part(call_id)
        if not all((partition(self._folder(t), call_date) / name).exists() for t in HEARING_TABLES):
            return None
        return self.committed(call_id, call_date)

    def committed(self, call_id: str, call_date: str) -> StoredCall | None:
        """Return what the commit of a call on that day says, whole or not; None when none can be read."""
        path = partition(self._folder("calls"), call_date) / call_part(call_id)
        if not path.exists():
            return None
        try:
            stored = self._stored(path)
        except StoreError:
            return None
        return stored if stored.call_id == call_id else None

    def read_call(self, call_id: str, *, call_date: str | None = None) -> Call:
        """Read one call.

        Raises
        ------
        StoreError
            When there is no such call, or several days have one of that id and no day is given.
        """
        name = call_part(call_id)
        there = self._days_of(call_id)
        days = [d for d in there if call_date in (None, d)]
        if len(days) != 1:
            if days:
                seen = f"on {', '.join(days)}; say which day, as --date {days[0]} does"
            elif there:
                seen = f"on {', '.join(there)}, not on {call_date}"
            else:
                seen = "nowhere; expected a call that was heard"
            raise StoreError(f"{self.out}: call {call_id!r} was found {seen}")
        return next(self._read_day(days[0], [name]))

    def damaged(self, call_date: str) -> dict[str, str]:
        """Return the calls of a day that cannot be read back: the name of their parts, and why."""
        damaged: dict[str, str] = {}
        for part in parts_in(partition(self._folder("calls"), call_date)):
            try:
                next(self._read_day(call_date, [part.name]))
            except StoreError as error:
                damaged[part.name] = str(error)
        return damaged

    def read_calls(
        self,
        *,
        call_dates: Collection[str] | None = None,
        without: Collection[str] = (),
        batch: int = 200,
    ) -> Iterator[Call]:
        """Yield all calls, or those of some days, day by day.

        Parameters
        ----------
        call_dates : collection of str or None
            Days to read; None for all.
        without : collection of str
            Parts to leave out, as :meth:`damaged` names them.
        batch : int
            Calls held in memory at once.

        Raises
        ------
        StoreError
            When the folder holds no store, or a part is missing or damaged.
        """
        self._expect_store()
        for day in self.dates():
            if call_dates is None or day in call_dates:
                parts = parts_in(partition(self._folder("calls"), day))
                names = [p.name for p in parts if p.name not in without]
                for first in range(0, len(names), batch):
                    yield from self._read_day(day, names[first : first + batch])

    def standards(self, call_date: str) -> tuple[str, ...]:
        """Return the rulebooks under which calls of that day were judged, by name."""
        paths = parts_in(partition(self._folder("scores"), call_date))
        return tuple(p.stem.removeprefix("part-") for p in paths)

    def read_judgements(
        self, call_date: str, standard: str, *, call_id: str | None = None
    ) -> tuple[Judgement, ...]:
        """Read how the calls of one day, or one of them, were judged under one rulebook."""
        tables = []
        for table in ("scores", "findings"):
            path = partition(self._folder(table), call_date) / standard_part(standard)
            tables.append(read_parts(table, [path] if path.exists() else []))
        judgements = judgements_from_tables(*tables)
        return tuple(j for j in judgements if call_id is None or j.call_id == call_id)

    def failures(self) -> tuple[Failure, ...]:
        """Return what could not be processed and has not succeeded since, by input."""
        table = read_parts("failures", parts_in(self._folder("failures")))
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
            Parts to leave out, as :meth:`damaged` names them.

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
        self._expect_store()
        paths = [p for p in self._paths(table, call_dates) if p.name not in without]
        frame: pd.DataFrame = read_parts(table, paths).to_pandas()
        return frame

    def _paths(self, table: str, call_dates: Collection[str] | None) -> list[Path]:
        if table == "failures":
            return parts_in(self._folder(table))
        # Of the hearing tables, only the parts of committed calls are there.
        listed = "calls" if table in HEARING_TABLES else table
        return [
            partition(self._folder(table), day) / part.name
            for day in self.dates(listed)
            if call_dates is None or day in call_dates
            for part in parts_in(partition(self._folder(listed), day))
        ]

    def _read_day(self, call_date: str, names: Sequence[str]) -> Iterator[Call]:
        parts = {t: self._read(t, call_date, names) for t in HEARING_TABLES}
        return calls_from_tables(CallTables(**parts))

    def _read(self, table: str, call_date: str, names: Sequence[str]) -> pa.Table:
        day = partition(self._folder(table), call_date)
        return read_parts(table, [day / name for name in names])

    def _days_of(self, call_id: str) -> list[str]:
        paths = self._folder("calls").glob(f"{PARTITION}=*/{call_part(call_id)}")
        return sorted(_day(path.parent) for path in paths)

    def _stored(self, path: Path) -> StoredCall:
        columns = ["call_id", PARTITION, "sha256", "hearing_key", "path"]
        (row,) = rows_of(read_parts("calls", [path], columns=columns))
        return StoredCall(row["call_id"], row[PARTITION], row["sha256"], row["hearing_key"], row["path"])

    def _folder(self, table: str) -> Path:
        return self.out / table

    def _expect_store(self) -> None:
        if not any(self._folder(table).is_dir() for table in SCHEMAS):
            raise StoreError(f"{self.out}: no tables here; expected a folder that callaudit has written to")


def _day(folder: Path) -> str:
    return folder.name.partition("=")[2]
