"""What the one writer may do with a store.

A call is committed by its part in ``calls``, written last; without it, readers do not see the call's
other rows. Replacing a call first takes its commit back, so that a crash at any moment leaves the call
either whole or to be heard again, never half old and half new. The calls of a large day are put together
later (:mod:`pipeline.store.bundles`), which is one rename and changes nothing that readers see.

What a writer leaves that is stopped is cleared away by the next one: temporary files, and parts that no
commit names. A damaged part stays where it is, so that readers keep naming it, until what it held is made
anew; then it is set aside (:mod:`pipeline.store.aside`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.call import Call, Failure
from pipeline.errors import StoreError
from pipeline.places import exists, holds, is_object
from pipeline.store.aside import keep_damaged, kept
from pipeline.store.bundling import bundle_day, clear_uncommitted, take_out
from pipeline.store.days import HeardDay
from pipeline.store.files import (
    call_part,
    encode,
    failure_part,
    hashed,
    make_private,
    partition,
    parts_in,
    refused_by,
    remove,
    remove_temporary,
    stage,
    standard_part,
    write_all,
)
from pipeline.store.judged import JudgedPart, ScoredDay
from pipeline.store.ledgers import add_part
from pipeline.store.lock import LOCK, Writer, expect_held, writer_lock
from pipeline.store.reading import StoreReader
from pipeline.tables import (
    HEARING_TABLES,
    Judgement,
    call_tables,
    failure_table,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A failure of intake, with the call's id when it got as far as having one."""

    failure: Failure
    call_id: str | None = None


