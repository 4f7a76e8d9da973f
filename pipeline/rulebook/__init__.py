"""Rulebooks: standards as YAML, read strictly, applied to calls and tried on their own examples."""

from __future__ import annotations

from pipeline.rulebook.examples import ExampleResult, run_examples
from pipeline.rulebook.judging import judge, judge_rule
from pipeline.rulebook.locating import load_rulebook, shipped_rulebooks
from pipeline.rulebook.rules import Example, Rule, Rulebook

__all__ = [
    "Example",
    "ExampleResult",
    "Rule",
    "Rulebook",
    "judge",
    "judge_rule",
    "load_rulebook",
    "run_examples",
    "shipped_rulebooks",
]
