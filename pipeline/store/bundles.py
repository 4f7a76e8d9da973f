"""Bundles: the calls of a day put together in one part per hearing table, in order of their ids.

A heard call is written as parts of its own. To open four files for every call of a large archive takes longer
than to read what is in them, so the calls of a day with many are put together. The part ``part-day.parquet``
in ``calls`` commits a bundle and names its parts in the other tables, so that a newer one takes the place of
an older one, whole, at the moment that this file is renamed. A call's own parts go before its rows in a
bundle: a call that is heard again is written like any other.

Row group *n* of each of the four files holds the rows of the same calls, so that a stretch of a day is read
without the rest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.store.files import call_part, partition
from pipeline.store.parts import damage, read_parts
from pipeline.tables import HEARING_TABLES, CallTables, unescape

STEM = "part-day"
"""How the names of a bundle's files begin."""

BUNDLE = f"{STEM}.parquet"
"""What commits a bundle, in ``calls``."""

_GENERATION = b"bundle"
_ENCODED = {
    "utterances": ("role", "language"),
    "events": ("kind", "role", "attributes"),
    "measurements": ("name", "role", "unit", "reason", "method"),
}


def read_tables(
    parts: dict[str, list[Path]], *, groups: Sequence[int] | None = None, calls: pa.Table | None = None
) -> CallTables:
    """Read parts of the four hearing tables, or some row groups of them; not ``calls`` where it is given."""
    tables = {
        table: read_parts(table, paths, encoded=_ENCODED.get(table, ()), groups=groups)
        for table, paths in parts.items()
        if table != "calls" or calls is None
    }
    return CallTables(**{"calls": calls, **tables})


def own_parts(out: Path, call_date: str, names: Sequence[str]) -> dict[str, list[Path]]:
    """Return the parts of those names in each hearing table."""
    return {t: [partition(out / t, call_date) / name for name in names] for t in HEARING_TABLES}


def bundle_parts(out: Path, call_date: str, generation: int) -> dict[str, Path]:
    """Return the files of a bundle by table, that which commits the others last."""
    names = dict.fromkeys(HEARING_TABLES, f"{STEM}-{generation:06d}.parquet") | {"calls": BUNDLE}
    return {table: partition(out / table, call_date) / name for table, name in names.items()}


def with_generation(schema: pa.Schema, generation: int) -> pa.Schema:
    """Return the schema of ``calls`` as a bundle's commit has it."""
    return schema.with_metadata({**schema.metadata, _GENERATION: str(generation).encode()})


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that is committed.

    Attributes
    ----------
    ids : tuple of str
        Its calls, in order.
    bounds : tuple of int
        Position of the first call of each row group, and the number of calls.
    generation : int
        Counts the bundles of its day, from 1.
    state : tuple of int
        Tells the file that commits it from a newer one.
    """

    out: Path
    call_date: str
    generation: int
    ids: tuple[str, ...]
    bounds: tuple[int, ...]
    state: tuple[int, ...]

    @classmethod
    def of(cls, out: Path, call_date: str) -> Bundle | None:
        """Return a day's bundle, or None when it has none.

        Raises
        ------
        StoreError
            When its commit is damaged.
        """
        # Until what was read is what is there: a writer may have put the day together again meanwhile.
        while (state := _state(out, call_date)) is not None:
            known = _OPENED.get((out, call_date))
            if known is not None and known.state == state:
                return known
            _OPENED[out, call_date] = _open(out, call_date, state)
        return None

    def parts(self) -> dict[str, Path]:
        """Return its files by table, that which commits the others last."""
        return bundle_parts(self.out, self.call_date, self.generation)

    def position(self, call_id: str) -> int | None:
        """Return where in ``ids`` a call is; None when it is not there."""
        place = bisect_left(self.ids, call_id)
        return place if place < len(self.ids) and self.ids[place] == call_id else None

    def group_of(self, position: int) -> int:
        """Return the row group that holds the call at that position."""
        return bisect_right(self.bounds, position) - 1

    def ids_of(self, group: int) -> tuple[str, ...]:
        """Return the ids of the calls of a row group."""
        return self.ids[self.bounds[group] : self.bounds[group + 1]]

    def groups(
        self, first: str | None = None, stop: str | None = None, *, hidden: frozenset[str] = frozenset()
    ) -> list[int]:
        """Return the row groups that may hold calls from ``first`` on and before ``stop``, not all hidden."""
        low = 0 if first is None else bisect_left(self.ids, first)
        high = len(self.ids) if stop is None else bisect_left(self.ids, stop)
        if low >= high:
            return []
        return [
            group
            for group in range(self.group_of(low), self.group_of(high - 1) + 1)
            if not hidden.issuperset(self.ids_of(group))
        ]

    def hidden(self, own: frozenset[str]) -> frozenset[str]:
        """Return the ids of its calls whose own parts have, or would have, a name among ``own``."""
        return frozenset(i for i in self.ids if call_part(i) in own) if own else frozenset()

    def rows(
        self,
        table: str,
        groups: Sequence[int],
        *,
        columns: Sequence[str] | None = None,
        encoded: Sequence[str] = (),
    ) -> pa.Table:
        """Read row groups of one table, as `read_parts` does.

        Raises
        ------
        StoreError
            When a part is damaged, or the day was put together again since the bundle was looked up: the
            commit keeps its name, and other calls may be in its row groups then.
        """
        path = self.parts()[table]
        rows = read_parts(table, [path], columns=columns, encoded=encoded, groups=groups)
        if table == "calls" and _state(self.out, self.call_date) != self.state:
            raise StoreError(f"{path}: was written again while it was read; run again")
        return rows

    def tables(self, group: int) -> CallTables:
        """Read one row group of the four tables."""
        return CallTables(**{t: self.rows(t, [group], encoded=_ENCODED.get(t, ())) for t in HEARING_TABLES})


# The newest that was seen of each day, as every call that is stored is looked for on all days. The ids of a
# million calls take some 80 MB.
_OPENED: dict[tuple[Path, str], Bundle] = {}


def _state(out: Path, call_date: str) -> tuple[int, ...] | None:
    """Return what tells one commit of a day from the next; None without one."""
    try:
        state = (partition(out / "calls", call_date) / BUNDLE).stat()
    except FileNotFoundError:
        return None
    return state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_size


def _open(out: Path, call_date: str, state: tuple[int, ...]) -> Bundle:
    path = partition(out / "calls", call_date) / BUNDLE
    ids = read_parts("calls", [path], columns=["call_id"])["call_id"]
    try:
        with pq.ParquetFile(path) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
            generation = int(file.schema_arrow.metadata[_GENERATION])
    except (pa.ArrowException, OSError, KeyError) as error:
        raise damage("calls", [path], error) from error
    names = tuple(map(unescape, ids.to_pylist()))
    return Bundle(out, call_date, generation, names, tuple(accumulate(sizes, initial=0)), state)
