"""What waits for a person: who comes first, how many there are, and what is done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_calls as made
import pandas as pd
import pytest
from made_sites import heard, judged, store_of

from pipeline.call import Finding
from pipeline.reports.pages import queue as queues
from pipeline.reports.pages.days import DayReader
from pipeline.reports.pages.queue import DayQueue, day_queue, queue
from pipeline.reviews.marks import review_table
from pipeline.store import Store

DAY = "2026-10-09"


@pytest.fixture
def read(tmp_path: Path) -> object:
    """Store findings of calls and read what waits of them."""

    def store(*calls: tuple[Finding, ...]) -> DayQueue:
        filled = Store(tmp_path / "out")
        heard = [made.call(f"c{n}") for n in range(len(calls))]
        with filled.writing():
            for call in heard:
                filled.write_call(call)
            pairs = zip(heard, calls, strict=True)
            filled.write_findings(DAY, made.STANDARD, [made.judgement(c, 50.0, *of) for c, of in pairs])
        frame = pd.DataFrame(
            {
                "call_id": [c.record.call_id for c in heard],
                "agent": "A01",
                "agent_name": "陈静",
                "team": "一组",
            }
        )
        return day_queue(filled, DAY, [made.STANDARD], frame)

    return store


def listed(*days: DayQueue) -> list[tuple[str, str]]:
    rows = queue(days).rows
    return list(zip(rows["rule_id"], rows["call_id"], strict=True))


def test_open_and_doubtful_findings_wait_and_sure_ones_do_not(read) -> None:
    day = read(
        (
            made.finding("OPS-01", "undetermined", confidence=0.5),
            made.finding("OPS-02", "fail", confidence=0.6),
            made.finding("OPS-03", "fail", confidence=0.9),
            made.finding("OPS-04", "pass", confidence=0.65),
            made.finding("OPS-05", "not_applicable", confidence=0.1),
        )
    )
    assert sorted(day.rows["rule_id"]) == ["OPS-01", "OPS-02", "OPS-04"]
    assert (day.open, day.doubtful) == (1, 2)


def test_clauses_take_turns_critical_and_costly_ones_first(read) -> None:
    cheap = [made.finding("OPS-01", "undetermined", confidence=c, points=1.0) for c in (0.3, 0.5)]
    costly = [made.finding("OPS-02", "undetermined", confidence=0.5, points=9.0) for _ in range(2)]
    grave = made.finding("OPS-03", "undetermined", confidence=0.5, points=0.0, critical=True)
    day = read((cheap[1], costly[0]), (cheap[0], costly[1], grave))
    assert listed(day) == [
        ("OPS-03", "c1"),
        ("OPS-02", "c0"),
        ("OPS-01", "c1"),
        ("OPS-02", "c1"),
        ("OPS-01", "c0"),
    ]


def test_of_a_clause_open_ones_come_before_doubtful_ones(read) -> None:
    doubtful = made.finding("OPS-01", "fail", confidence=0.2)
    left_open = made.finding("OPS-01", "undetermined", confidence=0.5)
    assert listed(read((doubtful,), (left_open,))) == [("OPS-01", "c1"), ("OPS-01", "c0")]


def test_the_list_is_bounded_and_says_how_many_are_left(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "SHOWN", 3)
    monkeypatch.setattr(queues, "_KEPT", 4)
    found = queue([read(*[(made.finding("OPS-01", "undetermined"),) for _ in range(9)])])
    assert (len(found.rows), found.open, found.left) == (3, 9, 6)


def test_nothing_waits_of_nothing() -> None:
    assert queue([]).left == 0
    assert len(queue([]).rows) == 0


def test_findings_with_a_mark_that_holds_wait_no_longer(tmp_path: Path) -> None:
    calls = [heard(call_id) for call_id in ("c0", "c1")]
    left_open = made.finding("OPS-01", "undetermined")
    judgements = [judged(call, 50.0, left_open) for call in calls]
    store = store_of(tmp_path / "out", calls, judgements)
    other = made.finding("OPS-01", "fail", confidence=0.5, reason="too late")
    with store.writing():
        store.add("reviews", review_table([made.review(left_open, judgements[0], "pass")]))
    read = DayReader(store.out, (made.STANDARD,))
    assert listed(read(DAY).queue) == [("OPS-01", "c1")]
    assert read(DAY).queue.open == 1
    # A mark holds when another clause of the rulebook changes, and no more when the finding itself does.
    for found, waiting in ((left_open, ["c1"]), (other, ["c0", "c1"])):
        with store.writing():
            again = [replace(judged(call, 50.0, found), rulebook_hash="r2") for call in calls]
            store.write_findings(DAY, made.STANDARD, again)
        assert [call_id for _, call_id in listed(read(DAY).queue)] == waiting
        assert len(read(DAY).marks) == 2 - len(waiting)
