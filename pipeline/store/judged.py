"""What judging a day came to, and its scorecards, as the bytes of part files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import StoreError
from pipeline.store.files import SMALL_ROWS, encode
from pipeline.tables import SCHEMAS, Judgement, finding_table, score_table

JUDGEMENTS_PER_GROUP = 500
"""Judgements held as values, and the calls of a row group: a day of any size takes the same memory."""

INPUTS = b"inputs"
"""Metadata of a part of scorecards: the state of the parts they were made from."""


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """How calls of one day were judged under one rulebook, ready to be written.

    Attributes
    ----------
    standard : str
        The rulebook's name.
    judgements : int
        How many calls were judged; with none, what is stored is to be removed.
    findings, scores : bytes
        Parquet files, in order of the calls' ids.
    """

    standard: str
    judgements: int
    findings: bytes = b""
    scores: bytes = b""

    @classmethod
    def of(cls, standard: str, judgements: Iterable[Judgement]) -> JudgedPart:
        """Encode judgements.

        Raises
        ------
        StoreError
            When one is of another rulebook, or a value has no place in the tables.
        """
        rows = JudgedRows(standard)
        for judgement in sorted(judgements, key=lambda j: j.call_id):
            rows.add(judgement)
        return rows.part()

    @classmethod
    def joined(cls, parts: Sequence[JudgedPart]) -> JudgedPart:
        """Return parts of one day and rulebook, in order of the calls' ids, as one."""
        filled = [part for part in parts if part.judgements]
        if len(filled) < 2:
            return filled[0] if filled else parts[0]
        findings, scores = EncodedTable("findings"), EncodedTable("scores")
        for part in filled:
            for encoded, data in ((findings, part.findings), (scores, part.scores)):
                with pq.ParquetFile(pa.BufferReader(data)) as file:
                    for group in range(file.num_row_groups):
                        encoded.add(file.read_row_group(group, use_threads=False))
        made = sum(part.judgements for part in filled)
        return cls(parts[0].standard, made, findings.bytes(), scores.bytes())


@dataclass(frozen=True, slots=True)
class ScoredDay:
    """The scorecards of a day, and its scores after review, ready to be written.

    Attributes
    ----------
    cards : int
        How many.
    data : bytes
        A Parquet file; empty when there are none, and what is stored is to be removed.
    unreadable : tuple of str
        Why some of what was to be added up is not in it.
    reviewed : bytes
        The same of the table ``reviewed_scores``.
    """

    call_date: str
    cards: int
    data: bytes = b""
    unreadable: tuple[str, ...] = ()
    reviewed: bytes = b""

    @classmethod
    def of(
        cls,
        call_date: str,
        cards: pa.Table,
        *,
        inputs: str = "",
        unreadable: tuple[str, ...] = (),
        reviewed: pa.Table | None = None,
    ) -> ScoredDay:
        """Encode scorecards.

        Parameters
        ----------
        cards : pyarrow.Table
            What ``scorecards.daily`` makes of that day.
        inputs : str
            The state of what they were made from, as :meth:`StoreReader.state` tells it.
        unreadable : tuple of str
            Why some of it could not be read: the day is then added up again the next time.
        reviewed : pyarrow.Table or None
            The day's rows of ``reviewed_scores``.

        Raises
        ------
        StoreError
            When the columns are not those of the table.
        """
        if not cards.schema.equals(SCHEMAS["scorecards"], check_metadata=True):
            raise StoreError("these are no scorecards as the table 'scorecards' describes them")
        after = encode(reviewed) if reviewed is not None and len(reviewed) else b""
        if not len(cards):
            return cls(call_date, 0, b"", unreadable, after)
        state = b"" if unreadable else inputs.encode()
        known = cards.replace_schema_metadata({**cards.schema.metadata, INPUTS: state})
        return cls(call_date, len(cards), encode(known), unreadable, after)


class JudgedRows:
    """Takes judgements under one rulebook, in order of the calls' ids, and encodes them as they come."""

    def __init__(self, standard: str) -> None:
        self.standard = standard
        self._judgements = 0
        self._waiting: list[Judgement] = []
        self._findings = EncodedTable("findings")
        self._scores = EncodedTable("scores")

    def add(self, judgement: Judgement) -> None:
        """Take one.

        Raises
        ------
        StoreError
            When it is of another rulebook, or a value has no place in the tables.
        """
        if judgement.score.standard != self.standard:
            raise StoreError(f"judgements under {judgement.score.standard}; expected only {self.standard}")
        self._judgements += 1
        self._waiting.append(judgement)
        if len(self._waiting) == JUDGEMENTS_PER_GROUP:
            self._encode()

    def part(self) -> JudgedPart:
        """Return all that were taken."""
        if not self._judgements:
            return JudgedPart(self.standard, 0)
        self._encode()
        return JudgedPart(self.standard, self._judgements, self._findings.bytes(), self._scores.bytes())

    def _encode(self) -> None:
        self._findings.add(finding_table(self._waiting))
        self._scores.add(score_table(self._waiting))
        self._waiting = []


class EncodedTable:
    """A Parquet file in memory that grows by row groups; of few rows, one as `encode` makes it."""

    def __init__(self, table: str) -> None:
        self._schema = SCHEMAS[table]
        self._first: list[pa.Table] = []
        self._sink: pa.BufferOutputStream | None = None
        self._writer: pq.ParquetWriter | None = None

    def add(self, rows: pa.Table) -> None:
        """Take the next rows, as a row group of their own unless all are few."""
        if self._writer is None and sum(map(len, self._first)) + len(rows) <= SMALL_ROWS:
            self._first.append(rows)
            return
        if self._writer is None:
            self._sink = pa.BufferOutputStream()
            self._writer = pq.ParquetWriter(
                self._sink, self._schema, compression="zstd", write_page_checksum=True
            )
        for table in (*self._first, rows):
            self._writer.write_table(table, row_group_size=max(1, len(table)))
        self._first = []

    def bytes(self) -> bytes:
        """Close the file and return it."""
        if self._writer is None or self._sink is None:
            return encode(pa.concat_tables([self._schema.empty_table(), *self._first]))
        self._writer.close()
        data: bytes = self._sink.getvalue().to_pybytes()
        return data
