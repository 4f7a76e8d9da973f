"""The command line: options in, one call into the package, results out."""

from pipeline.cli import inspect, night, nightly, rules
from pipeline.cli.app import app, main

__all__ = ["app", "inspect", "main", "night", "nightly", "rules"]
