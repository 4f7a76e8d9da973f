"""The calls that pages about many calls point to: those that people are most likely to open."""

from __future__ import annotations

from itertools import islice

import pandas as pd

from pipeline.reports.pages.listening import suggestions
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.review import DRAWN_SHOWN, drawn_of
from pipeline.reports.pages.site import Site

_GROUP = ["standard", "agent"]


def listed_calls(site: Site, overview: Overview) -> frozenset[tuple[str, str]]:
    """Return them by date and id: what waits, what was drawn, what shows a failure, what is to be heard."""
    proofs = dict(tuple(overview.proofs.fillna({"agent": ""}).groupby(_GROUP)))
    none = overview.proofs.iloc[:0]
    listed = {(one.call_date, one.call_id) for one in islice(drawn_of(site), DRAWN_SHOWN)}
    for key, judged in overview.judged.fillna({"agent": ""}).groupby(_GROUP):
        listed |= {(one.call_date, one.call_id) for one in suggestions(judged, proofs.get(key, none))}
    return frozenset(listed | _calls(overview.queue.rows) | _calls(overview.proofs))


def _calls(rows: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(rows["call_date"], rows["call_id"], strict=True))
