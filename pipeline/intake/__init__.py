"""What the user points at, as calls to hear.

A folder, a glob, one recording, or a CSV or Parquet manifest becomes :class:`~pipeline.call.CallRecord`
values; whatever cannot become one is a :class:`~pipeline.call.Failure` with its reason. No audio is decoded.
"""

from __future__ import annotations

from pipeline.intake.filenames import FilePattern, NameRule
from pipeline.intake.hashing import content_hash
from pipeline.intake.metadata import COLUMNS
from pipeline.intake.presets import PRESETS, choose_pattern
from pipeline.intake.recordings import SUPPORTED
from pipeline.intake.records import Intake, find_calls

__all__ = [
    "COLUMNS",
    "PRESETS",
    "SUPPORTED",
    "FilePattern",
    "Intake",
    "NameRule",
    "choose_pattern",
    "content_hash",
    "find_calls",
]
