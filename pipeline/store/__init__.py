"""Parquet tables in a folder: written atomically by one writer, read by anyone."""

from pipeline.store.judged import JudgedPart
from pipeline.store.reading import StoredCall, StoreReader
from pipeline.store.writing import Refused, Store

__all__ = ["JudgedPart", "Refused", "Store", "StoreReader", "StoredCall"]
