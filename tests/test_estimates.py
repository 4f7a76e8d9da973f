from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.estimates import Sums, mean, mean_difference, share, share_difference


def sums(*values: float) -> Sums:
    return Sums(len(values), sum(values), sum(v * v for v in values))


def test_a_mean_has_students_interval() -> None:
    values = (70.0, 80.0, 90.0, 60.0)
    found = mean(sums(*values))
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((75.0, low, high))


def test_an_interval_stays_on_the_scale() -> None:
    found = mean(sums(100.0, 100.0, 0.0), lowest=0.0, highest=100.0)
    assert (found.low, found.high) == (0.0, 100.0)


@pytest.mark.parametrize("values", [(), (80.0,), (80.0, 80.0, 80.0)])
def test_without_a_spread_there_is_no_interval(values: tuple[float, ...]) -> None:
    found = mean(sums(*values))
    assert found.low is None
    assert found.high is None
    assert found.reason
    assert not found.above
    assert not found.below


def test_a_difference_of_means_has_welchs_interval() -> None:
    one, other = (70.0, 80.0, 90.0, 60.0), (50.0, 52.0, 51.0)
    found = mean_difference(sums(*one), sums(*other))
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.value == pytest.approx(24.0)
    assert found.less(24.0).value == pytest.approx(0.0)


def test_a_side_without_a_spread_takes_that_of_the_other() -> None:
    all_zero, others = sums(*[0.0] * 71), sums(*[20.0, 60.0, 100.0] * 50)
    found = mean_difference(all_zero, others)
    assert found.below
    assert found.value == pytest.approx(-60.0)
    assert mean_difference(sums(0.0), others).low is None
    assert mean_difference(all_zero, sums(5.0, 5.0)).low is None


def test_sums_of_a_part_and_the_rest_are_those_of_all() -> None:
    assert sums(1.0, 2.0) + sums(3.0) == sums(1.0, 2.0, 3.0)
    assert sums(1.0, 2.0, 3.0) - sums(3.0) == sums(1.0, 2.0)


@given(st.integers(1, 400), st.data())
def test_a_share_has_wilsons_interval(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    found = share(part, whole)
    expected = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert 0.0 <= found.low <= part / whole <= found.high <= 1.0


def test_nothing_has_no_share() -> None:
    assert share(0, 0).value is None
    assert share_difference(1, 2, 0, 0).value is None


def test_a_difference_of_shares_has_newcombes_interval() -> None:
    # Newcombe (1998), table II, comparison (a), method 10.
    found = share_difference(56, 70, 48, 80)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.above
    assert share_difference(48, 80, 56, 70).below


def test_shares_that_are_alike_do_not_differ() -> None:
    found = share_difference(5, 10, 50, 100)
    assert found.value == 0.0
    assert not found.above
    assert not found.below
    assert math.isclose(-(found.low or 0), found.high or 0)
