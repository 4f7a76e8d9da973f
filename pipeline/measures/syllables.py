"""Syllables counted in the audio alone: a second opinion on how much was said.

A syllable's nucleus is a peak of the level at 300-2500 Hz, within 25 dB of the loud frames of its stretch of
speech, with a dip of 2 dB before the next one: the thresholds of de Jong and Wempe (2009, "Praat script to
detect syllable nuclei", Behavior Research Methods 41:385). They ask for voicing to leave out hisses; so does
the band, also where a telephone's cut-off hides the fundamental. Voice activity says where speech is.
"""

from __future__ import annotations

import numpy as np

from pipeline.audio import RATE_HZ, Samples, Waveform
from pipeline.call import Measurement, Role
from pipeline.measures.level import Numbers
from pipeline.spans import Span, Spans, total_s

BAND_HZ = (300.0, 2500.0)
HOP_S = 0.01
WINDOW, HOP, TRANSFORM = 400, 160, 512
BAND = slice(*(-int(-hz * TRANSFORM // RATE_HZ) for hz in BAND_HZ))
# Far below any line's noise, on the scale of the band's level: 40 dB above dBFS.
SILENCE_DB = -50.0
# Frames the level is smoothed over: shorter ripples are the pulses of the voice.
SMOOTHED = 5
DIP_DB, AUDIBLE_DB, LOUD_QUANTILE = 2.0, 25.0, 0.95
# No one says more than 20 syllables in a second.
APART_FRAMES = 5
MIN_SPEECH_S = 1.0
METHOD = "peaks of the level at 300-2500 Hz that dips of 2 dB part"


class SyllableCounter:
    """Counts the syllable nuclei inside voice activity of one channel, each stretch of it once.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        The channel, mono, 16 kHz.
    """

    def __init__(self, samples: Waveform) -> None:
        self._samples = samples
        self._known: dict[Span, int] = {}

    def count(self, speech: Spans) -> int:
        """Count the nuclei inside some voice activity."""
        for span in speech:
            if span not in self._known:
                piece = self._samples[int(span.start_s * RATE_HZ) : int(span.end_s * RATE_HZ)]
                self._known[span] = len(find_nuclei(_band_level_db(piece))) if len(piece) >= WINDOW else 0
        return sum(self._known[span] for span in speech)


def find_nuclei(level_db: Numbers) -> list[int]:
    """Return the frames of the peaks of a stretch of speech.

    Parameters
    ----------
    level_db : ndarray, shape=(n,)
        Level of its frames, one every 10 ms [dB].
    """
    from scipy.signal import find_peaks

    if len(level_db) < SMOOTHED:
        return []
    smooth = np.convolve(np.pad(level_db, SMOOTHED // 2, mode="edge"), np.ones(SMOOTHED) / SMOOTHED, "valid")
    least = max(float(np.quantile(smooth, LOUD_QUANTILE)) - AUDIBLE_DB, SILENCE_DB)
    silence = [float(smooth.min()) - 2 * AUDIBLE_DB]
    # A stretch may begin or end on a peak.
    peaks, _ = find_peaks(
        np.concatenate((silence, smooth, silence)), prominence=DIP_DB, height=least, distance=APART_FRAMES
    )
    return [int(at) - 1 for at in peaks]


def measure_syllable_rate(syllables: SyllableCounter, speech: Spans, role: Role) -> Measurement:
    """Syllables a minute of a role's voice activity, without the recogniser.

    Less than 1 s of speech is unmeasurable.
    """
    speech_s = total_s(speech)
    if speech_s < MIN_SPEECH_S:
        reason = f"less than {MIN_SPEECH_S:g} s of speech"
        return Measurement("syllable_rate", role, None, "syllables/min", reason, METHOD)
    rate = 60.0 * syllables.count(speech) / speech_s
    return Measurement("syllable_rate", role, rate, "syllables/min", None, METHOD, 1.0)


def _band_level_db(samples: Samples) -> Numbers:
    """Level at 300-2500 Hz of each 10 ms [dB]."""
    from scipy.fft import rfft
    from scipy.signal.windows import hann

    # Frames are centred on multiples of the hop, silence lies beyond both ends.
    padded = np.pad(samples, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    spectrum = rfft(frames * hann(WINDOW, sym=False).astype(np.float32), TRANSFORM, axis=1)[:, BAND]
    power = spectrum.real**2 + spectrum.imag**2
    level_db: Numbers = 10 * np.log10(power.sum(axis=1, dtype=np.float64) + 1e-9)
    return level_db
