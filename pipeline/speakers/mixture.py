"""Two voices in one channel as a mixture: every stretch's vector is a blend of two speakers' vectors.

With ``z`` the speaker of each atom (0 or 1) and ``shares`` how much of each stretch lies in each atom, the
model is ``vector = (1 - a) m0 + a m1 + noise`` with ``a = shares @ z``. The speakers' vectors follow from
``z`` by least squares; the discriminant between them is Fisher's, with the noise's covariance shrunk towards
a sphere; ``z`` follows by flipping runs of atoms for as long as that lowers

    sum of weighted squared errors / (2 variance) + cost of every change of speaker,

and the two steps alternate until nothing changes. The exact search over all runs is possible because the
objective is quadratic in ``z``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.speakers.stretches import Matrix, Stretches

ROUNDS = 12
MAX_FLIPS = 400
# How far the covariance of the noise is shrunk towards a sphere; a call has fewer stretches than dimensions.
SHRINK = 0.9
# Variance of a stretch along the line between two voices, in units of their distance squared, at least.
MIN_VARIANCE = 0.03
# Scores are cut off this far outside the line between the voices: no single stretch decides.
CUT_OFF = 0.5
# Neighbouring stretches share two thirds of their frames, so each counts for less than one observation.
INDEPENDENCE = 0.8
# Cost of a change of speaker [nats]: in the middle of a burst; at a pause it fades with its length.
CHANGE_IN_BURST, CHANGE_AT_PAUSE, CHANGE_ANYWHERE, PAUSE_S = 4.0, 3.0, 0.4, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """One way to divide the atoms between two voices.

    Attributes
    ----------
    second : ndarray of bool, shape=(atoms,)
        Which atoms are the second voice's.
    likeness : float
        Cosine between the voices' vectors, -1..1.
    spread : float
        Mean squared distance of stretches from what the mixture expects of them.
    change_cost : float
        Of all changes of speaker together [nats].
    """

    second: np.ndarray[tuple[int], np.dtype[np.bool_]]
    likeness: float
    spread: float
    change_cost: float


def fit_mixture(vectors: Matrix, stretches: Stretches, start: Matrix) -> Mixture | None:
    """Divide the atoms between two voices, from a first division.

    Parameters
    ----------
    vectors : ndarray, shape=(stretches, d)
    stretches : Stretches
    start : ndarray of 0 and 1, shape=(atoms,)

    Returns
    -------
    Mixture or None
        None when one voice loses all its atoms.
    """
    shares, weights = stretches.shares, stretches.weights
    cost = change_costs(stretches.pauses_s)
    z = start.astype(np.float64)
    for _ in range(ROUNDS):
        if z.min() == z.max():
            return None
        blend = shares @ z
        voices, noise = _voices(vectors, blend, weights)
        scores = _scores(vectors, voices, noise, weights)
        variance = float(np.average((scores - blend) ** 2, weights=weights)) + MIN_VARIANCE
        precision = weights * INDEPENDENCE / (2 * variance)
        scores = np.clip(scores, -CUT_OFF, 1 + CUT_OFF)
        better = _flip_runs(
            (shares * precision[:, None]).T @ shares, shares.T @ (precision * scores), cost, z
        )
        if (better == z).all():
            break
        z = better
    if z.min() == z.max():
        return None
    voices, noise = _voices(vectors, shares @ z, weights)
    lengths = np.linalg.norm(voices, axis=1)
    return Mixture(
        second=z > 0.5,
        likeness=float(voices[0] @ voices[1] / (lengths[0] * lengths[1])),
        spread=float(np.average((noise**2).sum(axis=1), weights=weights)),
        change_cost=float(np.abs(np.diff(z)) @ cost[1:]),
    )


def change_costs(pauses_s: Matrix) -> Matrix:
    """Cost of a change of speaker before each atom [nats]: people yield the floor in pauses."""
    at_pause = CHANGE_ANYWHERE + CHANGE_AT_PAUSE * np.exp(-pauses_s / PAUSE_S)
    costs: Matrix = np.where(pauses_s > 0, at_pause, CHANGE_IN_BURST)
    return costs


def _voices(vectors: Matrix, blend: Matrix, weights: Matrix) -> tuple[Matrix, Matrix]:
    """The two voices' vectors by weighted least squares, and what they leave of every stretch's vector."""
    design = np.stack([1 - blend, blend], axis=1)
    weighted = design * weights[:, None]
    voices = np.asarray(
        np.linalg.solve(weighted.T @ design + 1e-3 * np.eye(2), weighted.T @ vectors), np.float64
    )
    return voices, np.asarray(vectors - design @ voices, np.float64)


def _scores(vectors: Matrix, voices: Matrix, noise: Matrix, weights: Matrix) -> Matrix:
    """Where each stretch lies between the first voice (0) and the second (1)."""
    covariance = (noise * weights[:, None]).T @ noise / weights.sum()
    size = len(covariance)
    sphere = np.eye(size) * (np.trace(covariance) / size + 1e-9)
    axis = np.linalg.solve((1 - SHRINK) * covariance + SHRINK * sphere, voices[1] - voices[0])
    first, second = voices @ axis
    scores: Matrix = (vectors @ axis - first) / max(second - first, 1e-9)
    return scores


def _flip_runs(quadratic: Matrix, linear: Matrix, cost: Matrix, z: Matrix) -> Matrix:
    """Flip the run of atoms that lowers ``z'Qz - 2 l'z + changes`` most, until none does."""
    n = len(z)
    z = z.copy()
    for _ in range(MAX_FLIPS):
        turn = 1 - 2 * z
        slope = np.concatenate([[0.0], np.cumsum(2 * (quadratic @ z - linear) * turn)])
        area = np.zeros((n + 1, n + 1))
        area[1:, 1:] = (quadratic * turn[:, None] * turn).cumsum(axis=0).cumsum(axis=1)
        corner = np.diag(area)
        edge = np.concatenate([[0.0], np.where(np.diff(z) != 0, -1.0, 1.0) * cost[1:], [0.0]])
        gain = slope - slope[:, None] + corner + corner[:, None] - area - area.T + edge + edge[:, None]
        gain[np.tril_indices(n + 1)] = np.inf
        first, last = divmod(int(gain.argmin()), n + 1)
        if gain[first, last] > -1e-6:
            break
        z[first:last] = 1 - z[first:last]
    return z
