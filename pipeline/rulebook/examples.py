"""Rules tried on their own examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.call import Finding, Verdict
from pipeline.dialogue import dialogue_call
from pipeline.rulebook.judging import judge_rule
from pipeline.rulebook.rules import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What a rule says of one of its examples.

    Attributes
    ----------
    wanted : Verdict
        PASS or FAIL.
    line : int
        Where the example stands in the rulebook.
    finding : Finding
        What the rule says.
    """

    rule_id: str
    wanted: Verdict
    line: int
    finding: Finding

    @property
    def ok(self) -> bool:
        """Whether the rule says what is wanted."""
        return self.finding.verdict is self.wanted


def run_examples(rulebook: Rulebook) -> tuple[ExampleResult, ...]:
    """Judge every example of every rule, in the rulebook's order."""
    return tuple(result for rule in rulebook.rules for result in _run(rule, rulebook.name))


def _run(rule: Rule, standard: str) -> Iterator[ExampleResult]:
    for wanted, examples in ((Verdict.PASS, rule.passing), (Verdict.FAIL, rule.failing)):
        for example in examples:
            call = dialogue_call(example.source, call_id=f"{rule.id}:{example.line}")
            yield ExampleResult(rule.id, wanted, example.line, judge_rule(call, rule, standard=standard))
