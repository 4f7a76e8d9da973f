"""Two voices on one channel told apart by how they sound.

Speech is cut into stretches (:mod:`~pipeline.speakers.stretches`), each gets a vector
(:mod:`~pipeline.speakers.voices`), and a mixture of two voices is fitted from several starts
(:mod:`~pipeline.speakers.mixture`): clusters of stretches (2-means) and clusters of whole bursts, in which
the accidents of single syllables average out. The most plausible division wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pipeline.audio import Waveform
from pipeline.spans import Spans, gaps, subtract, total_s, union
from pipeline.speakers.mixture import Mixture, fit_mixtures, label_atoms
from pipeline.speakers.stretches import Matrix, Stretches, cut_stretches, pick_evenly
from pipeline.speakers.voices import VoiceModel

# Less speech than this cannot be divided.
MIN_SPEECH_S = 4.0
# How alike (cosine) the halves of one voice come out: so much in the long run, less by 1 / sqrt(seconds) in
# little speech. Measured on one speaker's calls: 0.78 to 0.85 after 15 s, 0.93 to 0.96 after a minute.
SAME_VOICE, SAME_VOICE_SHORT = 0.95, 1.0
# Two voices less alike by this are surely two; above the second number nothing was divided.
MARGIN, ALIKE = 0.15, 0.97
SEEDS = 6
# A burst belongs to the speaker of most of its stretches when this much of them lies in it.
MOSTLY = 0.8
TURN_PAUSE_S = 0.3
# How many of the vector's dimensions count as independent when divisions are compared.
DIMENSIONS = 5.0
BRIDGE_S = 0.3


@dataclass(frozen=True, slots=True)
class Separation:
    """Who speaks when on one channel.

    Attributes
    ----------
    voices : tuple of Spans
        Two, the one that speaks first before the other; or one, when they could not be told apart.
    confidence : float
        How sure it is that there are two voices, 0..1: below 0.5 they are no more unlike than the halves of
        one voice may be in so much speech. 0 with one voice.
    reason : str or None
        Why there is only one voice.
    """

    voices: tuple[Spans, ...]
    confidence: float
    reason: str | None = None


def separate_voices(samples: Waveform, speech: Spans, bursts: Spans, model: VoiceModel) -> Separation:
    """Divide the speech of one channel between two voices.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        One channel, 16 kHz.
    speech : Spans
        Voice activity of people on it: no music, no announcement.
    bursts : Spans
        The same with its short pauses left open.
    model : VoiceModel

    Returns
    -------
    Separation
        Its voices never overlap and together are the speech, less pauses at changes of speaker.
    """
    if total_s(bursts) < MIN_SPEECH_S:
        return Separation((speech,), 0.0, f"less than {MIN_SPEECH_S:g} s of speech")
    stretches = cut_stretches(bursts)
    vectors = model.embed(samples, stretches.frames).astype(np.float64)
    part, rows = pick_evenly(stretches)
    fits = fit_mixtures(vectors[rows], part, _starts(vectors[rows], part))
    if not fits:
        return Separation((speech,), 0.0, "only one voice is heard")
    best = min(fits, key=lambda fit: _implausibility(fit, part))
    if best.likeness > ALIKE:
        return Separation((speech,), 0.0, "the voices are too alike to tell apart, or there is only one")
    if part is not stretches:
        best = replace(best, second=label_atoms(best, vectors, stretches))
    expected = SAME_VOICE - SAME_VOICE_SHORT / np.sqrt(total_s(bursts))
    confidence = float(np.clip(0.5 + (expected - best.likeness) / (2 * MARGIN), 0.0, 1.0))
    return Separation(_spans(best, stretches, speech), confidence)


def _implausibility(fit: Mixture, stretches: Stretches) -> float:
    """Negative log likelihood of a division, up to what all divisions share."""
    return 0.5 * float(stretches.weights.sum()) * DIMENSIONS * float(np.log(fit.spread)) + fit.change_cost


def _spans(fit: Mixture, stretches: Stretches, speech: Spans) -> tuple[Spans, ...]:
    """Each voice's voice activity, whoever speaks first before the other."""
    first = bool(fit.second[0])
    atoms = [
        union(a for a, second in zip(stretches.atoms, fit.second, strict=True) if bool(second) is side)
        for side in (first, not first)
    ]
    silent = gaps(speech)
    return tuple(
        subtract(union(own, bridge_s=BRIDGE_S), [*other, *silent]) for own, other in (atoms, reversed(atoms))
    )


