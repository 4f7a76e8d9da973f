"""What a report keeps of a day: a row per judged call, and which clauses failed where, in columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import StoreError
from pipeline.reports.pages.queue import DayQueue, day_queue
from pipeline.reports.pages.reviewed_clauses import after_review, changes_of
from pipeline.reviews import Ledger, Review
from pipeline.reviews.ledger import judgements_of
from pipeline.store import StoreReader
from pipeline.tables import DIMENSIONS

PROOFS = 3
"""Failing calls kept of each clause and agent: those it failed most surely."""

_CALLS = ("call_id", "agent_id", "agent_name", "team", "started_at_local", "duration_s", "hearing_quality")
_SCORES = (
    "call_id",
    "standard",
    "score",
    "score_before_critical",
    "critical_failures",
    *DIMENSIONS,
    "status",
)
_FINDINGS = ("call_id", "standard", "rule_id", "verdict", "confidence", "points", "critical")
_MEASURES = ("gross_pace", "net_pace")


@dataclass(frozen=True, slots=True)
class DayColumns:
    """What is kept of a day; ids and names in it are as they are stored.

    Attributes
    ----------
    call_date : str
    heard : pandas.DataFrame
        A row per call: `_CALLS`, ``agent`` (its id; the name where there is no id) and the paces.
    judged : pandas.DataFrame
        A row per call and rulebook: the scores.
    verdicts : pandas.DataFrame
        How often a verdict was given, by ``standard``, ``rule_id`` and ``verdict``.
    proofs : pandas.DataFrame
        The surest failures after review, by ``standard``, ``rule_id`` and ``agent``.
    queue : DayQueue
        What waits for a person.
    marks : tuple of Review
        Of reviewers; those that hold for findings as they are now.
    changes : pandas.DataFrame
        What they change of the rates of clauses (`pipeline.reports.pages.reviewed_clauses`).
    unreadable : tuple of str
        Why other calls and rulebooks are not in it.
    """

    call_date: str
    heard: pd.DataFrame
    judged: pd.DataFrame
    verdicts: pd.DataFrame
    proofs: pd.DataFrame
    queue: DayQueue
    changes: pd.DataFrame
    marks: tuple[Review, ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayReader:
    """Reads days; it may be sent to another process.

    Attributes
    ----------
    out : Path
        The store.
    standards : tuple of str
        Rulebooks that are wanted.
    """

    out: Path
    standards: tuple[str, ...]

    def __call__(self, call_date: str) -> DayColumns:
        """Read a day, without those of its calls and rulebooks that cannot be read back."""
        store = StoreReader(self.out)
        try:
            return self._read(store, call_date, {}, {})
        except StoreError:
            damaged, lost = store.damaged(call_date), store.damaged_judgements(call_date)
            if not damaged and not lost:
                raise
        return self._read(store, call_date, damaged, lost)

    def _read(
        self, store: StoreReader, call_date: str, damaged: dict[str, str], lost: dict[str, str]
    ) -> DayColumns:
        heard = _heard(store, call_date, damaged)
        marks = _marks(store, call_date, lost)
        judged = _frame(store.table("scores", call_date, columns=_SCORES, without_standards=lost))
        judged = judged[judged["standard"].isin(self.standards) & judged["call_id"].isin(heard["call_id"])]
        encoded = ["call_id", "standard", "rule_id", "verdict"]
        findings = store.table(
            "findings", call_date, columns=_FINDINGS, encoded=encoded, without_standards=lost
        ).to_pandas()
        findings = findings[findings["standard"].isin(self.standards)]
        counts = findings.groupby(["standard", "rule_id", "verdict"], observed=True).size()
        return DayColumns(
            call_date,
            heard,
            judged.reset_index(drop=True),
            counts.rename("findings").reset_index().astype({"standard": str, "rule_id": str, "verdict": str}),
            _proofs(after_review(findings, marks), heard),
            day_queue(store, call_date, [s for s in self.standards if s not in lost], heard, marks),
            changes_of(marks, heard),
            marks,
            (*damaged.values(), *lost.values()),
        )


def _marks(store: StoreReader, call_date: str, lost: Collection[str]) -> tuple[Review, ...]:
    """Return the marks that hold for findings of a day."""
    ledger = Ledger.of(store, call_date=call_date)
    held = (
        ledger.holding(call_date, judgement, finding)
        for judgement in judgements_of(store, call_date, ledger.calls(call_date), without_standards=lost)
        for finding in judgement.findings
    )
    return tuple(mark for mark in held if mark is not None)


def _heard(store: StoreReader, call_date: str, without: Collection[str]) -> pd.DataFrame:
    heard = _frame(store.table("calls", call_date, columns=_CALLS, without=without))
    heard["agent"] = heard["agent_id"].where(heard["agent_id"].notna(), heard["agent_name"])
    heard["call_date"] = call_date
    measured = store.table(
        "measurements",
        call_date,
        columns=("call_id", "name", "role", "value", "unit"),
        encoded=["call_id", "name", "role", "unit"],
        without=without,
    )
    for name in _MEASURES:
        of_agent = pc.and_(pc.equal(measured["role"], "agent"), pc.equal(measured["unit"], "chars/min"))
        rows = measured.filter(pc.and_(pc.equal(measured["name"], name), of_agent))
        value = pd.Series(rows["value"].to_numpy(), index=rows["call_id"].to_pylist(), dtype=float)
        heard[name] = heard["call_id"].map(value[~value.index.duplicated()])
    return heard


def _frame(table: pa.Table) -> pd.DataFrame:
    """Return rows with ids and names as they are stored: pandas takes no undecodable bytes."""
    frame: pd.DataFrame = table.to_pandas()
    for name in ("call_id", "agent_id", "agent_name", "team"):
        if name in frame:
            texts = [v if isinstance(v, str) else None for v in frame[name]]
            frame[name] = pd.Series(texts, dtype=object)
    return frame


def _proofs(findings: pd.DataFrame, heard: pd.DataFrame) -> pd.DataFrame:
    """Return the surest failures of each clause and agent."""
    failed = findings[findings["verdict"] == "fail"]
    failed = failed.astype({"call_id": str, "standard": str, "rule_id": str}).drop(columns="verdict")
    failed = failed.merge(heard[["call_id", "call_date", "agent", "team"]], on="call_id")
    failed = failed.sort_values(["confidence", "call_id"], ascending=[False, True])
    return surest(failed)


def surest(failed: pd.DataFrame) -> pd.DataFrame:
    """Return the first failures of each clause and agent, in the order given."""
    return failed.groupby(["standard", "rule_id", "agent"], dropna=False, sort=False).head(PROOFS)
