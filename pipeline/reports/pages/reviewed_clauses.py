"""Rates of clauses after review: how often a clause is decided and fails with what reviewers decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.call import Verdict
from pipeline.reports.pages.formats import is_absent
from pipeline.reviews import Review
from pipeline.tables import escape

_DECIDED = (Verdict.PASS, Verdict.FAIL)
_KEYS = ("agent_id", "team", "date", "standard", "rule_id")


@dataclass(slots=True)
class _Change:
    decided: int = 0
    failed: int = 0
    overturned: int = 0


def changes_of(marks: Iterable[Review], heard: pd.DataFrame) -> pd.DataFrame:
    """Return what reviewers changed, a row per overturned finding.

    Parameters
    ----------
    marks : iterable of Review
        Of one day, those that hold.
    heard : pandas.DataFrame
        The day's calls, as `pipeline.reports.pages.days` keeps them.

    Returns
    -------
    pandas.DataFrame
        What scorecards are told apart by (``agent_id``, ``team``, ``date``, ``standard``), ``rule_id``, and
        by how many the clause's calls ``decided`` and ``failed`` change.
    """
    overturned = [mark for mark in marks if mark.overturns]
    calls = heard.set_index("call_id")[["agent", "team", "call_date"]] if overturned else None
    rows = []
    for mark in overturned:
        call_id = escape(mark.call_id)
        if calls is not None and call_id in calls.index:
            decided = (mark.right_verdict in _DECIDED) - (mark.verdict in _DECIDED)
            failed = (mark.right_verdict is Verdict.FAIL) - (mark.verdict is Verdict.FAIL)
            rows.append((*calls.loc[call_id], mark.standard, mark.rule_id, decided, failed))
    return pd.DataFrame(rows, columns=[*_KEYS, "decided", "failed"])


def with_changes(cards: pd.DataFrame, changes: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return scorecards whose clauses count what holds after review.

    Each clause then also says how many of its findings were ``overturned``.

    Parameters
    ----------
    cards : pandas.DataFrame
        As `pipeline.scorecards.merge` adds them up by ``by``.
    changes : pandas.DataFrame
        Those of all days (`changes_of`).
    """
    if not len(changes):
        return cards
    keys = [*by, "standard"]
    found: dict[tuple[object, ...], dict[str, _Change]] = {}
    for row in changes.to_dict("records"):
        of_card = found.setdefault(tuple(_plain(row[key]) for key in keys), {})
        change = of_card.setdefault(row["rule_id"], _Change())
        change.decided += row["decided"]
        change.failed += row["failed"]
        change.overturned += 1
    of_rows = zip(*(map(_plain, cards[key]) for key in keys), strict=True)
    clauses = [
        _changed(stored, found[key]) if key in found else stored
        for key, stored in zip(of_rows, cards["clauses"], strict=True)
    ]
    return cards.assign(clauses=pd.Series(clauses, index=cards.index, dtype=object))


def after_review(findings: pd.DataFrame, marks: Iterable[Review]) -> pd.DataFrame:
    """Return findings with the verdicts after review; of those that people decided they are sure.

    Parameters
    ----------
    findings : pandas.DataFrame
        Of one day, with ``call_id``, ``standard``, ``rule_id``, ``verdict`` and ``confidence``.
    """
    right = {(escape(m.call_id), m.standard, m.rule_id): m.right_verdict.value for m in marks if m.overturns}
    if not right:
        return findings
    of_calls = findings["call_id"].isin([call_id for call_id, _, _ in right])
    keys = findings.loc[of_calls, ["call_id", "standard", "rule_id"]]
    known = [right.get(key) for key in keys.itertuples(index=False, name=None)]
    changed = pd.Series(known, index=keys.index, dtype=object).dropna()
    findings = findings.astype({"verdict": object})
    findings.loc[changed.index, "verdict"] = changed
    findings.loc[changed.index, "confidence"] = 1.0
    return findings


def _changed(stored: Iterable[Mapping[str, Any]], changes: Mapping[str, _Change]) -> list[Mapping[str, Any]]:
    clauses = {clause["rule_id"]: dict(clause) for clause in stored}
    for rule_id, change in changes.items():
        clause = clauses.setdefault(rule_id, {"rule_id": rule_id, "decided": 0, "failed": 0})
        clause["decided"] = max(0, clause["decided"] + change.decided)
        clause["failed"] = min(clause["decided"], max(0, clause["failed"] + change.failed))
        clause["overturned"] = change.overturned
    return list(clauses.values())


def _plain(value: object) -> object:
    return None if is_absent(value) else value
