import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from pipeline.calibration.agreement import agreement
from pipeline.estimates import share

VERDICTS = ("pass", "fail", "not_applicable")
ratings = st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS)), min_size=5, max_size=60)


def counts(pairs):
    used = sorted({v for pair in pairs for v in pair})
    return [[sum(p == (a, b) for p in pairs) for b in used] for a in used]


@given(ratings)
def test_kappa_is_that_of_a_statistics_library(pairs):
    ours = agreement(*zip(*pairs, strict=True)).kappa
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = cohens_kappa(counts(pairs))
    if ours.value is None:
        assert len(counts(pairs)) == 1
        return
    assert ours.value == pytest.approx(theirs.kappa)
    if ours.low is not None:
        assert ours.low == pytest.approx(max(-1.0, theirs.kappa_low), abs=1e-7)
        assert ours.high == pytest.approx(min(1.0, theirs.kappa_upp), abs=1e-7)


@given(st.integers(0, 80), st.integers(1, 80))
def test_a_share_has_wilsons_interval(part, rest):
    low, high = proportion_confint(part, part + rest, method="wilson")
    ours = share(part, part + rest)
    assert (ours.low, ours.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high))


def test_ac1_of_gwets_example():
    # Gwet (2008), a table with one dominant category; AC1 and its interval by irrCAC 0.4.4.
    pairs = [("a", "a")] * 118 + [("a", "b")] * 5 + [("b", "a")] * 2
    ours = agreement(*zip(*pairs, strict=True))
    assert ours.raw.value == pytest.approx(0.944)
    assert ours.kappa.value == pytest.approx(-0.0234, abs=1e-4)
    assert ours.ac1.value == pytest.approx(0.940776, abs=1e-6)
    assert (ours.ac1.low, ours.ac1.high) == pytest.approx((0.895140, 0.986413), abs=1e-6)


def test_ac1_and_its_interval_of_four_categories():
    # By irrCAC 0.4.4 on the same ratings.
    one = "aabbccddaabbccddab"
    other = "aabbccddabbbcdddaa"
    ours = agreement(one, other).ac1
    assert (ours.value, ours.low, ours.high) == pytest.approx((0.778234, 0.524677, 1.0), abs=1e-5)


def test_kappa_collapses_where_nearly_all_pass_and_ac1_does_not():
    pairs = [("pass", "pass")] * 95 + [("pass", "fail")] * 3 + [("fail", "pass")] * 2
    ours = agreement(*zip(*pairs, strict=True))
    assert ours.kappa.value < 0.05 < 0.9 < ours.ac1.value


def test_one_verdict_throughout_has_no_kappa():
    ours = agreement(["pass"] * 9, ["pass"] * 9)
    assert ours.kappa.value is None
    assert "throughout" in ours.kappa.reason
    assert ours.ac1.value == 1.0


def test_nothing_rated_is_a_reason_and_no_number():
    ours = agreement([], [])
    assert (ours.raw.value, ours.kappa.value, ours.ac1.value) == (None, None, None)
    assert ours.raw.reason


def test_a_share_of_nothing_is_a_reason():
    assert share(0, 0).value is None
    assert share(0, 0).reason


@given(ratings)
def test_intervals_hold_their_values(pairs):
    ours = agreement(*zip(*pairs, strict=True))
    for estimate in (ours.raw, ours.kappa, ours.ac1):
        if estimate.low is not None:
            assert estimate.low <= estimate.value <= estimate.high
