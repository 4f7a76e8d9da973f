"""Two rulebooks compared on stored calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.audit import comparing
from pipeline.audit.comparing import compare
from pipeline.dialogue import dialogue_call
from pipeline.rulebook import Rulebook, judge, load_rulebook, with_options
from pipeline.scoring import score
from pipeline.store import Store, StoreReader
from pipeline.store.files import call_part

BASE = """\
name: base
title: Base
source: a manual
rules:
  - {id: DSK-01, title: Greet, dimension: courtesy, points: 5, check: phrase_required, phrases: [您好]}
  - {id: DSK-02, title: Pace, dimension: courtesy, points: 5, check: measure_in_band, measure: gross_pace,
     role: agent, at_most: 300}
"""
MINE = """\
name: mine
extends: base.yaml
disable: [DSK-02]
rules:
  - {id: DSK-01, phrases: [您好, 早上好]}
  - {id: DSK-03, title: Bye, dimension: courtesy, points: 5, check: phrase_required, phrases: [再见]}
"""
CALLS = {
    "c1": ("A01", "base", "agent: 早上好，请问有什么可以帮您？\ncustomer: 没事。\nagent: 再见。"),
    "c2": ("A01", "other", "agent: 您好，请问有什么可以帮您？\ncustomer: 没事。\nagent: 好的，慢走。"),
    "c3": ("A02", "", "agent: 喂，哪位？\ncustomer: 没事。\nagent: 嗯，再见。"),
}


@pytest.fixture
def books(tmp_path: Path) -> tuple[Rulebook, Rulebook]:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")
    return load_rulebook(tmp_path / "base.yaml"), load_rulebook(tmp_path / "mine.yaml")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreReader]:
    store = Store(tmp_path / "out")
    with store.writing():
        for call_id, (agent, standard, source) in CALLS.items():
            call = dialogue_call(source, call_id=call_id)
            started_at = datetime.fromisoformat("2026-10-09T09:00:00+08:00")
            standards = (standard,) if standard else ()
            record = replace(call.record, agent_id=agent, started_at=started_at, standards=standards)
            store.write_call(replace(call, record=record))
    files = {p: p.read_bytes() for p in store.out.rglob("*") if p.is_file()}
    yield StoreReader(store.out)
    assert {p: p.read_bytes() for p in store.out.rglob("*") if p.is_file()} == files, "something was written"


def test_what_changes_and_why(store: StoreReader, books: tuple[Rulebook, Rulebook]) -> None:
    compared = compare(store, *books)
    calls = {c.call_id: c for c in compared.calls}
    assert {c: {x.rule_id: x.verdicts for x in call.changes} for c, call in calls.items()} == {
        "c1": {"DSK-01": ("fail", "pass"), "DSK-02": ("pass", "none"), "DSK-03": ("none", "pass")},
        "c2": {"DSK-02": ("pass", "none"), "DSK-03": ("none", "fail")},
        "c3": {"DSK-02": ("pass", "none"), "DSK-03": ("none", "pass")},
    }
    assert [(c.before.score, c.after.score) for c in compared.calls] == [(50, 100), (100, 50), (50, 50)]
    changed = calls["c1"].changes[0]
    assert changed.before is not None
    assert changed.after is not None
    assert changed.before.reason.startswith("not said")
    assert changed.after.quote == "早上好"


def test_clauses_and_agents_are_added_up(store: StoreReader, books: tuple[Rulebook, Rulebook]) -> None:
    compared = compare(store, *books)
    assert [(*key, [c.call_id for c in calls]) for *key, calls in compared.clauses()] == [
        ("DSK-02", "pass", "none", ["c1", "c2", "c3"]),
        ("DSK-03", "none", "pass", ["c1", "c3"]),
        ("DSK-01", "fail", "pass", ["c1"]),
        ("DSK-03", "none", "fail", ["c2"]),
    ]
    assert [(a.agent_id, a.calls, a.changed, a.before, a.after) for a in compared.agents()] == [
        ("A01", 2, 2, 75, 75),
        ("A02", 1, 1, 50, 50),
    ]


def test_the_same_rulebook_changes_nothing(store: StoreReader, books: tuple[Rulebook, Rulebook]) -> None:
    compared = compare(store, books[0], books[0])
    assert [c.changed for c in compared.calls] == [False] * 3
    assert compared.clauses() == ()


def test_what_is_alike_is_judged_once_and_as_the_second_rulebook_would(
    store: StoreReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = load_rulebook("dinghao-380")
    other = replace(with_options(book, "OPS-01", at_most=90.0), name="mine")
    for after in (other, replace(other, review_below=1.0)):
        compared = compare(store, book, after)
        for one in compared.calls:
            findings = judge(store.read_call(one.call_id), after)
            assert one.after == score(findings, "mine")
            verdicts = {f.rule_id: f.verdict.value for f in findings}
            assert all(change.verdicts[1] == verdicts[change.rule_id] for change in one.changes)
    judged: list[int] = []
    monkeypatch.setattr(comparing, "judge", lambda call, b: judged.append(len(b.rules)) or judge(call, b))
    compare(store, book, other)
    assert judged == [len(book.rules), 1] * 3


def test_calls_of_other_standards_can_be_left_out(
    store: StoreReader, books: tuple[Rulebook, Rulebook]
) -> None:
    compared = compare(store, *books, named=("base", "mine"))
    assert [c.call_id for c in compared.calls] == ["c1", "c3"]


def test_a_call_that_cannot_be_read_is_named_and_the_others_are_compared(
    tmp_path: Path, store: StoreReader, books: tuple[Rulebook, Rulebook]
) -> None:
    copy = tmp_path / "copy"
    for path in (p for p in store.out.rglob("*") if p.is_file()):
        target = copy / path.relative_to(store.out)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (copy / "utterances" / "call_date=2026-10-09" / call_part("c2")).write_bytes(b"damaged")
    compared = compare(StoreReader(copy), *books)
    assert [c.call_id for c in compared.calls] == ["c1", "c3"]
    assert len(compared.unreadable) == 1
