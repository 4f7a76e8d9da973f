"""Reviews and samples: whether they can be read, and say what they may say once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from pipeline.errors import StoreError
from pipeline.reviews import AGREE, OVERTURN
from pipeline.reviews.marks import reviews_from_table
from pipeline.store import StoreReader
from pipeline.store.ledgers import ledger_parts
from pipeline.store.parts import read_parts
from pipeline.tables import LEDGERS
from pipeline.verification.problems import Problem

BRING_BACK = "bring it back from a backup; without one, remove it and import or draw again what it held"
IMPORT_AGAIN = "remove the part and import its files again: callaudit review import"


def ledgers(store: StoreReader) -> Iterator[Problem]:
    """Name parts that cannot be read, and marks that no import would have taken."""
    for table in LEDGERS:
        seen: Counter[tuple[object, ...]] = Counter()
        for part in ledger_parts(store.out, table):
            try:
                rows = read_parts(table, [part])
                wrong = _wrong_marks(rows, seen) if table == "reviews" else ""
            except StoreError as error:
                yield Problem(part, str(error), BRING_BACK)
                continue
            except ValueError as error:  # a verdict that is none
                wrong = str(error)
            if wrong:
                yield Problem(part, wrong, IMPORT_AGAIN)


def _wrong_marks(rows: pa.Table, seen: Counter[tuple[object, ...]]) -> str:
    """Say what is wrong with the marks of a part; nothing when they are right."""
    marks = reviews_from_table(rows)
    odd = [m for m in marks if m.decision not in (AGREE, OVERTURN) or m.overturns != (m.decision == OVERTURN)]
    if odd:
        return f"{len(odd)} marks whose decision does not fit their verdicts; expected agree or overturn"
    before = seen.total() - len(seen)
    seen.update((*m.key, m.reviewer, m.reviewed_at, m.right_verdict, m.reason) for m in marks)
    twice = seen.total() - len(seen) - before
    return f"{twice} marks are there twice; expected each once" if twice else ""