def _starts(vectors: Matrix, stretches: Stretches) -> Iterator[Matrix]:
    """First divisions of the atoms, each once."""
    seen: set[bytes] = set()
    weights = stretches.weights
    labelled = [_two_means(vectors, weights, seed) for seed in range(SEEDS)]
    labelled += list(_burst_labels(vectors, stretches))
    for labels in labelled:
        z = (stretches.to_atoms(labels) > 0.5).astype(np.float64)
        key = (z if z[0] == 0 else 1 - z).tobytes()
        if z.min() != z.max() and key not in seen:
            seen.add(key)
            yield z


def _burst_labels(vectors: Matrix, stretches: Stretches) -> Iterator[Matrix]:
    """Labels of stretches by clusters of what lies between pauses, in few directions that set them apart."""
    from scipy.linalg import eigh
    from scipy.sparse import csr_array

    group = np.cumsum(stretches.pauses_s >= TURN_PAUSE_S)
    member = csr_array((np.ones(len(group)), (np.arange(len(group)), group)))
    within = (stretches.shares @ member).toarray()
    owner, sure = within.argmax(axis=1), within.max(axis=1) > MOSTLY
    groups = [g for g in range(group[-1] + 1) if (sure & (owner == g)).any()]
    if len(groups) < 3:
        return
    weights = stretches.weights
    size = np.array([weights[sure & (owner == g)].sum() for g in groups])
    means = np.stack(
        [np.average(vectors[s], axis=0, weights=weights[s]) for s in (sure & (owner == g) for g in groups)]
    )
    centred = means - np.average(means, axis=0, weights=size)
    inside = np.concatenate([vectors[sure & (owner == g)] - m for g, m in zip(groups, means, strict=True)])
    noise = inside.T @ inside / len(inside)
    between = (centred * size[:, None]).T @ centred / size.sum()
    noise += 0.3 * np.eye(len(noise)) * np.trace(noise + between) / len(noise)
    _, axes = eigh(between, noise, subset_by_index=(len(noise) - 3, len(noise) - 1))
    shadows = [centred @ axes[:, ::-1][:, :kept] for kept in (1, 2, 3)]
    for points in (*shadows, means / np.linalg.norm(means, axis=1, keepdims=True)):
        speaker = np.full(group[-1] + 1, 0.5)
        speaker[groups] = _two_means(points, size, seed=0, tries=10)
        yield stretches.shares @ speaker[group]


def _two_means(points: Matrix, weights: Matrix, seed: int, *, tries: int = 1) -> Matrix:
    """Weighted 2-means from random pairs of points: labels 0 and 1 of the tightest of ``tries``."""
    from scipy.cluster.vq import kmeans2

    found: list[tuple[float, Matrix]] = []
    for attempt in range(tries):
        random = np.random.default_rng(seed + attempt)
        first = int(random.choice(len(points), p=weights / weights.sum()))
        far = weights * ((points - points[first]) ** 2).sum(axis=1) + 1e-12
        second = int(random.choice(len(points), p=far / far.sum()))
        centres = points[[first, second]]
        _, labels = kmeans2(points, centres, iter=30, minit="matrix", missing="warn")
        middles = np.stack(
            [points[labels == k].mean(axis=0) if (labels == k).any() else centres[k] for k in (0, 1)]
        )
        found.append(
            (float(weights @ ((points - middles[labels]) ** 2).sum(axis=1)), labels.astype(np.float64))
        )
    return min(found, key=lambda f: f[0])[1]
