from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import made_calls as made
import pytest

from pipeline.reviews import Ledger, Review, Standing, after_review, reviewed_scores, stored_marks
from pipeline.reviews.marks import review_table, reviews_from_table
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables import Judgement

DAY, NEXT = "2026-10-09", "2026-10-10"
LATER = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
FAIL = made.finding("OPS-01", "fail")
PASS = made.finding("OPS-02", "pass", dimension="patience")
OPEN = made.finding("OPS-03", "undetermined", points=10.0)
CRITICAL = made.finding("OPS-04", "fail", critical=True, points=0.0)


def judged(*findings: object, status: str | None = None) -> Judgement:
    own = [f for f in findings if isinstance(f, type(FAIL))]
    total = score(own, made.STANDARD, review=status)
    return Judgement.of(made.call(), score=total, findings=own, rulebook_hash="r1")


def test_without_marks_a_judgement_is_as_it_was() -> None:
    one = judged(FAIL, PASS)
    reviewed = after_review(one, DAY, Ledger())
    assert (reviewed.findings, reviewed.score, reviewed.holding) == (one.findings, one.score, ())
    assert len(reviewed_scores([reviewed])) == 0


def test_an_overturned_verdict_changes_the_score_and_leaves_the_original() -> None:
    one = judged(FAIL, PASS)
    reviewed = after_review(one, DAY, Ledger((made.review(FAIL, one, "pass"),)))
    assert (one.score.score, reviewed.score.score) == (50.0, 100.0)
    assert [f.verdict for f in one.findings] == ["fail", "pass"]
    assert reviewed.findings == (replace(FAIL, verdict=reviewed.findings[0].verdict), PASS)
    (row,) = reviewed_scores([reviewed]).to_pylist()
    assert (row["score"], row["score_after_review"]) == (50.0, 100.0)
    assert (row["courtesy_after_review"], row["patience_after_review"]) == (100.0, 100.0)
    assert (row["findings_reviewed"], row["findings_overturned"]) == (1, 1)


def test_an_agreement_counts_as_reviewed_and_changes_nothing() -> None:
    one = judged(FAIL, PASS)
    reviewed = after_review(one, DAY, Ledger((made.review(FAIL, one),)))
    assert reviewed.score == one.score
    (row,) = reviewed_scores([reviewed]).to_pylist()
    assert (row["findings_reviewed"], row["findings_overturned"]) == (1, 0)


def test_a_clause_that_does_not_apply_leaves_the_score() -> None:
    one = judged(FAIL, PASS)
    reviewed = after_review(one, DAY, Ledger((made.review(FAIL, one, "not_applicable"),)))
    assert (reviewed.score.earned, reviewed.score.possible) == (5.0, 5.0)


def test_an_overturned_critical_failure_gives_the_score_back() -> None:
    one = judged(PASS, CRITICAL)
    assert one.score.score == 0.0
    reviewed = after_review(one, DAY, Ledger((made.review(CRITICAL, one, "pass"),)))
    assert (reviewed.score.score, reviewed.score.critical_failures) == (100.0, 0)


def test_what_was_left_open_is_settled() -> None:
    one = judged(PASS, OPEN)
    reviewed = after_review(one, DAY, Ledger((made.review(OPEN, one, "fail"),)))
    assert reviewed.score.score == pytest.approx(100 * 5 / 15)


def test_a_call_heard_too_badly_has_a_score_only_when_all_is_settled() -> None:
    other = replace(OPEN, rule_id="OPS-05")
    one = judged(OPEN, other, status="heard too badly")
    first, second = made.review(OPEN, one, "pass"), made.review(other, one, "fail")
    assert after_review(one, DAY, Ledger((first,))).score == one.score
    settled = after_review(one, DAY, Ledger((first, second))).score
    assert (settled.score, settled.status, settled.status_reason) == (50.0, "judged", None)


def test_the_later_mark_holds_whoever_made_it_and_both_stay() -> None:
    one = judged(FAIL)
    early = made.review(FAIL, one, "pass")
    late = made.review(FAIL, one, reviewer="李主管", reviewed_at=LATER)
    for order in ((early, late), (late, early)):
        ledger = Ledger(order)
        assert ledger.holding(DAY, one, FAIL) is late
        assert ledger.of_finding(*early.key) == (early, late)
        assert ledger.standing(early, one) is Standing.SUPERSEDED
        assert ledger.standing(late, one) is Standing.HOLDS
    again = made.review(FAIL, one, "not_applicable")
    assert Ledger((early, again)).holding(DAY, one, FAIL) is again  # of one moment, the one stored last


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"rulebook_hash": "r2"}, True),  # another clause was changed
        ({"finding_hash": "0"}, True),  # heard again, the same rulebook and verdict
        ({"rulebook_hash": "r2", "finding_hash": "0"}, False),  # the clause decides for another reason
        ({"sha256": "other"}, False),
        ({"verdict": PASS.verdict}, False),
    ],
)
def test_a_mark_holds_for_what_was_reviewed(changes: dict[str, object], fits: bool) -> None:
    one = judged(FAIL)
    mark = replace(made.review(FAIL, one, "not_applicable"), **changes)  # type: ignore[arg-type]
    reviewed = after_review(one, DAY, Ledger((mark,)))
    assert (reviewed.holding == (mark,)) is fits
    assert Ledger((mark,)).standing(mark, one) is (Standing.HOLDS if fits else Standing.STALE)


def test_a_stale_later_mark_lets_an_earlier_one_hold() -> None:
    one = judged(FAIL)
    fitting = made.review(FAIL, one, "pass")
    stale = made.review(FAIL, one, reviewed_at=LATER, sha256="other")
    assert Ledger((fitting, stale)).holding(DAY, one, FAIL) is fitting


def test_marks_come_back_from_the_store_in_order(tmp_path: Path) -> None:
    one = judged(FAIL)
    marks = [made.review(FAIL, one, "pass", reason="不是\ud800"), made.review(FAIL, one, reviewed_at=LATER)]
    other = made.review(FAIL, one, call_date=NEXT)
    assert reviews_from_table(review_table(marks)) == tuple(marks)
    store = Store(tmp_path / "out")
    with store.writing():
        store.write_findings(DAY, made.STANDARD, [one])
        store.add("reviews", review_table(marks[:1]))
        store.add("reviews", review_table([marks[1], other]))
        store.add("reviews", review_table([]))
    assert [p.name for p in sorted((store.out / "reviews").iterdir())] == [
        "part-00000001.parquet",
        "part-00000002.parquet",
    ]
    ledger = Ledger.of(store)
    assert ledger.reviews == (*marks, other)
    assert Ledger.of(store, call_date=NEXT).reviews == (other,)
    assert ledger.days() == (DAY, NEXT)
    standings = {review: standing for review, standing, _ in stored_marks(store, ledger)}
    assert standings == {
        marks[0]: Standing.SUPERSEDED,
        marks[1]: Standing.HOLDS,
        other: Standing.GONE,
    }


def test_a_hundred_marks_on_one_finding_sort_by_time() -> None:
    one = judged(FAIL)
    marks = [made.review(FAIL, one, reviewed_at=LATER + timedelta(minutes=i * 37 % 100)) for i in range(100)]
    history = Ledger(tuple(marks)).of_finding(*marks[0].key)
    assert list(history) == sorted(marks, key=lambda m: m.reviewed_at)
    assert isinstance(history[-1], Review)
