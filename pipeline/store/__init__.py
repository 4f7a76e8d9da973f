"""Parquet tables in a folder: written atomically by one writer, read by anyone."""

from pipeline.store.judged import JudgedPart, JudgedRows, ScoredDay
from pipeline.store.reading import StoredCall, StoreReader, Stretch
from pipeline.store.writing import Refused, Store

__all__ = [
    "JudgedPart",
    "JudgedRows",
    "Refused",
    "ScoredDay",
    "Store",
    "StoreReader",
    "StoredCall",
    "Stretch",
]
