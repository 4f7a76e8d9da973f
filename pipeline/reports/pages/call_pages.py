"""The pages of calls, stretch by stretch of a day, in whatever process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from pipeline.errors import StoreError
from pipeline.reports.pages.contents import CALL_PAGES
from pipeline.reports.pages.site import Site
from pipeline.reviews import Ledger, Reviewed, after_review
from pipeline.store import StoreReader, Stretch
from pipeline.tables import judgements_from_tables, unescape

CALLS_PER_STRETCH = 500
"""Calls whose judgements are held in memory at once."""


@dataclass(frozen=True, slots=True)
class WrittenCalls:
    """What writing the pages of a stretch came to.

    Attributes
    ----------
    calls : int
        With pages.
    unreadable : tuple of str
        Why other calls have none.
    """

    calls: int
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallWriter:
    """Writes the pages of calls; it may be sent to another process.

    Attributes
    ----------
    site : Site
    """

    site: Site

    def __call__(self, stretch: Stretch) -> WrittenCalls:
        """Write the pages of a stretch of a day, without what of it cannot be read back."""
        try:
            return WrittenCalls(self._write(stretch, (), ()))
        except StoreError:
            store = StoreReader(self.site.store)
            damaged = store.damaged(stretch.call_date)
            lost = store.damaged_judgements(stretch.call_date)
            if not damaged and not lost:
                raise
        return WrittenCalls(self._write(stretch, damaged, lost), (*damaged.values(), *lost.values()))

    def _write(self, stretch: Stretch, without: Collection[str], lost: Collection[str]) -> int:
        store = StoreReader(self.site.store)
        judged = _judgements(store, self.site, stretch, lost)
        written = 0
        for call in store.read_stretch(stretch, without=without):
            for write in CALL_PAGES:
                write(self.site, call, judged.get(call.record.call_id, ()))
            written += 1
        return written


def _judgements(
    store: StoreReader, site: Site, stretch: Stretch, lost: Collection[str]
) -> dict[str, list[Reviewed]]:
    """Return how the calls of a stretch were judged, by call, in the order of the site's rulebooks."""
    judged: dict[str, list[Reviewed]] = defaultdict(list)
    ledger = Ledger.of(store, call_date=stretch.call_date)
    stored = {*store.standards(stretch.call_date)} - {*lost}
    for standard in site.standards:
        if standard.name in stored:
            tables = []
            for name in ("scores", "findings"):
                rows = store.table(name, stretch.call_date, standard=standard.name)
                tables.append(
                    rows.filter(pa.array(_within(stretch, rows["call_id"].to_pylist()), pa.bool_()))
                )
            for judgement in judgements_from_tables(*tables):
                judged[judgement.call_id].append(after_review(judgement, stretch.call_date, ledger))
    return judged


def _within(stretch: Stretch, stored_ids: list[str]) -> list[bool]:
    first, stop = stretch.first, stretch.stop
    ids = map(unescape, stored_ids)
    return [(first is None or i >= first) and (stop is None or i < stop) for i in ids]
