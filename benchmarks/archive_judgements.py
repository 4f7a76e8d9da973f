"""Judgements for a synthetic archive, for measuring scorecards without judging.

A new call gets the findings and scores of the heard call it is made from, as they were stored; in a tenth of
the findings the verdict is that of another call on the same clause. They are as many, as long and as varied
over agents and clauses as real ones, but no rulebook has made them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.store import JudgedPart, StoreReader
from pipeline.store.judged import JUDGEMENTS_PER_GROUP, EncodedTable
from pipeline.tables import SCHEMAS

CHANGED = 0.1

Numbers = NDArray[np.int64]


class Judgements:
    """The judgements of the heard calls, as columns by rulebook."""

    def __init__(self, stores: Sequence[Path], calls: pa.ChunkedArray) -> None:
        readers = [StoreReader(store) for store in stores]
        self.rows: dict[str, dict[str, tuple[pa.Table, Numbers]]] = {}
        for table in ("findings", "scores"):
            rows = pa.concat_tables([t for r in readers for t in r.tables(table)]).select(
                SCHEMAS[table].names
            )
            for standard in pc.unique(rows["standard"]).to_pylist():
                of = rows.filter(pc.equal(rows["standard"], standard))
                call = pc.index_in(of["call_id"], value_set=calls.combine_chunks()).to_numpy()
                of = of.take(pa.array(np.argsort(call, kind="stable"))).combine_chunks()
                bounds = np.searchsorted(np.sort(call), np.arange(len(calls) + 1))
                self.rows.setdefault(standard, {})[table] = of, bounds

    def parts(
        self, base: Numbers, ids: pa.Array, hashes: pa.Array, random: np.random.Generator
    ) -> Iterator[JudgedPart]:
        """Yield the parts of a day whose calls are made from ``base``."""
        for standard, tables in self.rows.items():
            encoded = {table: EncodedTable(table) for table in tables}
            for start in range(0, len(base), JUDGEMENTS_PER_GROUP):
                wanted = base[start : start + JUDGEMENTS_PER_GROUP]
                for table, (rows, bounds) in tables.items():
                    counts = bounds[wanted + 1] - bounds[wanted]
                    owner = np.repeat(np.arange(len(wanted)), counts)
                    first = np.repeat(np.cumsum(counts) - counts, counts)
                    places = np.arange(len(owner)) - first + bounds[wanted][owner]
                    new = rows.take(pa.array(places))
                    for name, values in (("call_id", ids), ("sha256", hashes)):
                        column = values.take(pa.array(owner + start))
                        new = new.set_column(new.column_names.index(name), new.field(name), column)
                    encoded[table].add(_varied(new, random) if table == "findings" else new)
            yield JudgedPart(standard, len(base), encoded["findings"].bytes(), encoded["scores"].bytes())


def _varied(findings: pa.Table, random: np.random.Generator) -> pa.Table:
    """Give some findings the verdict of another on the same clause."""
    rule = findings["rule_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.argsort(rule, kind="stable")
    size = np.bincount(rule)
    first = np.cumsum(size) - size
    other = order[first[rule] + (random.random(len(rule)) * size[rule]).astype(np.int64)]
    taken = np.where(random.random(len(rule)) < CHANGED, other, np.arange(len(rule)))
    place = findings.column_names.index("verdict")
    verdicts = findings["verdict"].take(pa.array(taken))
    return findings.set_column(place, findings.field("verdict"), verdicts)
