"""The questions of docs/queries.md, asked with pandas and with DuckDB on the stored example."""

from __future__ import annotations

import ast
import math
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.tables import PARTITION, SCHEMAS
from pipeline.tables.schemas import UNPARTITIONED

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))

_MORNING = datetime(2026, 11, 2, 9, tzinfo=UTC)
_MARK = {"call_id": "c1", "call_date": "2026-10-09", "standard": "s", "rule_id": "R1", "decision": "agree"}
_OVERTURNED = {"score_after_review": 80.0, "score": 60.0, "standard": "s", "call_id": "c1"}
MADE: dict[str, list[dict[str, Any]]] = {
    "failures": [
        {"path": "a.wav", "stage": "audio", "reason": "no sound"},
        {"path": "b.wav", "stage": "audio", "reason": "no sound"},
        {"path": "c.wav", "stage": "intake", "reason": "no name"},
    ],
    "reviews": [
        _MARK | {"reviewed_at": _MORNING, "imported_at": _MORNING},
        _MARK | {"decision": "overturn", "reviewed_at": _MORNING.replace(hour=10), "imported_at": _MORNING},
        _MARK | {"rule_id": "R2", "reviewed_at": _MORNING, "imported_at": _MORNING},
    ],
    "reviewed_scores": [_OVERTURNED, _OVERTURNED | {"call_id": "c2", "score": None}],
    "samples": [
        {"draw_id": "d", "stratum": "risky", "call_id": "c1", "probability": 0.5},
        {"draw_id": "d", "stratum": "risky", "call_id": "c2", "probability": 0.1},
    ],
}
"""Tables that the example does not have."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "data" / "example", folder / "audit")
    for table, rows in MADE.items():
        inside = Path(table) if table in UNPARTITIONED else Path(table) / f"{PARTITION}=2026-10-09"
        (folder / "audit" / inside).mkdir(parents=True)
        of = pa.Table.from_pylist(rows, pa.schema([f.with_nullable(True) for f in SCHEMAS[table]]))
        pq.write_table(of, folder / "audit" / inside / "part-0.parquet")
    return folder


def _code(table: str, language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", SECTIONS[table], re.DOTALL)
    return str(code)


def _value(code: str) -> pd.DataFrame:
    """Run code and return what its last line comes to."""
    *before, last = ast.parse(code).body
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {}
    exec(compile(ast.Module(before, []), "queries.md", "exec"), names)
    found = eval(compile(ast.Expression(last.value), "queries.md", "eval"), names)
    assert isinstance(found, pd.DataFrame)
    return found


def _rows(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return sorted(tuple(_cell(value) for value in row) for row in frame.itertuples(index=False))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "none" if math.isnan(value) else f"{value:.6g}"
    return str(value).removesuffix(" 00:00:00")  # DuckDB takes days for dates


def test_every_table_has_its_question() -> None:
    assert set(SECTIONS) == set(SCHEMAS)


@pytest.mark.parametrize("table", SECTIONS)
def test_pandas_and_duckdb_answer_alike(table: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    by_pandas, by_duckdb = _value(_code(table, "python")), duckdb.sql(_code(table, "sql")).df()
    assert len(by_pandas) > 0
    assert _rows(by_pandas) == _rows(by_duckdb)
    assert f"audit/{table}" in _code(table, "python")
    assert f"audit/{table}/" in _code(table, "sql")


def test_the_tables_page_leads_there() -> None:
    assert "(queries.md)" in (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
