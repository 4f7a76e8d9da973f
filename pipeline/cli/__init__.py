"""The command line: options in, one call into the package, results out."""

from pipeline.cli import calibration, inspect, night, nightly, rules
from pipeline.cli.app import app, main

__all__ = ["app", "calibration", "inspect", "main", "night", "nightly", "rules"]
