"""One day of the hearing tables: calls with parts of their own, and the bundle of the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from heapq import merge
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.call import Call
from pipeline.errors import StoreError
from pipeline.store.bundles import BUNDLE, Bundle, own_parts, read_tables
from pipeline.store.files import call_part, partition, parts_in
from pipeline.store.parts import read_parts
from pipeline.tables import Row, calls_from_tables, escape, rows_of, unescape

# Calls with parts of their own that are read, and held in memory, at once.
_AT_ONCE = 200
_COMMIT = ("call_id", "call_date", "sha256", "hearing_key", "path")
_Rows = TypeVar("_Rows")
_BY_ID = attrgetter("record.call_id")


class HeardDay:
    """What is committed of a day. Nothing is opened until something is asked for, and then looked up once.

    A reader needs no lock. Own parts are looked up before the bundle that they may go into, so that no call
    is missed; what cannot be read is looked up and read once more, as a writer may have put the day together.

    Parameters
    ----------
    out : Path
        The store.
    call_date : str
    without : collection of str
        Calls to pass over, by the names that their own parts have or would have; and `BUNDLE`.

    Raises
    ------
    StoreError
        By every method and property that reads rows, when a part that it needs is damaged.
    """

    def __init__(self, out: Path, call_date: str, *, without: Collection[str] = ()) -> None:
        self.out = out
        self.call_date = call_date
        self._without = without
        self._folder = partition(out / "calls", call_date)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """Names of the parts that hold one call, also of those to pass over."""
        return frozenset(path.name for path in parts_in(self._folder)) - {BUNDLE}

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Names of those to read, sorted."""
        return tuple(sorted(self.own_names.difference(self._without)))

    @cached_property
    def bundle(self) -> Bundle | None:
        """The calls that were put together, if any were."""
        return None if BUNDLE in self._without else Bundle.of(self.out, self.call_date)

    @cached_property
    def readable_bundle(self) -> Bundle | None:
        """The bundle; None also when its commit is damaged: nobody can say which calls it holds."""
        try:
            return self.bundle
        except StoreError:
            return None

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Ids of calls of the bundle that are not read from it: they have own parts, or are passed over.

        A damaged part does not bring back what was heard of its call before.
        """
        return self.bundle.hidden(self.own_names.union(self._without)) if self.bundle else frozenset()

    def count(self) -> int:
        """Return how many calls there are; without those of a bundle whose commit is damaged."""
        own, bundle = len(self.own), self.readable_bundle
        return own + (len(bundle.ids) - len(self.hidden) if bundle else 0)

    def ids(self) -> list[str]:
        """Return the ids of the calls, in order."""
        return sorted({*self._own_ids(), *(self.bundle.ids if self.bundle else ())})

    def holds(self, call_id: str) -> bool:
        """Return whether a call is there; one of a bundle whose commit is damaged is not."""
        if (self._folder / call_part(call_id)).exists():
            return True
        return self.readable_bundle is not None and self.readable_bundle.position(call_id) is not None

    def whole(self, call_id: str) -> bool:
        """Return whether the part of every hearing table is there that a call's rows are in."""
        names = own_parts(self.out, self.call_date, [call_part(call_id)])
        if names["calls"][0].exists() or self.readable_bundle is None:
            return all(path.exists() for (path,) in names.values())
        return all(path.exists() for path in self.readable_bundle.parts().values())

    def commit(self, call_id: str) -> Row | None:
        """Return what the commit of a call says: id, day, hashes and path; None when there is none."""
        part = self._folder / call_part(call_id)
        if part.exists():
            rows = read_parts("calls", [part], columns=_COMMIT)
            return next((row for row in rows_of(rows) if row["call_id"] == call_id), None)
        return self.bundled_commit(call_id)

    def bundled_commit(self, call_id: str) -> Row | None:
        """Return what the commit of a call in the bundle says; None when it is not there."""
        if self.bundle is None or (position := self.bundle.position(call_id)) is None:
            return None
        group = [self.bundle.group_of(position)]
        rows = self.bundle.rows("calls", group, columns=_COMMIT)
        return next((row for row in rows_of(rows) if row["call_id"] == call_id), None)

    def call(self, call_id: str) -> Call | None:
        """Read one call; None when it is not there."""
        return self._read(lambda day: day._call(call_id))

    def _call(self, call_id: str) -> Call | None:
        name = call_part(call_id)
        if (self._folder / name).exists():
            return next(calls_from_tables(read_tables(own_parts(self.out, self.call_date, [name]))))
        return self.bundled(call_id)

    def bundled(self, call_id: str) -> Call | None:
        """Read one call from the bundle, though it may have parts of its own; None when it is not there."""
        position = self.bundle.position(call_id) if self.bundle else None
        if self.bundle is None or position is None:
            return None
        stored = escape(call_id)
        tables = self.bundle.tables(self.bundle.group_of(position))
        return next(calls_from_tables(tables.map(lambda t: t.filter(pc.equal(t["call_id"], stored)))))

    def calls(self, *, first: str | None = None, stop: str | None = None) -> Iterator[Call]:
        """Yield calls in order of their ids, from ``first`` on and before ``stop``; None for no limit."""
        try:
            for call in self._calls(first, stop):
                first = f"{call.record.call_id}\0"
                yield call
        except StoreError:
            yield from self._anew()._calls(first, stop)

    def _calls(self, first: str | None, stop: str | None) -> Iterator[Call]:
        streams = (self._calls_of_parts(first, stop), self._calls_of_bundle(first, stop))
        for call in merge(*streams, key=_BY_ID):
            if stop is not None and call.record.call_id >= stop:
                return
            if first is None or call.record.call_id >= first:
                yield call

    def table(
        self, table: str, *, columns: Sequence[str] | None = None, encoded: Sequence[str] = ()
    ) -> pa.Table:
        """Read a hearing table: the calls' own parts, then the bundle.

        Parameters
        ----------
        columns, encoded : sequence of str
            As `read_parts` takes them; ``columns`` with the call's id.
        """
        return self._read(lambda day: day._table(table, columns, encoded))

    def _table(self, table: str, columns: Sequence[str] | None, encoded: Sequence[str]) -> pa.Table:
        own = own_parts(self.out, self.call_date, self.own)[table]
        parts = read_parts(table, own, columns=columns, encoded=encoded)
        groups = self.bundle.groups(hidden=self.hidden) if self.bundle else []
        if self.bundle is None or not groups:
            return parts
        rows = self.bundle.rows(table, groups, columns=columns, encoded=encoded)
        if self.hidden:
            rows = rows.filter(pc.invert(pc.is_in(rows["call_id"], pa.array(map(escape, self.hidden)))))
        return pa.concat_tables([parts, rows])

    def damaged(self) -> dict[str, str]:
        """Return the calls that cannot be read back, by the names of their own parts, and why.

        Of a bundle, these are the calls of the row groups that are damaged; `BUNDLE` stands for all of them
        when its commit is.
        """
        return self._damaged() and self._anew()._damaged()

    def _damaged(self) -> dict[str, str]:
        damaged: dict[str, str] = {}
        for name in self.own:
            try:
                next(calls_from_tables(read_tables(own_parts(self.out, self.call_date, [name]))))
            except StoreError as error:
                damaged[name] = str(error)
        try:
            bundle = self.bundle
        except StoreError as error:
            return {**damaged, BUNDLE: str(error)}
        if bundle is not None:
            for group in bundle.groups(hidden=self.hidden):
                damaged |= self._damaged_in(bundle, group)
        return damaged

    def _damaged_in(self, bundle: Bundle, group: int) -> dict[str, str]:
        try:
            for _ in calls_from_tables(bundle.tables(group)):
                pass
        except StoreError as error:
            ids = bundle.ids_of(group)
            return {call_part(i): f"call {i!r}: {error}" for i in ids if i not in self.hidden}
        return {}

    def _read(self, read: Callable[[HeardDay], _Rows]) -> _Rows:
        try:
            return read(self)
        except StoreError:
            return read(self._anew())

    def _anew(self) -> HeardDay:
        return HeardDay(self.out, self.call_date, without=self._without)

    def _own_ids(self) -> list[str]:
        parts = [self._folder / name for name in self.own]
        return [unescape(i) for i in read_parts("calls", parts, columns=["call_id"])["call_id"].to_pylist()]

    def _calls_of_parts(self, first: str | None, stop: str | None) -> Iterator[Call]:
        if not self.own:
            return
        commits = read_parts("calls", [self._folder / name for name in self.own])
        ids = [unescape(call_id) for call_id in commits["call_id"].to_pylist()]
        wanted = sorted(
            (call_id, place)
            for place, call_id in enumerate(ids)
            if (first is None or call_id >= first) and (stop is None or call_id < stop)
        )
        for start in range(0, len(wanted), _AT_ONCE):
            places = [place for _, place in wanted[start : start + _AT_ONCE]]
            parts = own_parts(self.out, self.call_date, [self.own[place] for place in places])
            calls = commits.take(pa.array(places))
            yield from calls_from_tables(read_tables(parts, calls=calls))

    def _calls_of_bundle(self, first: str | None, stop: str | None) -> Iterator[Call]:
        if self.bundle is None:
            return
        for group in self.bundle.groups(first, stop, hidden=self.hidden):
            for call in calls_from_tables(self.bundle.tables(group)):
                if call.record.call_id not in self.hidden:
                    yield call
