"""Working through the days of a store, without those calls that cannot be read back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from pipeline.errors import StoreError
from pipeline.store import Store, StoreReader

_Work = TypeVar("_Work")


def without_damage(
    store: StoreReader, call_date: str, work: Callable[[Collection[str]], _Work]
) -> tuple[_Work, tuple[str, ...]]:
    """Do a day's work, without those of its calls that cannot be read; the reasons come with the result."""
    try:
        return work(()), ()
    except StoreError:
        damaged = store.damaged(call_date)
        if not damaged:
            raise
    return work(damaged), tuple(damaged.values())


def days_of(store: Store, *derived: str) -> list[str]:
    """Days with calls, and days whose calls have moved away but whose derived rows are still there."""
    return sorted({day for table in ("calls", *derived) for day in store.dates(table)})
