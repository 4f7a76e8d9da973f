"""How reasons count, and how they quote a rulebook's phrases."""

from __future__ import annotations

from pipeline.checks.evidence.telling import counted, phrase_of, times
from pipeline.wording.matching import PhraseMatch


def test_counts_are_plain_english() -> None:
    assert [times(n) for n in (0, 1, 2)] == ["never", "once", "2 times"]
    assert [counted(n, "hold") for n in (0, 1, 2)] == ["0 holds", "1 hold", "2 holds"]


def test_a_phrase_is_quoted_as_it_was_said_and_not_by_its_grammar() -> None:
    match = PhraseMatch(
        "(这事|这个事)[情]我[们]{any:0-3}不管", 1.0, 2.0, "这个事我们不管", 1.0, "characters", 0
    )
    assert phrase_of(match) == "'这个事我们不管'"