class Store(StoreReader):
    """Reads a store and, inside ``with store.writing():``, writes to it.

    Equal content gives equal files: writing again what is there changes neither bytes nor times.

    Parameters
    ----------
    out : Path
        The folder that holds the tables; made, open to its owner only, by the first writer.

    Attributes
    ----------
    stopped : Writer or None
        Who was stopped while writing, before this one; known inside ``writing()``.
    """

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self._locked = False
        self._kept_before: frozenset[Path] = frozenset()
        self.stopped: Writer | None = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, and clear away what a stopped writer left half written.

        Raises
        ------
        StoreError
            When another writer is at work in this folder, or it is none.
        WriteError
            When it cannot be written.
        """
        if self.out.exists() and not self.out.is_dir():
            raise StoreError(f"{self.out}: is a file; expected a folder for the tables, give another one")
        make_private(self.out, root=self.out)
        with writer_lock(self.out / LOCK) as self.stopped:
            self._kept_before = frozenset(kept(self.out))
            remove_temporary(self.out)
            clear_uncommitted(self.out)
            for part in parts_in(self._folder("failures")):
                if keep_damaged(part, root=self.out):  # what fails again is noted again
                    remove(part)
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    def write_call(self, call: Call) -> bool:
        """Write a heard call in place of what was stored of it, on whatever day that was.

        Returns
        -------
        bool
            Whether anything changed.

        Raises
        ------
        StoreError
            When a value has no place in the tables; nothing has changed then.
        """
        self._expect_lock()
        call_id, call_date = call.record.call_id, call.record.call_date
        tables = call_tables(call)
        parts = {
            self._call_path(table, call_date, call_id): encode(getattr(tables, table))
            for table in HEARING_TABLES
        }
        elsewhere = self._other_days(call)
        if not elsewhere and (all(holds(path, data) for path, data in parts.items()) or self._bundled(call)):
            return False
        with ExitStack() as undo:
            staged = []
            for path, data in parts.items():
                staged.append(stage(path, data, root=self.out))
                undo.callback(staged[-1].discard)
            for day in elsewhere:
                take_out(self.out, day, call_id)
            for path in parts:
                keep_damaged(path, root=self.out)
            remove(self._call_path("calls", call_date, call_id))
            for part in staged:
                part.commit()
        return True

    def bundle(self, call_date: str) -> bool:
        """Put the calls of a day together when many have parts of their own; readers see no difference.

        Returns
        -------
        bool
            Whether anything changed; a day with a damaged part stays as it is.
        """
        self._expect_lock()
        try:
            return bundle_day(self.out, call_date)
        except StoreError:
            return False

    def write_findings(self, call_date: str, standard: str, judgements: Iterable[Judgement]) -> bool:
        """Write how one day's calls were judged under one rulebook, in place of what was stored.

        With no judgements the day's findings and scores under that rulebook are removed.

        Returns
        -------
        bool
            Whether anything changed.

        Raises
        ------
        StoreError
            When a judgement is of another rulebook, or the rulebook's name cannot name a file.
        """
        return self.write_judged(call_date, JudgedPart.of(standard, judgements))

    def write_judged(self, call_date: str, part: JudgedPart) -> bool:
        """Write what was encoded elsewhere; otherwise as :meth:`write_findings`."""
        self._expect_lock()
        name = standard_part(part.standard)
        findings = partition(self._folder("findings"), call_date) / name
        scores = partition(self._folder("scores"), call_date) / name
        if not part.judgements:
            changed = exists(findings) or exists(scores)
            remove(findings)
            remove(scores)
            return changed
        return self._write({findings: part.findings, scores: part.scores})

    def write_scorecards(self, scored: ScoredDay) -> bool:
        """Write one day's scorecards, and its scores after review, in place of what was stored.

        Returns
        -------
        bool
            Whether anything changed.
        """
        self._expect_lock()
        path = self._scorecards(scored.call_date)
        reviewed = partition(self._folder("reviewed_scores"), scored.call_date) / path.name
        parts = {reviewed: scored.reviewed, path: scored.data}
        gone = [part for part, data in parts.items() if not data and exists(part)]
        # What says that the day was added up is written last.
        changed = self._write({part: data for part, data in parts.items() if data})
        for part in gone:
            remove(part)
        return changed or bool(gone)

    def add(self, table: str, rows: pa.Table) -> None:
        """Add rows to a table that is only ever added to; all of them are there, or none."""
        self._expect_lock()
        if len(rows):
            add_part(self.out, table, rows)

    def write_failure(self, failure: Failure, *, call_id: str | None = None) -> bool:
        """Note that an input failed after intake, in place of an older note of the same stage.

        Returns
        -------
        bool
            Whether anything changed.
        """
        self._expect_lock()
        path = self._folder("failures") / failure_part(failure, source="")
        return self._write({path: encode(failure_table(failure, call_id=call_id))})

    def write_refused(self, refused: Sequence[Refused], *, source: str, inputs: Collection[str]) -> None:
        """Note what intake refuses now, in place of what it refused before.

        Parameters
        ----------
        refused : sequence of Refused
            Everything refused from ``source`` this time.
        source : str
            What was searched for calls: earlier refusals from there that do not come again are forgotten.
        inputs : collection of str
            Every path that was looked at: earlier refusals of these are forgotten wherever they come from.
        """
        self._expect_lock()
        folder = self._folder("failures")
        parts = {
            folder / failure_part(r.failure, source=source): encode(
                failure_table(r.failure, call_id=r.call_id)
            )
            for r in refused
        }
        looked_at = {hashed(path) for path in inputs}
        for part in parts_in(folder):
            known = refused_by(part)
            if known and part not in parts and (known[0] in looked_at or known[1] == hashed(source)):
                remove(part)
        for part, data in parts.items():
            self._write({part: data})

    def clear_failures(self, path: str | Path) -> None:
        """Forget what failed with an input that has succeeded; refusals stay until intake looks again.

        One recording may be a call by one row of a manifest and refused by another.
        """
        self._expect_lock()
        for part in parts_in(self._folder("failures"), f"part-{hashed(str(path))}-*.parquet"):
            if refused_by(part) is None:
                remove(part)

    def set_aside(self) -> tuple[Path, ...]:
        """Return the damaged parts that were set aside since writing began; what they held was made anew."""
        return tuple(path for path in kept(self.out) if path not in self._kept_before)

    def _write(self, parts: Mapping[Path, bytes]) -> bool:
        for path, data in parts.items():
            if not holds(path, data):
                keep_damaged(path, root=self.out)
        return write_all(parts, root=self.out)

    def _call_path(self, table: str, call_date: str, call_id: str) -> Path:
        return partition(self._folder(table), call_date) / call_part(call_id)

    def _bundled(self, call: Call) -> bool:
        """Whether this very call is stored already, together with others."""
        day = HeardDay(self.out, call.record.call_date)
        own = self._call_path("calls", call.record.call_date, call.record.call_id)
        try:
            return not exists(own) and day.bundle is not None and day.call(call.record.call_id) == call
        except StoreError:
            return False

    def _other_days(self, call: Call) -> list[str]:
        """Days that hold the same call: an id may come again on another day with another recording."""
        others = [d for d in self._days_of(call.record.call_id) if d != call.record.call_date]
        stored = [self.committed(call.record.call_id, day) for day in others]
        path = str(call.record.path)
        return [s.call_date for s in stored if s and (s.sha256 == call.sha256 or s.path == path)]

    def _expect_lock(self) -> None:
        if not self._locked:
            raise StoreError(
                f"{self.out}: not open for writing; expected to be inside `with store.writing():`"
            )
        if is_object(self.out):
            expect_held(self.out / LOCK)
