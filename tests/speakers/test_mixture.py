"""Two voices as a mixture: known divisions are found again, whatever lies across a change of speaker."""

import numpy as np
import pytest

from pipeline.spans import Span, total_s
from pipeline.speakers.mixture import change_costs, fit_mixture
from pipeline.speakers.stretches import cut_stretches

TURNS = [(0.0, 4.0), (4.5, 6.0), (6.6, 9.0), (9.2, 9.9), (10.4, 14.0), (14.9, 16.0)]
SPEECH = tuple(Span(*turn) for turn in TURNS)


def made_vectors(stretches, truth, *, noise, seed=0, size=32):
    random = np.random.default_rng(seed)
    voices = random.normal(size=(2, size))
    voices /= np.linalg.norm(voices, axis=1, keepdims=True)
    blend = stretches.shares @ truth
    vectors = np.stack([1 - blend, blend], axis=1) @ voices
    return vectors + noise / np.sqrt(size) * random.normal(size=vectors.shape)


def alternating(stretches):
    starts = [s.start_s for s in SPEECH]
    return np.array([float(np.searchsorted(starts, a.start_s + 1e-6) % 2) for a in stretches.atoms])


def test_atoms_are_all_of_the_speech_and_shares_are_shares():
    stretches = cut_stretches(SPEECH)
    assert total_s(stretches.atoms) == pytest.approx(total_s(SPEECH))
    assert stretches.shares.sum(axis=1) == pytest.approx(np.ones(len(stretches.frames)))
    assert np.all((stretches.weights > 0) & (stretches.weights <= 1))


@pytest.mark.parametrize("noise", [0.2, 0.5])
def test_a_known_division_is_found_from_a_rough_start(noise):
    stretches = cut_stretches(SPEECH)
    truth = alternating(stretches)
    start = truth.copy()
    start[:6] = 1 - start[:6]
    fit = fit_mixture(made_vectors(stretches, truth, noise=noise), stretches, start)
    assert fit is not None
    agreement = float(np.mean(fit.second == truth))
    assert max(agreement, 1 - agreement) == 1.0


def test_speech_of_one_voice_does_not_become_two_unlike_voices():
    stretches = cut_stretches(SPEECH)
    truth = alternating(stretches)
    fit = fit_mixture(made_vectors(stretches, 0 * truth, noise=0.3), stretches, truth)
    assert fit is None or fit.likeness > 0.9


def test_a_change_of_speaker_costs_less_the_longer_the_pause():
    costs = change_costs(np.array([0.0, 0.1, 0.5, 2.0]))
    assert list(costs) == sorted(costs, reverse=True)
