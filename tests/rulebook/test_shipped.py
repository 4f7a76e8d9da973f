from __future__ import annotations

import re
from functools import cache

import pytest

from pipeline.call import Verdict
from pipeline.checks import KINDS
from pipeline.checks.combined import Combined
from pipeline.reports.language import Language
from pipeline.reports.reasons import reason_in
from pipeline.rulebook import ExampleResult, load_rulebook, run_examples, shipped_rulebooks
from pipeline.rulebook.coverage import cover

BOOKS = {name: load_rulebook(name) for name in shipped_rulebooks()}
EXAMPLES = {
    f"{name}-{rule.id}-{example.line}": (name, rule.id, example.line)
    for name, book in BOOKS.items()
    for rule in book.rules
    for example in rule.examples
}


@cache
def results() -> dict[tuple[str, str, int], ExampleResult]:
    """Every example, judged when the first test asks and not by every process that collects tests."""
    judged = ((name, result) for name, book in BOOKS.items() for result in run_examples(book))
    return {(name, result.rule_id, result.line): result for name, result in judged}


def test_the_ticket_platforms_rulebook_is_shipped() -> None:
    ids = {rule.id for rule in BOOKS["dinghao-380"].rules}
    asked = ("01", "04", "06", "10", "11", "14", "16", "20", "23", "24", "25", "26", "30", "50", "70")
    assert ids >= {f"OPS-{number}" for number in asked}
    forbidden = BOOKS["dinghao-380"].rule("OPS-70")
    assert forbidden is not None
    assert forbidden.critical


@pytest.mark.parametrize("name", BOOKS)
def test_every_rule_has_examples_of_both_verdicts(name: str) -> None:
    rules = BOOKS[name].rules
    assert [r.id for r in rules if not r.review and not (r.passing and r.failing)] == []
    assert [r.id for r in rules if r.review and not r.wanting(Verdict.UNDETERMINED)] == []
    assert BOOKS[name].name == name


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_judged_as_wanted(example: tuple[str, str, int]) -> None:
    result = results()[example]
    assert result.ok, f"{result.finding.verdict}: {result.finding.reason} ({result.finding.quote})"


def test_every_reason_of_the_examples_is_there_in_chinese() -> None:
    reasons = {result.finding.reason for result in results().values()}
    chinese = {reason: reason_in(reason, Language.ZH) for reason in reasons}
    quoted = re.compile(r"“[^”]*”|(?<![A-Za-z])(dBFS|dB|B2B)(?![A-Za-z])")
    assert {e: zh for e, zh in chinese.items() if re.search(r"[A-Za-z]{2,}", quoted.sub("", zh))} == {}


def test_every_automatic_clause_of_the_standards_is_covered() -> None:
    automatic = [clause for clause in cover(BOOKS.values()) if clause.automatic]
    assert (len(automatic), sum(clause.covered for clause in automatic)) == (137, 137)


def test_every_kind_of_check_is_used() -> None:
    checks = [rule.check for book in BOOKS.values() for rule in book.rules]
    parts = [
        check
        for combined in checks
        if isinstance(combined, Combined)
        for check in (*(part.check for part in combined.parts), *combined.fails_too)
    ]
    assert {check.kind for check in (*checks, *parts)} == set(KINDS)


def test_kinds_are_named_after_their_files() -> None:
    assert {kind: check.__module__ for kind, check in KINDS.items()} == {
        kind: f"pipeline.checks.{kind}" for kind in KINDS
    }
