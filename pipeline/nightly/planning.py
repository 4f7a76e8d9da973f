"""What a night would do now, without doing it: no recording is opened and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.audit.known_failures import KnownFailures
from pipeline.call import CallRecord
from pipeline.nightly.course import free_bytes
from pipeline.nightly.gathering import Gathered, gather
from pipeline.nightly.night import limits_of, make_setups
from pipeline.nightly.reading import NightConfig
from pipeline.nightly.retention import Purge, days_before, purge
from pipeline.nightly.summary import past_nights, seconds_per_byte
from pipeline.store import Store
from pipeline.verification.parts import unreadable_failures

NIGHTS_MEASURED = 7
"""The time a night takes is estimated from as many nights before it."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source: calls to hear, calls stored, inputs refused, known failures, recordings passed over."""

    name: str
    new: int
    new_bytes: int
    known: int
    refused: int
    known_failed: int
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


def plan_night(config: NightConfig, *, retry_failed: bool = False) -> NightPlan:
    """Say what a night would do.

    A call counts as known, or as a known failure, when it is stored, or has failed, from the same place under
    the same settings; its content is compared only when the night runs.

    Parameters
    ----------
    config : NightConfig
    retry_failed : bool
        As of the night.

    Raises
    ------
    WeightsError
        When the recogniser's weights are not found.
    """
    store = Store(config.out)
    workers, setups = make_setups(config)
    limits = limits_of(config)
    failed = () if retry_failed else store.failures(without=unreadable_failures(store))
    sources = tuple(
        _source_plan(found, store, setup.hearing_key, KnownFailures(failed))
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


def _source_plan(
    found: Gathered, store: Store, hearing_key: str, known_failures: KnownFailures
) -> SourcePlan:
    missing = [record for record in found.intake.records if not _is_stored(record, store, hearing_key)]
    new = [record for record in missing if not known_failures.unopened(record, hearing_key)]
    refused = [failure for failure in found.intake.failures if failure not in known_failures]
    return SourcePlan(
        name=found.source.name,
        new=len(new),
        new_bytes=_bytes(new),
        known=len(found.intake.records) - len(missing),
        refused=len(refused),
        known_failed=len(missing) - len(new) + len(found.intake.failures) - len(refused),
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
