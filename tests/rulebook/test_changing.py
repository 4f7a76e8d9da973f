from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.rulebook import load_rulebook, with_options


def test_only_the_clause_named_changes_and_the_rulebook_stays_as_it_is() -> None:
    book = load_rulebook("dinghao-380")
    changed = with_options(book, "OPS-01", at_least=100.0, at_most=220)
    was, now = book.rule("OPS-01"), changed.rule("OPS-01")
    assert was is not None
    assert now is not None
    assert (was.check.at_most, now.check.at_least, now.check.at_most) == (160.0, 100.0, 220.0)  # type: ignore[attr-defined]
    assert [r for r in changed.rules if r.id != "OPS-01"] == [r for r in book.rules if r.id != "OPS-01"]
    assert [r.id for r in changed.rules] == [r.id for r in book.rules]
    assert now.check.measure == was.check.measure  # type: ignore[attr-defined]


def test_what_is_changed_is_told_apart_by_its_hash() -> None:
    book = load_rulebook("dinghao-380")
    one, same, other = (with_options(book, "OPS-01", at_most=n) for n in (200.0, 200.0, 210.0))
    assert len({book.content_hash, one.content_hash, other.content_hash}) == 3
    assert one.content_hash == same.content_hash


@pytest.mark.parametrize(
    ("clause", "options", "message"),
    [
        ("OPS-99", {"at_most": 1.0}, "dinghao-380.yaml: no clause OPS-99"),
        ("OPS-01", {"atmost": 1.0}, "OPS-01 has no option atmost; it has measure, "),
        ("OPS-01", {"at_most": 50.0}, "OPS-01: at_most 50.0 is refused: .*exceeds"),
    ],
)
def test_what_cannot_be_changed_is_said(clause: str, options: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        with_options(load_rulebook("dinghao-380"), clause, **options)
