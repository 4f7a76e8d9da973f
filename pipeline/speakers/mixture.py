"""Two voices in one channel as a mixture: every stretch's vector is a blend of two speakers' vectors.

With ``z`` the speaker of each atom (0 or 1) and ``shares`` how much of each stretch lies in each atom, the
model is ``vector = (1 - a) m0 + a m1 + noise`` with ``a = shares @ z``. The speakers' vectors follow from
``z`` by least squares; the discriminant between them is Fisher's, with the noise's covariance shrunk towards
a sphere; ``z`` follows by flipping runs of atoms (:mod:`~pipeline.speakers.runs`) for as long as that lowers

    sum of weighted squared errors / (2 variance) + cost of every change of speaker,

and the two steps alternate until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.speakers.runs import flip_runs
from pipeline.speakers.stretches import Matrix, Stretches

Flags = npt.NDArray[np.bool_]

ROUNDS = 12
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
class Discriminant:
    """The direction that sets two voices apart.

    Attributes
    ----------
    axis : ndarray, shape=(d,)
        Scaled so that the voices lie 1 apart.
    origin : float
        Where the first voice lies on it.
    variance : float
        Of stretches about what is expected of them, in units of the voices' distance squared.
    """

    axis: Matrix
    origin: float
    variance: float

    def scores(self, vectors: Matrix) -> Matrix:
        """Where each stretch lies between the first voice (0) and the second (1)."""
        scores: Matrix = vectors @ self.axis - self.origin
        return scores


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
    discriminant : Discriminant
    """

    second: Flags
    likeness: float
    spread: float
    change_cost: float
    discriminant: Discriminant


def fit_mixtures(vectors: Matrix, stretches: Stretches, starts: Iterable[Matrix]) -> list[Mixture]:
    """Divide the atoms between two voices, from several first divisions.

    Parameters
    ----------
    vectors : ndarray, shape=(stretches, d)
    stretches : Stretches
    starts : iterable of ndarray of 0 and 1, shape=(atoms,)

    Returns
    -------
    list of Mixture
        At most one per start: none where a voice loses all its atoms, nor where a start arrives at a division
        that an earlier one went through, because both would end alike.
    """
    visited: set[bytes] = set()
    fits = (_fit(vectors, stretches, start, visited) for start in starts)
    return [fit for fit in fits if fit is not None]


def label_atoms(mixture: Mixture, vectors: Matrix, stretches: Stretches) -> Flags:
    """Tell which atoms are the second voice's by a mixture that was fitted to part of the speech.

    Parameters
    ----------
    mixture : Mixture
    vectors : ndarray, shape=(stretches, d)
        Of all the speech.
    stretches : Stretches

    Returns
    -------
    ndarray of bool, shape=(atoms,)
    """
    scores = mixture.discriminant.scores(vectors)
    start = stretches.to_atoms(scores) > 0.5
    return _divide(scores, mixture.discriminant.variance, stretches, start.astype(np.float64)) > 0.5


def change_costs(pauses_s: Matrix) -> Matrix:
    """Cost of a change of speaker before each atom [nats]: people yield the floor in pauses."""
    at_pause = CHANGE_ANYWHERE + CHANGE_AT_PAUSE * np.exp(-pauses_s / PAUSE_S)
    costs: Matrix = np.where(pauses_s > 0, at_pause, CHANGE_IN_BURST)
    return costs


def _fit(vectors: Matrix, stretches: Stretches, start: Matrix, visited: set[bytes]) -> Mixture | None:
    z = start.astype(np.float64)
    path: set[bytes] = set()
    for _ in range(ROUNDS):
        key = _key(z)
        if z.min() == z.max() or key in visited:
            return None
        if key in path:
            break
        path.add(key)
        line, _, _ = _discriminant(vectors, stretches, z)
        z = _divide(line.scores(vectors), line.variance, stretches, z)
    visited |= path
    if z.min() == z.max():
        return None
    line, voices, noise = _discriminant(vectors, stretches, z)
    lengths = np.linalg.norm(voices, axis=1)
    return Mixture(
        second=z > 0.5,
        likeness=float(voices[0] @ voices[1] / (lengths[0] * lengths[1])),
        spread=float(np.average((noise**2).sum(axis=1), weights=stretches.weights)),
        change_cost=float(np.abs(np.diff(z)) @ change_costs(stretches.pauses_s)[1:]),
        discriminant=line,
    )


def _key(z: Matrix) -> bytes:
    """Identify a division, whichever voice is called the first."""
    return np.packbits(z != z[0]).tobytes()


def _divide(scores: Matrix, variance: float, stretches: Stretches, z: Matrix) -> Matrix:
    """Improve a division under given scores of the stretches."""
    shares = stretches.shares
    precision = stretches.weights * INDEPENDENCE / (2 * variance)
    held = np.clip(scores, -CUT_OFF, 1 + CUT_OFF)
    quadratic = (shares.T @ shares.multiply(precision[:, None])).tocsr()
    return flip_runs(quadratic, shares.T @ (precision * held), change_costs(stretches.pauses_s), z)


def _discriminant(vectors: Matrix, stretches: Stretches, z: Matrix) -> tuple[Discriminant, Matrix, Matrix]:
    """Fit the line between the voices; also return their vectors, and what they leave of every stretch's."""
    blend, weights = stretches.shares @ z, stretches.weights
    voices, noise = _voices(vectors, blend, weights)
    covariance = (noise * weights[:, None]).T @ noise / weights.sum()
    size = len(covariance)
    sphere = np.eye(size) * (np.trace(covariance) / size + 1e-9)
    axis = np.linalg.solve((1 - SHRINK) * covariance + SHRINK * sphere, voices[1] - voices[0])
    first, second = voices @ axis
    scale = max(float(second - first), 1e-9)
    scores = (vectors @ axis - first) / scale
    variance = float(np.average((scores - blend) ** 2, weights=weights)) + MIN_VARIANCE
    return Discriminant(axis / scale, float(first) / scale, variance), voices, noise


def _voices(vectors: Matrix, blend: Matrix, weights: Matrix) -> tuple[Matrix, Matrix]:
    """The two voices' vectors by weighted least squares, and what they leave of every stretch's vector."""
    design = np.stack([1 - blend, blend], axis=1)
    weighted = design * weights[:, None]
    voices = np.asarray(
        np.linalg.solve(weighted.T @ design + 1e-3 * np.eye(2), weighted.T @ vectors), np.float64
    )
    return voices, np.asarray(vectors - design @ voices, np.float64)
