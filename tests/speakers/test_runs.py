"""Flipping runs: the best of all runs, found without trying each; windows reach all of a long sequence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.speakers import runs
from pipeline.speakers.runs import flip_runs


def problem(seed, n, width):
    """Like stretches over atoms: every row meets some neighbours."""
    random = np.random.default_rng(seed)
    shares = np.zeros((2 * n, n))
    for row in shares:
        at = random.integers(n)
        row[at : at + random.integers(1, width + 1)] = random.uniform(0.1, 1.0)
    quadratic = shares.T @ shares
    z = (random.random(n) < 0.5).astype(float)
    return quadratic, random.normal(size=n) + quadratic.sum(axis=1) / 2, random.uniform(0, 2, n), z


def cost(quadratic, linear, change, z):
    return z @ quadratic @ z - 2 * linear @ z + np.abs(np.diff(z)) @ change[1:]


def flipped(z, first, last):
    other = z.copy()
    other[first:last] = 1 - other[first:last]
    return other


def best_by_trying(quadratic, linear, change, z):
    """Flip the run that lowers the cost most, until none does, by the costs of all runs."""
    n = len(z)
    while True:
        ways = [flipped(z, a, b) for a in range(n) for b in range(a + 1, n + 1)]
        costs = [cost(quadratic, linear, change, way) for way in ways]
        if min(costs) > cost(quadratic, linear, change, z) - runs.LEAST_GAIN:
            return z
        z = ways[int(np.argmin(costs))]


@given(st.integers(0, 10_000), st.integers(1, 24), st.integers(1, 6))
def test_the_runs_are_those_that_trying_all_finds(seed, n, width):
    quadratic, linear, change, z = problem(seed, n, width)
    found = flip_runs(csr_array(quadratic), linear, change, z)
    expected = best_by_trying(quadratic, linear, change, z)
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("n", [39, 40, 41, 60, 61, 259, 260])
def test_windows_reach_every_element(monkeypatch, n):
    monkeypatch.setattr(runs, "WINDOW", 40)
    truth = (np.arange(n) // 7 % 2).astype(float)
    quadratic = csr_array(np.eye(n) + 0.1 * np.eye(n, k=1) + 0.1 * np.eye(n, k=-1))
    found = flip_runs(quadratic, quadratic @ truth, np.full(n, 0.3), np.zeros(n))
    assert found.tolist() == truth.tolist()


def test_a_change_that_costs_more_than_it_explains_is_not_made():
    quadratic, truth = csr_array(np.eye(9)), np.array([0.0, 0, 0, 0, 1, 0, 0, 0, 0])
    for price, kept in ((0.4, 1.0), (0.6, 0.0)):
        found = flip_runs(quadratic, truth, np.full(9, price), np.zeros(9))
        assert found.tolist() == (kept * truth).tolist()
