from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.rulebook import load_rulebook
from pipeline.rulebook.coverage import cover
from pipeline.rulebook.starting import starting_rulebook


def test_examples_are_counted_and_tried(tmp_path: Path) -> None:
    path = tmp_path / "my-desk.yaml"
    path.write_text(starting_rulebook(path), encoding="utf-8")
    clauses = {c.clause: c for c in cover([load_rulebook(path)])}
    first = clauses["DSK-01"]
    assert (first.how, first.check, first.passing, first.failing) == ("A", "phrase_required", 1, 1)
    assert (first.not_applicable, first.wrong, first.automatic, first.covered) == (1, 0, True, True)
    person = clauses["DSK-05"]
    assert (person.how, person.review, person.automatic, person.covered) == ("H", 1, False, True)
    unseen = clauses["DSK-90"]
    assert (unseen.how, unseen.check, unseen.automatic, unseen.covered) == ("X", None, False, False)


def test_a_clause_is_not_covered_without_examples_or_with_wrong_ones(tmp_path: Path) -> None:
    path = tmp_path / "my-desk.yaml"
    path.write_text(starting_rulebook(path), encoding="utf-8")
    book = load_rulebook(path)
    first, second = book.rules[0], book.rules[1]
    no_failing = replace(first, examples=first.passing)
    swapped = replace(
        second, examples=tuple(replace(e, wanted=first.examples[0].wanted) for e in second.examples)
    )
    lacking = cover([replace(book, rules=(no_failing, swapped), not_observable=())])
    assert [c.covered for c in lacking] == [False, False]
    assert [c.wrong for c in lacking] == [0, 1]
