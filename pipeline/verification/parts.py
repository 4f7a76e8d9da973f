"""The part files of a store, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.places import readable
from pipeline.store import StoreReader
from pipeline.store.files import partition, parts_in, standard_part
from pipeline.store.parts import read_parts
from pipeline.tables import SCHEMAS, UNPARTITIONED

DERIVED = ("scores", "findings", "scorecards", "reviewed_scores")


def days_of(store: StoreReader) -> list[str]:
    """Return the days of which anything is stored."""
    return sorted({day for table in ("calls", *DERIVED) for day in store.dates(table)})


def folder_of(store: StoreReader, table: str, day: str) -> Path:
    """Return the folder of a day."""
    return partition(store.out / table, day)


def part_of(store: StoreReader, table: str, day: str, standard: str) -> Path:
    """Return the part of a day and rulebook."""
    return folder_of(store, table, day) / standard_part(standard)


def unreadable_failures(store: StoreReader) -> dict[Path, str]:
    """Return the parts of the table ``failures`` that cannot be read, and why."""
    unreadable = {}
    for part in parts_in(store.out / "failures"):
        try:
            read_parts("failures", [part])
        except StoreError as error:
            unreadable[part] = str(error)
    return unreadable


def rows_in(part: Path) -> int | None:
    """Return how many rows a part says it has; None when it is not there or cannot be opened."""
    try:
        with pq.ParquetFile(readable(part)) as file:
            rows: int = file.metadata.num_rows
            return rows
    except (pa.ArrowException, OSError):
        return None


def unopened(store: StoreReader, day: str) -> tuple[str, ...]:
    """Return the parts of a day that cannot be opened; what is inside them is not read."""
    folders = [folder_of(store, table, day) for table in SCHEMAS if table not in UNPARTITIONED]
    return tuple(str(part) for folder in folders for part in parts_in(folder) if rows_in(part) is None)


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A day, and what of it cannot be read.

    Attributes
    ----------
    damaged : mapping of str to str
        Calls, by the names of their parts, and why.
    damaged_standards : mapping of str to str
        Rulebooks whose findings or scores cannot be read, and why.
    """

    store: StoreReader
    call_date: str
    damaged: Mapping[str, str]
    damaged_standards: Mapping[str, str]

    @classmethod
    def of(cls, store: StoreReader, call_date: str) -> StoredDay:
        """Read a day whole, to see what can be read."""
        return cls(store, call_date, store.damaged(call_date), store.damaged_judgements(call_date))

    def table(self, table: str, columns: tuple[str, ...], *, standard: str | None = None) -> pa.Table:
        """Read some columns of what can be read."""
        return self.store.table(
            table,
            self.call_date,
            columns=columns,
            without=self.damaged,
            standard=standard,
            without_standards=self.damaged_standards,
        )

    def folder(self, table: str) -> Path:
        """Return its folder."""
        return folder_of(self.store, table, self.call_date)
