"""Parquet tables in a folder: written atomically by one writer, read by anyone."""

from pipeline.store.reading import StoredCall, StoreReader
from pipeline.store.writing import Store

__all__ = ["Store", "StoreReader", "StoredCall"]
