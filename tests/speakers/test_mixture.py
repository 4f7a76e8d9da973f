"""Two voices as a mixture: known divisions are found again, whatever lies across a change of speaker."""

import numpy as np
import pytest

from pipeline.spans import Span, total_s
from pipeline.speakers import stretches as cutting
from pipeline.speakers.mixture import change_costs, fit_mixtures, label_atoms
from pipeline.speakers.stretches import cut_stretches, pick_evenly

TURNS = [(0.0, 4.0), (4.5, 6.0), (6.6, 9.0), (9.2, 9.9), (10.4, 14.0), (14.9, 16.0)]
SPEECH = tuple(Span(*turn) for turn in TURNS)


def made_vectors(stretches, truth, *, noise, seed=0, size=32):
    random = np.random.default_rng(seed)
    voices = random.normal(size=(2, size))
    voices /= np.linalg.norm(voices, axis=1, keepdims=True)
    blend = stretches.shares @ truth
    vectors = np.stack([1 - blend, blend], axis=1) @ voices
    return vectors + noise / np.sqrt(size) * random.normal(size=vectors.shape)


def alternating(stretches, speech=SPEECH):
    starts = [s.start_s for s in speech]
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
    (fit,) = fit_mixtures(made_vectors(stretches, truth, noise=noise), stretches, [start])
    agreement = float(np.mean(fit.second == truth))
    assert max(agreement, 1 - agreement) == 1.0


def test_speech_of_one_voice_does_not_become_two_unlike_voices():
    stretches = cut_stretches(SPEECH)
    truth = alternating(stretches)
    (fit,) = fit_mixtures(made_vectors(stretches, 0 * truth, noise=0.3), stretches, [truth])
    assert fit.likeness > 0.9


def test_two_starts_that_lead_to_one_division_are_fitted_once():
    stretches = cut_stretches(SPEECH)
    truth = alternating(stretches)
    vectors = made_vectors(stretches, truth, noise=0.2)
    assert len(fit_mixtures(vectors, stretches, [truth, 1 - truth])) == 1


def test_nothing_is_fitted_to_a_start_with_one_voice():
    stretches = cut_stretches(SPEECH)
    truth = alternating(stretches)
    assert fit_mixtures(made_vectors(stretches, truth, noise=0.2), stretches, [0 * truth]) == []


def test_voices_learnt_from_part_of_a_long_call_divide_all_of_it(monkeypatch):
    monkeypatch.setattr(cutting, "MOST_ATOMS", 200)
    monkeypatch.setattr(cutting, "PIECE_ATOMS", 20)
    speech = tuple(Span(s.start_s + 18.0 * i, s.end_s + 18.0 * i) for i in range(40) for s in SPEECH)
    stretches = cut_stretches(speech)
    truth = alternating(stretches, speech)
    vectors = made_vectors(stretches, truth, noise=0.3)
    part, rows = pick_evenly(stretches)
    assert len(part.atoms) <= 200 < len(stretches.atoms)
    assert part.atoms[0] == stretches.atoms[0]
    assert part.atoms[-1].end_s > 0.95 * stretches.atoms[-1].end_s
    assert part.shares.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    (fit,) = fit_mixtures(vectors[rows], part, [alternating(part, speech)])
    found = label_atoms(fit, vectors, stretches)
    assert np.mean(found == truth) > 0.99


def test_a_call_that_is_not_long_is_learnt_from_as_a_whole():
    stretches = cut_stretches(SPEECH)
    assert pick_evenly(stretches)[0] is stretches


def test_a_change_of_speaker_costs_less_the_longer_the_pause():
    costs = change_costs(np.array([0.0, 0.1, 0.5, 2.0]))
    assert list(costs) == sorted(costs, reverse=True)
