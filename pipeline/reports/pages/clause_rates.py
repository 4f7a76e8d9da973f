"""How often clauses fail, with intervals, and calls that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.estimates import Estimate, share, share_difference
from pipeline.reports.pages.addresses import finding_place
from pipeline.reports.pages.cards import Counted
from pipeline.reports.pages.formats import is_absent
from pipeline.reports.pages.standards import Clause, Standard
from pipeline.reports.pages.standing import Standing, standing
from pipeline.tables import unescape

PROOFS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """A call that failed a clause.

    Attributes
    ----------
    target : str
        Path of the page, with the finding's place on it.
    confidence : float
        How sure the failure is, 0..1.
    """

    call_id: str
    call_date: str
    agent: str | None
    target: str
    confidence: float


NONE = Estimate(None)


@dataclass(frozen=True, slots=True)
class ClauseRate:
    """How often a clause fails.

    Attributes
    ----------
    rate : Estimate
        Failed of decided calls, 0..1.
    difference : Estimate
        How much higher that is than in all other calls; empty for all calls together.
    standing : Standing
        What the difference says: ``above`` is worse.
    proofs : tuple of Proof
        Calls that failed it, surest first.
    """

    clause: Clause
    counted: Counted
    rate: Estimate
    difference: Estimate = NONE
    standing: Standing = Standing.FEW
    proofs: tuple[Proof, ...] = ()


def clause_rates(
    standard: Standard, counts: Mapping[str, Counted], proofs: Mapping[str, tuple[Proof, ...]]
) -> tuple[ClauseRate, ...]:
    """Return every decided clause, those that fail most surely first.

    A clause that failed in one call of one is not worse than one that failed in nine of ten: they are in the
    order of their intervals' lower ends.
    """
    rates = [
        ClauseRate(
            standard.clause(rule_id),
            counted,
            share(counted.failed, counted.decided),
            proofs=proofs.get(rule_id, ()),
        )
        for rule_id, counted in counts.items()
        if counted.decided
    ]
    return tuple(sorted(rates, key=lambda r: (-(r.rate.low or 0.0), -r.counted.failed, r.clause.rule_id)))


def beside_others(rates: Sequence[ClauseRate], whole: Mapping[str, Counted]) -> tuple[ClauseRate, ...]:
    """Return the rates with their differences from all other calls, in the order given."""
    return tuple(_beside(rate, whole) for rate in rates)


def _beside(rate: ClauseRate, whole: Mapping[str, Counted]) -> ClauseRate:
    own, every = rate.counted, whole[rate.clause.rule_id]
    decided, failed = every.decided - own.decided, every.failed - own.failed
    difference = share_difference(own.failed, own.decided, failed, decided)
    return replace(rate, difference=difference, standing=standing(difference, min(own.decided, decided)))


def weakest(rates: Sequence[ClauseRate], limit: int) -> tuple[ClauseRate, ...]:
    """Return the clauses that clearly fail more often than in other calls, the clearest first."""
    worse = [rate for rate in rates if rate.standing is Standing.ABOVE]
    return tuple(sorted(worse, key=lambda r: (-(r.difference.low or 0.0), r.clause.rule_id))[:limit])


def proofs_by_clause(rows: pd.DataFrame, limit: int = PROOFS_SHOWN) -> dict[str, tuple[Proof, ...]]:
    """Return the first calls of each clause.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `pipeline.reports.pages.overview.Overview.proofs`, of one rulebook, in its order.
    """
    first = rows.groupby("rule_id", sort=False).head(limit)
    found: dict[str, list[Proof]] = {}
    for row in first.to_dict("records"):
        call_id = unescape(row["call_id"])
        target = finding_place(row["call_date"], call_id, row["standard"], row["rule_id"])
        agent = None if is_absent(row["agent"]) else unescape(row["agent"])
        proof = Proof(call_id, row["call_date"], agent, target, float(row["confidence"]))
        found.setdefault(row["rule_id"], []).append(proof)
    return {rule_id: tuple(proofs) for rule_id, proofs in found.items()}
