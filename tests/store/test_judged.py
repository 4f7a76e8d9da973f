"""Judgements are encoded as they come: however they come, the rows are the same."""

from __future__ import annotations

import made_calls as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import StoreError
from pipeline.store import JudgedPart, judged
from pipeline.tables import SCHEMAS, Judgement


def judgements(count: int) -> list[Judgement]:
    return [
        made.judgement(
            made.call(f"c{n:03}"), float(n % 100), *(made.finding(f"R{r}", "pass") for r in range(20))
        )
        for n in range(count)
    ]


def rows(data: bytes) -> pa.Table:
    return pq.read_table(pa.BufferReader(data))


def test_many_judgements_are_row_groups_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    made_now = judgements(250)
    whole = JudgedPart.of(made.STANDARD, made_now)
    monkeypatch.setattr(judged, "JUDGEMENTS_PER_GROUP", 80)
    divided = JudgedPart.of(made.STANDARD, reversed(made_now))
    assert pq.ParquetFile(pa.BufferReader(divided.findings)).num_row_groups == 4
    for table in ("findings", "scores"):
        read = rows(getattr(divided, table))
        assert read.equals(rows(getattr(whole, table)))
        assert read.schema.equals(SCHEMAS[table], check_metadata=True)


def test_parts_of_a_day_are_joined_in_order() -> None:
    made_now = judgements(250)
    cuts = (made_now[:100], [], made_now[100:130], made_now[130:])
    parts = [JudgedPart.of(made.STANDARD, some) for some in cuts]
    joined, whole = JudgedPart.joined(parts), JudgedPart.of(made.STANDARD, made_now)
    assert joined.judgements == 250
    assert rows(joined.findings).equals(rows(whole.findings))
    assert rows(joined.scores).equals(rows(whole.scores))
    assert JudgedPart.joined(parts[1:2]) == JudgedPart(made.STANDARD, 0)


def test_a_value_without_a_place_is_refused() -> None:
    wrong = made.judgement(made.call(), 80.0, made.finding("R1", "pass", confidence=float("nan")))
    with pytest.raises(StoreError, match="confidence is NaN"):
        JudgedPart.of(made.STANDARD, [wrong])
