"""The command line: options in, one call into the package, results out."""

from pipeline.cli import (
    calibration,
    checking,
    inspect,
    night,
    nightly,
    report,
    review,
    rules,
    sampling,
    workbook,
)
from pipeline.cli.app import app, main

__all__ = [
    "app",
    "calibration",
    "checking",
    "inspect",
    "main",
    "night",
    "nightly",
    "report",
    "review",
    "rules",
    "sampling",
    "workbook",
]
