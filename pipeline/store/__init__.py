"""Parquet tables in a folder: written atomically by one writer, read by anyone."""

from pipeline.store.calls import StoredCall, Stretch
from pipeline.store.judged import JudgedPart, JudgedRows, ScoredDay
from pipeline.store.purging import KEPT, PurgedDay, expired_days, purge_day, purge_failures
from pipeline.store.reading import StoreReader
from pipeline.store.writing import Refused, Store

__all__ = [
    "KEPT",
    "JudgedPart",
    "JudgedRows",
    "PurgedDay",
    "Refused",
    "ScoredDay",
    "Store",
    "StoreReader",
    "StoredCall",
    "Stretch",
    "expired_days",
    "purge_day",
    "purge_failures",
]
