from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.call import Finding, Verdict
from pipeline.scoring import DIMENSIONS, score

BOOK = "a-book"


def finding(
    verdict: Verdict, *, points: float = 5.0, dimension: str = "courtesy", critical: bool = False
) -> Finding:
    return Finding(
        standard=BOOK,
        rule_id="OPS-01",
        dimension=dimension,
        verdict=verdict,
        role=None,
        start_s=None,
        end_s=None,
        quote="",
        reason="",
        confidence=1.0,
        points=0.0 if critical else points,
        critical=critical,
    )


findings = st.lists(
    st.builds(
        finding,
        st.sampled_from(Verdict),
        points=st.floats(0.1, 50),
        dimension=st.sampled_from(DIMENSIONS),
        critical=st.booleans(),
    ),
    max_size=12,
)
undecided = st.builds(
    finding,
    st.sampled_from((Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED)),
    points=st.floats(0.1, 50),
    dimension=st.sampled_from(DIMENSIONS),
    critical=st.booleans(),
)


def test_points_earned_of_points_decided() -> None:
    scored = score(
        [
            finding(Verdict.PASS, points=6),
            finding(Verdict.FAIL, points=2, dimension="patience"),
            finding(Verdict.UNDETERMINED, points=50),
            finding(Verdict.NOT_APPLICABLE, points=50),
        ],
        BOOK,
    )
    assert (scored.earned, scored.possible, scored.score) == (6, 8, 75)
    assert dict(scored.dimensions) == {
        "patience": 0.0,
        "courtesy": 100.0,
        "communication": None,
        "compliance": None,
    }


def test_a_critical_failure_makes_the_score_0_and_keeps_the_one_before() -> None:
    scored = score([finding(Verdict.PASS), finding(Verdict.FAIL, critical=True)], BOOK)
    assert (scored.score, scored.score_before_critical, scored.critical_failures) == (0.0, 100.0, 1)


def test_a_critical_rule_that_is_undetermined_changes_nothing() -> None:
    scored = score([finding(Verdict.PASS), finding(Verdict.UNDETERMINED, critical=True)], BOOK)
    assert (scored.score, scored.critical_failures) == (100.0, 0)


def test_nothing_decided_is_no_score() -> None:
    assert score([finding(Verdict.UNDETERMINED)], BOOK).score is None
    assert score([], BOOK).score is None


def test_findings_of_another_standard_are_left_out() -> None:
    other = replace(finding(Verdict.FAIL), standard="another")
    assert score([finding(Verdict.PASS), other], BOOK).score == 100


@given(findings)
def test_scores_lie_in_0_to_100(some: list[Finding]) -> None:
    scored = score(some, BOOK)
    shown = (scored.score, scored.score_before_critical, *(v for _, v in scored.dimensions))
    assert all(v is None or 0.0 <= v <= 100.0 for v in shown)
    assert [name for name, _ in scored.dimensions] == list(DIMENSIONS)


@given(findings, st.randoms())
def test_order_does_not_matter(some: list[Finding], random: object) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score(shuffled, BOOK) == score(some, BOOK)


@given(findings, st.lists(undecided, max_size=5))
def test_undecided_findings_do_not_change_a_score(some: list[Finding], more: list[Finding]) -> None:
    assert score([*some, *more], BOOK) == score(some, BOOK)


@given(findings, st.floats(0.1, 50))
def test_a_pass_more_never_lowers_a_score(some: list[Finding], points: float) -> None:
    before, after = (
        score(s, BOOK).score_before_critical for s in (some, [*some, finding(Verdict.PASS, points=points)])
    )
    assert after is not None
    assert after >= (before or 0.0) - 1e-9


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_a_perfect_and_a_failed_call(verdict: Verdict) -> None:
    scored = score([finding(verdict), finding(verdict, dimension="patience")], BOOK)
    assert scored.score == (100.0 if verdict is Verdict.PASS else 0.0)


@given(findings)
def test_verdicts_may_be_given_by_name(some: list[Finding]) -> None:
    by_name = [replace(f, verdict=f.verdict.value) for f in some]  # type: ignore[arg-type]
    assert score(by_name, BOOK) == score(some, BOOK)
