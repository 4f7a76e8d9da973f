"""What a night would do now, without doing it: no recording is opened and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.call import CallRecord
from pipeline.nightly.gathering import Gathered, gather
from pipeline.nightly.night import free_bytes, limits_of, make_setups
from pipeline.nightly.reading import NightConfig
from pipeline.nightly.retention import Purge, days_before, purge
from pipeline.nightly.summary import past_nights, seconds_per_byte
from pipeline.store import Store

NIGHTS_MEASURED = 7
"""The time a night takes is estimated from as many nights before it."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source: calls to hear, calls stored, inputs refused, recordings passed over."""

    name: str
    new: int
    new_bytes: int
    known: int
    refused: int
    unsettled: int
    too_old: int
    problem: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NightPlan:
    """A night that was not begun.

    Attributes
    ----------
    sources : tuple of SourcePlan
    purge : Purge or None
        What would be removed.
    hours : float or None
        Estimated from the nights before; None when none has heard anything.
    """

    sources: tuple[SourcePlan, ...]
    workers: int
    free_bytes: int
    before: date | None
    purge: Purge | None
    hours: float | None


def plan_night(config: NightConfig) -> NightPlan:
    """Say what a night would do.

    A call counts as known when it is stored from the same place under the same settings; its content is
    compared only when the night runs.

    Raises
    ------
    WeightsError
        When the recogniser's weights are not found.
    """
    store = Store(config.out)
    workers, setups = make_setups(config)
    limits = limits_of(config)
    sources = tuple(
        _source_plan(found, store, setup.hearing_key)
        for found, setup in zip(gather(config, limits), setups, strict=True)
    )
    kept = config.keys.retention
    removed = None
    if kept.tables_days:
        removed = purge(
            store,
            days_before(kept.tables_days),
            scorecards=not kept.scorecards,
            clips=config.clips,
            dry_run=True,
        )
    rate = seconds_per_byte(list(islice(past_nights(config.out), NIGHTS_MEASURED)))
    hours = None if rate is None else rate * sum(s.new_bytes for s in sources) / 3600
    return NightPlan(sources, workers, free_bytes(config.out), limits.before, removed, hours)


def _source_plan(found: Gathered, store: Store, hearing_key: str) -> SourcePlan:
    new = [record for record in found.intake.records if not _is_stored(record, store, hearing_key)]
    return SourcePlan(
        name=found.source.name,
        new=len(new),
        new_bytes=_bytes(new),
        known=len(found.intake.records) - len(new),
        refused=len(found.intake.failures),
        unsettled=found.unsettled,
        too_old=found.too_old,
        problem=found.problem,
        notes=found.intake.notes,
    )


def _is_stored(record: CallRecord, store: Store, hearing_key: str) -> bool:
    stored = store.heard(record.call_id, record.call_date)
    return stored is not None and (stored.hearing_key, stored.path) == (hearing_key, str(record.path))


def _bytes(records: Iterable[CallRecord]) -> int:
    legs = (path for r in records for path in (r.path, r.customer_path) if path is not None)
    return sum(path.stat().st_size for path in legs if path.exists())
