"""Draws in the table ``samples``, and as a file for graders."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from pipeline.sampling.plans import Plan
from pipeline.sampling.population import KEY
from pipeline.spreadsheets import neutral
from pipeline.store import Store, StoreReader
from pipeline.store.files import hashed
from pipeline.tables import escape, rows_of, unescape
from pipeline.tables.columns import fields_for, table_of_columns

_CELLS = ("call_id", "call_date", "standard", "rule_id", "title", "start_s", "end_s", "path")
GRADING = (*_CELLS, "verdict", "grader")
"""Columns of the file for graders; `pipeline.calibration.read_labels` reads it when it is filled in."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One finding that was drawn, as the table ``samples`` has it.

    Attributes
    ----------
    draw_id : str
        The same for all findings of one draw.
    verdict : str
        The audit's when it was drawn.
    probability : float
        Chance to be drawn, above 0, up to 1.
    """

    draw_id: str
    call_id: str
    call_date: str
    standard: str
    rule_id: str
    verdict: str
    stratum: str
    probability: float
    sha256: str
    rulebook_hash: str


def drawn_findings(store: StoreReader) -> tuple[Drawn, ...]:
    """Return all that was ever drawn, in the order of drawing.

    Raises
    ------
    StoreError
        When a part of the table is damaged.
    """
    return tuple(Drawn(**fields_for(Drawn, row)) for row in rows_of(store.ledger("samples")))


def add_draw(store: Store, plan: Plan, drawn: pd.DataFrame, *, now: datetime | None = None) -> str:
    """Store a draw unless it is there, and return its id.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.
    drawn : pandas.DataFrame
        From `draw`.
    """
    keys = [*KEY, "verdict", "stratum", "probability", "sha256", "rulebook_hash"]
    draw_id = hashed(f"{plan} {drawn[keys].to_numpy().tolist()}")
    if any(one.draw_id == draw_id for one in drawn_findings(store)):
        return draw_id
    size = len(drawn)
    columns = {
        **{name: drawn[name].tolist() for name in keys},
        "call_id": [unescape(call_id) for call_id in drawn["call_id"]],
        "agent_id": [None if pd.isna(who) else unescape(who) for who in drawn["agent"]],
        "draw_id": [draw_id] * size,
        "seed": [plan.seed] * size,
        "per_agent": [plan.per_agent] * size,
        "drawn_at": [now or datetime.now(UTC)] * size,
    }
    store.add("samples", table_of_columns("samples", columns))
    return draw_id


def grading_csv(drawn: pd.DataFrame, title_of: Callable[[str, str], str]) -> str:
    """Return a draw as a CSV file for graders, call by call.

    Verdict, reason and stratum are left out: who knows what the audit says grades otherwise.

    Parameters
    ----------
    drawn : pandas.DataFrame
        From `draw`.
    title_of : callable
        The title of a clause by standard and ``rule_id``.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(GRADING)
    for row in drawn.to_dict("records"):
        row |= {name: unescape(row[name]) for name in ("call_id", "path")}
        row["title"] = title_of(row["standard"], row["rule_id"])
        row |= {name: "" if pd.isna(row[name]) else f"{row[name]:.1f}" for name in ("start_s", "end_s")}
        # Undecodable bytes of a file name cannot be written as they are.
        cells = [escape(neutral(str(row[name]))) for name in _CELLS]
        writer.writerow([*cells, "", ""])
    return text.getvalue()
