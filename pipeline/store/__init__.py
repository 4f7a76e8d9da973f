"""Parquet tables in a folder: written atomically by one writer, read by anyone."""

from pipeline.store.judged import JudgedPart, JudgedRows
from pipeline.store.reading import StoredCall, StoreReader, Stretch
from pipeline.store.writing import Refused, Store

__all__ = ["JudgedPart", "JudgedRows", "Refused", "Store", "StoreReader", "StoredCall", "Stretch"]
