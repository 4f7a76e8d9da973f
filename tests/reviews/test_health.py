from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import made_calls as made
import numpy as np
import pandas as pd
import pytest

from pipeline.estimates import share
from pipeline.reviews import Review
from pipeline.reviews.health import precision_of_fails, rules_health
from pipeline.reviews.marks import review_table
from pipeline.sampling import Drawn, Plan, add_draw, draw, population
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables import Judgement

DAY = "2026-10-09"
FAIL = made.finding("OPS-01", "fail")
JUDGED = Judgement.of(made.call(), score=made.score(50.0), findings=[FAIL], rulebook_hash="r1")


def mark(call_id: str, *, right: bool) -> Review:
    return made.review(FAIL, JUDGED, None if right else "pass", call_id=call_id)


def drawn(call_id: str, probability: float, stratum: str = "random", draw_id: str = "d") -> Drawn:
    return Drawn(draw_id, call_id, DAY, made.STANDARD, "OPS-01", "fail", stratum, probability, "aa", "r1")


def test_reviews_of_no_draw_are_a_plain_share() -> None:
    marks = [mark(f"c{n}", right=n > 1) for n in range(10)]
    assert precision_of_fails(marks, []) == (share(8, 10), 0)
    assert precision_of_fails([], [])[0].value is None


def test_drawn_reviews_count_by_the_inverse_of_their_probability() -> None:
    marks = [mark("c0", right=False), mark("c1", right=True)]
    estimate, count = precision_of_fails(marks, [drawn("c0", 0.5), drawn("c1", 0.1)])
    assert (estimate.value, count) == (pytest.approx(10 / 12), 2)
    # One chosen by the reviewer says nothing of the others.
    assert precision_of_fails([*marks, mark("c9", right=False)], [drawn("c0", 0.5), drawn("c1", 0.1)]) == (
        estimate,
        2,
    )


def test_equal_weights_give_wilsons_interval() -> None:
    marks = [mark(f"c{n}", right=n > 2) for n in range(12)]
    estimate, _ = precision_of_fails(marks, [drawn(f"c{n}", 0.25) for n in range(12)])
    plain = share(9, 12)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_what_is_not_reviewed_yet_is_taken_to_be_like_the_rest_of_its_stratum() -> None:
    sample = [drawn("c0", 1.0, "risky"), *(drawn(f"c{n}", 0.5) for n in range(1, 5))]
    marks = [mark("c0", right=True), mark("c1", right=False)]
    estimate, _ = precision_of_fails(marks, sample)
    assert estimate.value == pytest.approx(1 / (1 + 4 * 2))  # the one stands for all four of its stratum


def test_the_estimate_finds_a_known_precision_where_the_plain_share_does_not() -> None:
    """A clause right on 95 % of its sure fails and 40 % of the others; sure ones are drawn more often."""
    numbers = np.random.default_rng(11)
    size = 3000
    confidence = np.where(numbers.random(size) < 0.3, 0.95, 0.8)
    right = numbers.random(size) < np.where(confidence > 0.9, 0.95, 0.4)
    frame = pd.DataFrame(
        {
            "call_date": DAY,
            "call_id": [f"c{n}" for n in range(size)],
            "standard": made.STANDARD,
            "rule_id": "OPS-01",
            "verdict": "fail",
            "confidence": confidence,
            "critical": False,
            "agent": None,
        }
    )
    weighted, plain, covered = [], [], 0
    for seed in range(150):
        plan = Plan(risky=120, random=80, seed=seed)
        sample = draw(frame, plan)
        one = [
            drawn(row.call_id, row.probability, row.stratum)
            for row in sample.itertuples()  # type: ignore[arg-type]
        ]
        # A fifth of the random ones stays unreviewed.
        seen = sample[(sample["stratum"] == "risky") | (numbers.random(len(sample)) < 0.8)]
        marks = [mark(call_id, right=bool(right[int(call_id[1:])])) for call_id in seen["call_id"]]
        estimate, _ = precision_of_fails(marks, one)
        assert estimate.value is not None
        assert estimate.low is not None
        assert estimate.high is not None
        weighted.append(estimate.value)
        plain.append(sum(not m.overturns for m in marks) / len(marks))
        covered += estimate.low <= right.mean() <= estimate.high
    error = np.std(weighted, ddof=1) / np.sqrt(len(weighted))
    assert abs(np.mean(weighted) - right.mean()) < 3 * error + 0.002  # a ratio's bias is of order 1/n
    assert np.mean(plain) - right.mean() > 0.1
    assert covered >= 0.9 * len(weighted)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Thirty calls: OPS-01 fails all, OPS-02 passes all, OPS-03 is open in all, OPS-04 applies to none."""
    store = Store(tmp_path / "out")
    findings = [
        FAIL,
        made.finding("OPS-02", "pass", confidence=0.6),
        made.finding("OPS-03", "undetermined"),
        made.finding("OPS-04", "not_applicable"),
    ]
    total = score(findings, made.STANDARD)
    judged = [
        Judgement.of(made.call(f"c{n:02}"), score=total, findings=findings, rulebook_hash="r1")
        for n in range(30)
    ]
    with store.writing():
        for n in range(30):
            store.write_call(made.call(f"c{n:02}"))
        store.write_findings(DAY, made.STANDARD, judged)
        marks = [made.review(FAIL, j, "pass" if n < 5 else None) for n, j in enumerate(judged[:25])]
        marks.append(made.review(findings[1], judged[0], "fail"))
        marks.append(made.review(findings[2], judged[0], "fail"))
        marks.append(replace(marks[0], rule_id="OPS-02", sha256="other"))
        store.add("reviews", review_table(marks))
    return store


def test_clauses_are_ranked_by_what_is_surely_overturned(store: Store) -> None:
    first, second, third, fourth = rules_health(store)
    # One of one is the higher rate, and five of 25 the surer.
    assert [c.rule_id for c in (first, second, third, fourth)] == ["OPS-02", "OPS-01", "OPS-03", "OPS-04"]
    assert (second.reviewed, second.overturned, second.too_few) == (25, 5, None)
    assert second.overturn == share(5, 25)
    assert second.precision == share(20, 25)
    assert (second.fails_reviewed, second.fails_drawn, second.confidence) == (25, 0, pytest.approx(0.8))
    assert (first.reviewed, first.overturned, first.stale, first.fails_reviewed) == (1, 1, 1, 0)
    assert first.too_few == "1 reviewed; at least 20 are needed to say anything"
    assert (third.reviewed, third.open_reviewed, third.settled) == (0, 1, 1)
    assert (third.undetermined, third.confidence) == (share(30, 30), None)
    assert fourth.findings == 0
    assert rules_health(store, standards=["other"]) == ()


def test_reviews_of_a_draw_are_weighted(store: Store) -> None:
    plan = Plan(random=45, seed=1, standards=(made.STANDARD,))
    with store.writing():
        add_draw(store, plan, draw(population(store, plan), plan), now=datetime(2026, 10, 20, tzinfo=UTC))
    clause = next(c for c in rules_health(store) if c.rule_id == "OPS-01")
    assert 0 < clause.fails_drawn < clause.fails_reviewed
