from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import made_calls as made
import pytest

from pipeline.calibration import read_labels
from pipeline.sampling import Plan, add_draw, draw, drawn_findings, grading_csv, population
from pipeline.scoring import score
from pipeline.store import Store, expired_days, purge_day
from pipeline.tables import Judgement

OLD, NEW = "2026-07-01", "2026-10-09"
NOW = datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    findings = [
        made.finding("OPS-01", "fail", confidence=0.95),
        made.finding("OPS-02", "pass"),
        made.finding("OPS-03", "not_applicable"),
        made.finding("OPS-04", "undetermined"),
    ]
    total = score(findings, made.STANDARD)
    with store.writing():
        for day, ids in ((OLD, ("c1", "=c2\ud800")), (NEW, ("c3", "c4"))):
            calls = [made.call(i, day=day, agent_id=None if i == "c4" else "A01") for i in ids]
            for call in calls:
                store.write_call(call)
            judged = [Judgement.of(c, score=total, findings=findings, rulebook_hash="r1") for c in calls]
            store.write_findings(day, made.STANDARD, judged)
    return store


def test_all_that_applies_is_drawn_from_in_order(store: Store) -> None:
    frame = population(store, Plan(random=1))
    assert len(frame) == 12
    assert set(frame["verdict"]) == {"fail", "pass", "undetermined"}
    assert frame["call_date"].is_monotonic_increasing
    assert frame[frame["call_id"] == "c4"]["agent"].tolist() == ["陈静"] * 3  # without an id by the name
    assert len(population(store, Plan(random=1, first_day="2026-08-01"))) == 6
    assert len(population(store, Plan(random=1, standards=("other",)))) == 0


def test_a_draw_is_stored_once(store: Store) -> None:
    plan = Plan(risky=1, random=3, seed=5)
    drawn = draw(population(store, plan), plan)
    with store.writing():
        first = add_draw(store, plan, drawn, now=NOW)
        assert add_draw(store, plan, drawn) == first
        other = Plan(risky=1, random=3, seed=6)
        assert add_draw(store, other, draw(population(store, other), other)) != first
    stored = drawn_findings(store)
    assert len(stored) == 8
    assert sum(1 / one.probability for one in stored if one.draw_id == first) == pytest.approx(12)
    row = store.ledger("samples").to_pylist()[0]
    assert (row["seed"], row["drawn_at"], row["per_agent"]) == (5, NOW, False)


def test_the_graders_file_is_what_calibrate_reads_and_hides_the_verdict(store: Store, tmp_path: Path) -> None:
    plan = Plan(random=12)
    text = grading_csv(draw(population(store, plan), plan), lambda standard, rule: f"{standard}的{rule}")
    header, *lines = text.splitlines()
    assert header == "call_id,call_date,standard,rule_id,title,start_s,end_s,path,verdict,grader"
    assert not any(word in line for line in lines for word in ("fail", "pass", "undetermined", "risky"))
    path = tmp_path / "graded.csv"
    path.write_text("\n".join([header, *(line.removesuffix(",,") + ",通过,王" for line in lines)]))
    labels = read_labels(path)
    assert len(labels) == 12
    assert {label.call_id for label in labels} == {"c1", "=c2\ud800", "c3", "c4"}
    assert "'=c2\\ud800" in text  # a spreadsheet must not take it for a formula


def test_what_was_drawn_of_purged_calls_goes_with_them(store: Store) -> None:
    plan = Plan(random=12)
    with store.writing():
        add_draw(store, plan, draw(population(store, plan), plan))
        for day in expired_days(store, date(2026, 8, 1)):
            purge_day(store, day)
    assert {one.call_date for one in drawn_findings(store)} == {NEW}
