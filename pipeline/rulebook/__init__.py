"""Rulebooks: standards as YAML, read strictly, applied to calls and tried on their own examples."""

from __future__ import annotations

from pipeline.rulebook.changing import rule_with_options, with_options
from pipeline.rulebook.examples import ExampleResult, run_examples, try_rule
from pipeline.rulebook.judging import doubtful_wording, judge, judge_rule, needs_review, why_unscored
from pipeline.rulebook.locating import locate, shipped_rulebooks
from pipeline.rulebook.reading import examine, load_rulebook
from pipeline.rulebook.rules import Example, Rule, Rulebook, UnobservableClause

__all__ = [
    "Example",
    "ExampleResult",
    "Rule",
    "Rulebook",
    "UnobservableClause",
    "doubtful_wording",
    "examine",
    "judge",
    "judge_rule",
    "load_rulebook",
    "locate",
    "needs_review",
    "rule_with_options",
    "run_examples",
    "shipped_rulebooks",
    "try_rule",
    "why_unscored",
    "with_options",
]
