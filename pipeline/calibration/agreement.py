"""Statistics of agreement between two raters on a nominal scale, each with a 95 % interval.

Sources: Cohen (1960) with the standard error of Fleiss, Cohen and Everitt (1969)
for kappa; Gwet (2008, 2014) for AC1 and its variance. Kappa falls towards 0 when nearly all verdicts are
equal however well raters agree; AC1 does not, which is why both are given.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipeline.estimates import CONFIDENCE, Estimate, share

# Below this many compared verdicts intervals are wider than any decision can use.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two raters agree.

    Attributes
    ----------
    compared : int
        Items both have rated.
    raw : Estimate
        Share of items they rate equally.
    kappa, ac1 : Estimate
        Agreement beyond chance.
    """

    compared: int
    raw: Estimate
    kappa: Estimate
    ac1: Estimate


def agreement(one: Sequence[Hashable], other: Sequence[Hashable]) -> Agreement:
    """Compare two raters' ratings of the same items, in the same order.

    Parameters
    ----------
    one, other : sequence
        Categories, equally many.
    """
    pairs = list(zip(one, other, strict=True))
    if not pairs:
        none = Estimate(None, reason="nothing was rated by both")
        return Agreement(0, none, none, none)
    categories = sorted({c for pair in pairs for c in pair}, key=str)
    index = {category: i for i, category in enumerate(categories)}
    counts = np.zeros((len(categories), len(categories)))
    for a, b in pairs:
        counts[index[a], index[b]] += 1
    equal = sum(a == b for a, b in pairs)
    return Agreement(len(pairs), share(equal, len(pairs)), _kappa(counts), _ac1(counts))


def _kappa(counts: NDArray[np.float64]) -> Estimate:
    """Cohen's kappa of a square table of counts, rows one rater, columns the other."""
    p = counts / counts.sum()
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, expected = float(np.trace(p)), float(rows @ columns)
    if np.isclose(expected, 1.0):
        return Estimate(None, reason="both give one and the same verdict throughout")
    kappa = (observed - expected) / (1 - expected)
    # Fleiss, Cohen and Everitt (1969), formula 13: by what is on the diagonal, off it, and the margins.
    crossed = columns[:, None] + rows[None, :]
    diagonal = float(np.sum(np.diag(p) * (1 - np.diag(crossed) * (1 - kappa)) ** 2))
    off = float(np.sum(p * crossed**2) - np.sum(np.diag(p) * np.diag(crossed) ** 2)) * (1 - kappa) ** 2
    margins = (kappa - expected * (1 - kappa)) ** 2
    variance = (diagonal + off - margins) / ((1 - expected) ** 2 * counts.sum())
    reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(max(0.0, variance))
    return _within(kappa, float(reach))


def _ac1(counts: NDArray[np.float64]) -> Estimate:
    """Gwet's AC1 of a square table of counts; the interval takes items, not raters, as a sample."""
    n, q = counts.sum(), len(counts)
    if q < 2:
        return Estimate(1.0, reason="both give one and the same verdict throughout; no interval")
    usage = (counts.sum(axis=0) + counts.sum(axis=1)) / (2 * n)
    chance = float(usage @ (1 - usage)) / (q - 1)
    observed = float(np.trace(counts) / n)
    ac1 = (observed - chance) / (1 - chance)
    if n < 2:
        return Estimate(ac1, reason="a single item has no interval")
    # Each item's own contribution, linearised (Gwet 2008, section 5); equal for items of one cell.
    own_chance = ((1 - usage)[:, None] + (1 - usage)[None, :]) / (2 * (q - 1))
    own = (np.eye(q) - chance) / (1 - chance) - 2 * (1 - ac1) * (own_chance - chance) / (1 - chance)
    variance = float(np.sum(counts * (own - ac1) ** 2)) / (n * (n - 1))
    return _within(ac1, float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * np.sqrt(variance)))


def _within(value: float, reach: float) -> Estimate:
    # Rounding leaves a variance of some 1e-16 where there is none.
    if reach < 1e-6:
        return Estimate(float(value), reason="the verdicts vary too little for an interval")
    return Estimate(float(value), max(-1.0, float(value) - reach), min(1.0, float(value) + reach))
