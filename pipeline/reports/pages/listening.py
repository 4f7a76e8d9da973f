"""Calls of an agent to listen to: a few, each with the reason why it was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from pipeline.reports.pages.addresses import call_page, finding_place
from pipeline.tables import escape, unescape

SURE = 0.8
"""Confidence from which a failure is sure enough to learn from."""

_FAILING = 3


class Why(StrEnum):
    """Why a call was chosen."""

    CRITICAL = "critical"
    COSTLY = "costly"
    TYPICAL = "typical"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A call to listen to.

    Attributes
    ----------
    target : str
        Path of its page, with the finding's place on it where it was chosen for one.
    rule_id : str or None
        The clause it was chosen for.
    score : float or None
        Of the call.
    """

    why: Why
    call_id: str
    call_date: str
    target: str
    score: float | None
    rule_id: str | None = None


def suggestions(judged: pd.DataFrame, proofs: pd.DataFrame) -> tuple[Suggestion, ...]:
    """Choose calls of one agent under one rulebook.

    Up to three with a sure failure, critical ones and those worth most first, each of another clause; the
    one whose score is nearest to the median; and the best one, if it is another and better.

    Parameters
    ----------
    judged : pandas.DataFrame
        The agent's calls, of `pipeline.reports.pages.overview.Overview.judged`.
    proofs : pandas.DataFrame
        The agent's surest failures.
    """
    scored = judged[judged["score"].notna()].sort_values(["call_date", "call_id"])
    chosen = _failing(scored, proofs)
    taken = {(s.call_date, escape(s.call_id)) for s in chosen}
    left = scored[[(d, c) not in taken for d, c in zip(scored["call_date"], scored["call_id"], strict=True)]]
    if len(left):
        distance = (left["score"] - scored["score"].median()).abs()
        typical = left.iloc[int(distance.to_numpy().argmin())]
        chosen.append(_suggestion(Why.TYPICAL, typical))
        best = left.iloc[int(left["score"].to_numpy().argmax())]
        if best["score"] > typical["score"]:
            chosen.append(_suggestion(Why.GOOD, best))
    return tuple(chosen)


def _failing(scored: pd.DataFrame, proofs: pd.DataFrame) -> list[Suggestion]:
    sure = proofs[proofs["confidence"] >= SURE]
    order = ["critical", "points", "confidence", "call_date", "call_id"]
    sure = sure.sort_values(order, ascending=[False, False, False, True, True])
    rows = sure.merge(scored[["call_date", "call_id", "score"]], on=["call_date", "call_id"])
    chosen: list[Suggestion] = []
    for row in rows.to_dict("records"):
        known = {s.rule_id for s in chosen} | {escape(s.call_id) for s in chosen}
        if row["rule_id"] not in known and row["call_id"] not in known:
            why = Why.CRITICAL if row["critical"] else Why.COSTLY
            call_id = unescape(row["call_id"])
            target = finding_place(row["call_date"], call_id, row["standard"], row["rule_id"])
            chosen.append(Suggestion(why, call_id, row["call_date"], target, row["score"], row["rule_id"]))
        if len(chosen) == _FAILING:
            break
    return chosen


def _suggestion(why: Why, row: pd.Series) -> Suggestion:
    call_id = unescape(row["call_id"])
    target = call_page(row["call_date"], call_id)
    return Suggestion(why, call_id, row["call_date"], target, float(row["score"]))
