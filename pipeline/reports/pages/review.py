"""The page of what waits for a person: open and doubtful findings, and what was drawn for graders."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.reports.pages.addresses import REVIEW, call_page, finding_anchor
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.queue import DOUBTFUL_BELOW
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standards import Clause, Standard
from pipeline.reports.reasons import reason_in
from pipeline.store import StoreReader
from pipeline.tables import unescape

DRAWN_SHOWN = 400
"""Drawn findings that the page lists, of the draws made last."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A finding that waits, as the page lists it.

    Attributes
    ----------
    target : str
        The page and the place on it.
    reason : str
        In the page's language.
    """

    call_id: str
    call_date: str
    agent: str | None
    team: str | None
    standard: Standard
    clause: Clause
    verdict: str
    confidence: float
    reason: str
    target: str
    key: dict[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding drawn for graders, with the chance it had."""

    call_id: str
    call_date: str
    agent: str | None
    standard: Standard
    clause: Clause
    verdict: str
    stratum: str
    probability: float
    drawn_on: str
    target: str


def write_review_page(site: Site, overview: Overview) -> None:
    """Write the page."""
    drawn = list(drawn_of(site))
    site.write(
        REVIEW,
        "review.html.jinja",
        waiting=[_waiting(site, row) for row in overview.queue.rows.to_dict("records")],
        queue=overview.queue,
        doubtful_below=DOUBTFUL_BELOW,
        drawn=drawn[:DRAWN_SHOWN],
        drawn_left=max(0, len(drawn) - DRAWN_SHOWN),
        drawn_damaged=bool(StoreReader(site.store).damaged_ledger("samples")),
    )


def _waiting(site: Site, row: Mapping[Hashable, object]) -> Waiting:
    text = {name: str(row[name]) for name in ("call_id", "call_date", "standard", "rule_id", "verdict")}
    standard = site.standard(text["standard"])
    call_id = unescape(text["call_id"])
    return Waiting(
        call_id,
        text["call_date"],
        _agent(row),
        unescape(str(row["team"])) if isinstance(row.get("team"), str) else None,
        standard,
        standard.clause(text["rule_id"]),
        text["verdict"],
        float(str(row["confidence"])),
        reason_in(str(row["reason"]), site.language),
        _target(text["call_date"], call_id, text["standard"], text["rule_id"]),
        text | {name: str(row[name]) for name in ("sha256", "rulebook_hash")},
    )


def _agent(row: Mapping[Hashable, object]) -> str | None:
    names = [row.get("agent_name"), row.get("agent")]
    known = list(dict.fromkeys(unescape(name) for name in names if isinstance(name, str) and name))
    return " ".join(known) or None


def _target(call_date: str, call_id: str, standard: str, rule_id: str) -> str:
    return f"{call_page(call_date, call_id)}#{finding_anchor(standard, rule_id)}"


def drawn_of(site: Site) -> Iterator[Drawn]:
    """Yield what was drawn of the site's days, the draw made last first, without what cannot be read."""
    store = StoreReader(site.store)
    rows = store.ledger("samples", without=store.damaged_ledger("samples"))
    if not rows.num_rows:
        return
    names = [standard.name for standard in site.standards]
    frame: pd.DataFrame = rows.to_pandas()
    frame = frame[frame["call_date"].isin(site.days) & frame["standard"].isin(names)]
    frame = frame.sort_values("drawn_at", ascending=False, kind="stable")
    for row in frame.to_dict("records"):
        call_id, standard = unescape(row["call_id"]), site.standard(row["standard"])
        yield Drawn(
            call_id,
            row["call_date"],
            unescape(row["agent_id"]) if isinstance(row["agent_id"], str) else None,
            standard,
            standard.clause(row["rule_id"]),
            row["verdict"],
            row["stratum"],
            row["probability"],
            row["drawn_at"].date().isoformat(),
            _target(row["call_date"], call_id, row["standard"], row["rule_id"]),
        )
