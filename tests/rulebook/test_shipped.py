from __future__ import annotations

import pytest

from pipeline.checks import KINDS
from pipeline.rulebook import ExampleResult, load_rulebook, run_examples, shipped_rulebooks

BOOKS = {name: load_rulebook(name) for name in shipped_rulebooks()}
RESULTS = [(name, result) for name, book in BOOKS.items() for result in run_examples(book)]


def test_the_ticket_platforms_rulebook_is_shipped() -> None:
    ids = {rule.id for rule in BOOKS["dinghao-380"].rules}
    asked = ("01", "04", "06", "10", "11", "14", "16", "20", "23", "24", "25", "26", "30", "50", "70")
    assert ids >= {f"OPS-{number}" for number in asked}
    forbidden = BOOKS["dinghao-380"].rule("OPS-70")
    assert forbidden is not None
    assert forbidden.critical


@pytest.mark.parametrize("name", BOOKS)
def test_every_rule_has_examples_of_both_verdicts(name: str) -> None:
    assert [r.id for r in BOOKS[name].rules if not (r.passing and r.failing)] == []
    assert BOOKS[name].name == name


@pytest.mark.parametrize(
    "result", [r for _, r in RESULTS], ids=[f"{n}-{r.rule_id}-{r.line}" for n, r in RESULTS]
)
def test_an_example_is_judged_as_wanted(result: ExampleResult) -> None:
    assert result.ok, f"{result.finding.verdict}: {result.finding.reason} ({result.finding.quote})"


def test_every_kind_of_check_is_used() -> None:
    used = {rule.check.kind for book in BOOKS.values() for rule in book.rules}
    assert used == set(KINDS)


def test_kinds_are_named_after_their_files() -> None:
    assert {kind: check.__module__ for kind, check in KINDS.items()} == {
        kind: f"pipeline.checks.{kind}" for kind in KINDS
    }
