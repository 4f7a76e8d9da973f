"""Rules tried on their own examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.call import Finding, Verdict
from pipeline.dialogue import dialogue_call
from pipeline.rulebook.judging import judge_rule
from pipeline.rulebook.rules import Example, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What a rule says of one of its examples."""

    rule_id: str
    example: Example
    finding: Finding

    @property
    def wanted(self) -> Verdict:
        """What the rule must say."""
        return self.example.wanted

    @property
    def line(self) -> int:
        """Where the example stands in its file."""
        return self.example.line

    @property
    def ok(self) -> bool:
        """Whether the rule says what is wanted."""
        return self.finding.verdict is self.wanted


def run_examples(rulebook: Rulebook) -> tuple[ExampleResult, ...]:
    """Judge every example of every rule, in the rulebook's order."""
    return tuple(result for rule in rulebook.rules for result in try_rule(rule, rulebook.name))


def try_rule(rule: Rule, standard: str) -> Iterator[ExampleResult]:
    """Judge the examples of one rule, in the order of the rulebook."""
    for example in rule.examples:
        call = dialogue_call(example.source, call_id=f"{rule.id}:{example.line}")
        yield ExampleResult(rule.id, example, judge_rule(call, rule, standard=standard))
