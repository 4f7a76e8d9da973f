"""Division of a sequence between two sides by flipping runs, whichever lowers a quadratic cost most.

The cost of sides ``z`` (0 or 1 per element) is ``z'Qz - 2 l'z`` plus a price for every change of side. ``Q``
is a band: elements further apart than its width do not meet. What a run's flip gains is then the sum of a
part that depends on its first element and one that depends on its last, as soon as it is longer than the
band; so the best of all runs is found in time and memory proportional to length times width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix = npt.NDArray[np.float64]

# Long sequences are searched in windows of so many elements, each half over the one before it.
WINDOW = 1200
MAX_FLIPS = 400
# A gain below this is rounding.
LEAST_GAIN = 1e-6


def flip_runs(quadratic: csr_array, linear: Matrix, change: Matrix, z: Matrix) -> Matrix:
    """Flip the run that lowers the cost most, until none does.

    Parameters
    ----------
    quadratic : csr_array, shape=(n, n)
        ``Q``, symmetric.
    linear : ndarray, shape=(n,)
        ``l``.
    change : ndarray, shape=(n,)
        Price of a change of side before each element; the first one's means nothing.
    z : ndarray of 0 and 1, shape=(n,)
        The division to begin with; stays as it is.

    Returns
    -------
    ndarray of 0 and 1, shape=(n,)
    """
    z = z.copy()
    prices = np.concatenate([[0.0], change[1:], [0.0]])
    band = _band(quadratic)
    for first in range(0, max(1, len(z) - WINDOW // 2), WINDOW // 2):
        _flip_window(slice(first, min(len(z), first + WINDOW)), quadratic, band, linear, prices, z)
    return z


def _band(quadratic: csr_array) -> Matrix:
    """Entry ``[e, m]`` is ``Q[e - m, e]``; at least one column beside the diagonal."""
    entries = quadratic.tocoo()
    width = int((entries.col - entries.row).max(initial=1))
    band = np.zeros((quadratic.shape[0], width + 1))
    upper = entries.col >= entries.row
    band[entries.col[upper], (entries.col - entries.row)[upper]] = entries.data[upper]
    return band


def _flip_window(
    window: slice, quadratic: csr_array, band: Matrix, linear: Matrix, prices: Matrix, z: Matrix
) -> None:
    """Flip runs inside the window, in place, what lies outside being as it is."""
    rows = quadratic[window]
    edges = slice(window.start, window.stop + 1)
    sides = np.concatenate([z[:1], z, z[-1:]])
    for _ in range(MAX_FLIPS):
        turn = 1 - 2 * z[window]
        slope = 2 * (rows @ z - linear[window]) * turn
        sides[1:-1] = z
        differ = sides[edges.start + 1 : edges.stop + 1] != sides[edges]
        edge = np.where(differ, -1.0, 1.0) * prices[edges]
        gain, first, last = _best_run(band[window], turn, slope, edge)
        if gain > -LEAST_GAIN:
            return
        run = slice(window.start + first, window.start + last)
        z[run] = 1 - z[run]


def _best_run(band: Matrix, turn: Matrix, slope: Matrix, edge: Matrix) -> tuple[float, int, int]:
    """Change of the cost by the best run's flip, its first element, and the one after its last."""
    n, width = len(band), band.shape[1] - 1
    at = np.arange(n)[:, None] - np.arange(width + 1)
    meet = np.where(at >= 0, band * turn[:, None] * turn[at], 0.0)
    # Row e, column r: what element e adds to a run that begins r elements before it.
    adds = np.zeros((n + width, width + 1))
    adds[:n] = slope[:, None] + 2 * meet.cumsum(axis=1) - meet[:, :1]
    reach = np.arange(n)[:, None] + np.arange(width)
    short = adds[reach, np.arange(width)].cumsum(axis=1)
    ending = np.concatenate([edge, np.full(width, np.inf)])
    gain = short + edge[:n, None] + ending[reach + 1]
    row, column = divmod(int(gain.argmin()), width)
    best = float(gain[row, column]), row, row + column + 1
    if n <= width:
        return best
    so_far = np.concatenate([[0.0], adds[:n, width].cumsum()])
    closing = so_far + edge
    least = np.minimum.accumulate(closing[::-1])[::-1]
    starting = edge[: n - width] + short[: n - width, -1] - so_far[width:n]
    first = int((starting + least[width:n]).argmin())
    last = first + width + int(closing[first + width :].argmin())
    gain_long = float(starting[first] + closing[last])
    return (gain_long, first, last) if gain_long < best[0] else best
