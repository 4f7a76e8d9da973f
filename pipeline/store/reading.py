"""What anyone may do with a store: read its calls, how they were judged, and its tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.call import Call, Failure
from pipeline.errors import StoreError
from pipeline.places import exists, fingerprint, readable
from pipeline.store.calls import CallReader
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


class StoreReader(CallReader):
    """Reads a store. Nothing is opened until something is asked for.

    Parameters
    ----------
    out : str or Path
        The folder that holds the tables, from wherever it is seen; ``s3://bucket/folder`` with the extra
        ``cluster``.
    """

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

    def _scorecards(self, call_date: str) -> Path:
        return partition(self._folder("scorecards"), call_date) / "part-0.parquet"


def _listed(table: str) -> str:
    """Return the table whose parts say which days of ``table`` are there."""
    # Of the hearing tables, only what is committed is there.
    return "calls" if table in HEARING_TABLES else table
