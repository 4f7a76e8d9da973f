"""What is compared when voices are told apart: atoms that get a speaker, and stretches that are listened to.

An *atom* is about 0.2 s of speech; every atom belongs to one voice. A *stretch* is up to 1.5 s of speech,
long enough to tell a voice by. Some stretches keep inside one burst of speech, and are of one speaker as a
rule; others run across a pause, and say whether the same voice goes on after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.spans import Span, Spans, union
from pipeline.speakers.voices import FRAME_S, Frames

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix = npt.NDArray[np.float64]

ATOM_FRAMES = 20
STRETCH_FRAMES = 150
STEP_FRAMES = 50
# A burst of speech goes on over pauses shorter than this.
BURST_S = 0.15
# Stretches run across pauses up to this long: beyond, the other party has usually taken the floor.
ACROSS_S = 0.8
# Voices are learnt from so many atoms at most, about eight minutes, in evenly spaced pieces of 20 s.
MOST_ATOMS, PIECE_ATOMS = 2400, 100


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """How a channel's speech is cut up.

    Attributes
    ----------
    atoms : tuple of Span
        Sorted, disjoint, all of the speech.
    pauses_s : ndarray, shape=(len(atoms),)
        Silence before each atom [s]; 0 inside a burst.
    frames : tuple of ndarray of int
        Of each stretch, the 10 ms frames it is made of.
    shares : csr_array, shape=(len(frames), len(atoms))
        Share of each stretch that lies in each atom; rows sum to 1. Sparse: a stretch meets a dozen atoms.
    weights : ndarray, shape=(len(frames),)
        Length relative to a full stretch, 0..1.
    """

    atoms: Spans
    pauses_s: Matrix
    frames: tuple[Frames, ...]
    shares: csr_array
    weights: Matrix

    def to_atoms(self, values: Matrix) -> Matrix:
        """Carry a value of each stretch over to the atoms: the weighted mean of those that meet them."""
        reach = self.shares.multiply(self.weights[:, None]).tocsr()
        means: Matrix = reach.T @ values / np.maximum(reach.sum(axis=0), 1e-9)
        return means


def cut_stretches(speech: Spans) -> Stretches:
    """Cut voice activity with its short pauses (not bridged over 0.1 s) into atoms and stretches."""
    bounds = [(round(s.start_s / FRAME_S), round(s.end_s / FRAME_S)) for s in speech]
    bounds = [(a, b) for a, b in bounds if b > a]
    edges = [
        np.linspace(a, b, max(1, round((b - a) / ATOM_FRAMES)) + 1).round().astype(int) for a, b in bounds
    ]
    starts = np.concatenate([e[:-1] for e in edges]) if edges else np.zeros(0, int)
    ends = np.concatenate([e[1:] for e in edges]) if edges else np.zeros(0, int)
    atoms = tuple(Span(a * FRAME_S, b * FRAME_S) for a, b in zip(starts.tolist(), ends.tolist(), strict=True))
    pauses = np.zeros(len(atoms))
    pauses[1:] = (starts[1:] - ends[:-1]) * FRAME_S
    inside = [_frames([s]) for s in union(speech, bridge_s=BURST_S)]
    across = [_frames(group) for group in _groups(speech)]
    frames = tuple(
        [w for whole in inside for w in _slide(whole)]
        + [w for whole in across for w in _slide(whole) if np.diff(w).max(initial=0) * FRAME_S > BURST_S]
    )
    shares = _shares(frames, starts, ends)
    weights = np.array([min(1.0, len(f) / STRETCH_FRAMES) for f in frames])
    return Stretches(atoms, pauses, frames, shares, weights)


def pick_evenly(stretches: Stretches) -> tuple[Stretches, Frames]:
    """Take part of the speech, spread evenly over it, so that a long call costs no more than a short one.

    Returns
    -------
    Stretches
        Of at most `MOST_ATOMS` atoms; everything when there are no more.
    ndarray of int
        Numbers of its stretches among all.
    """
    count = len(stretches.atoms)
    if count <= MOST_ATOMS:
        return stretches, np.arange(len(stretches.frames))
    pieces = -(-count // PIECE_ATOMS)
    picked = np.linspace(0, pieces - 1, MOST_ATOMS // PIECE_ATOMS).round().astype(int)
    kept = np.flatnonzero(np.isin(np.arange(count) // PIECE_ATOMS, picked))
    inside = stretches.shares[:, kept]
    rows = np.flatnonzero(inside.sum(axis=1) > 1 - 1e-9)
    atoms = tuple(stretches.atoms[i] for i in kept.tolist())
    pauses = stretches.pauses_s[kept]
    pauses[1:] = [max(0.0, b.start_s - a.end_s) for a, b in pairwise(atoms)]
    frames = tuple(stretches.frames[i] for i in rows.tolist())
    return Stretches(atoms, pauses, frames, inside[rows], stretches.weights[rows]), rows


def _shares(frames: Sequence[Frames], starts: Frames, ends: Frames) -> csr_array:
    """Share of each stretch that lies in each atom, which begins and ends at these frames."""
    from scipy.sparse import csr_array

    rows, columns, counts = [np.zeros(0, int)], [np.zeros(0, int)], [np.zeros(0, int)]
    for row, stretch in enumerate(frames):
        at = np.searchsorted(ends, stretch, side="right")
        known = at < len(ends)
        atoms, count = np.unique(at[known][stretch[known] >= starts[at[known]]], return_counts=True)
        rows.append(np.full(len(atoms), row))
        columns.append(atoms)
        counts.append(count)
    where = np.concatenate(rows), np.concatenate(columns)
    held = np.concatenate(counts).astype(np.float64)
    total = np.maximum(np.bincount(where[0], held, len(frames)), 1.0)
    return csr_array((held / total[where[0]], where), shape=(len(frames), len(starts)))


def _groups(speech: Spans) -> Iterator[list[Span]]:
    group: list[Span] = []
    for span in speech:
        if group and span.start_s - group[-1].end_s > ACROSS_S:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _frames(spans: Sequence[Span]) -> Frames:
    runs = [np.arange(round(s.start_s / FRAME_S), round(s.end_s / FRAME_S)) for s in spans]
    return np.concatenate(runs).astype(np.int64)


def _slide(whole: Frames) -> Iterator[Frames]:
    """Stretches of full length every half second, the last one flush with the end."""
    spare = len(whole) - STRETCH_FRAMES
    steps = max(0, -(-spare // STEP_FRAMES))
    for step in range(steps + 1):
        start = round(step * spare / steps) if steps else 0
        if len(whole):
            yield whole[start : start + STRETCH_FRAMES]
