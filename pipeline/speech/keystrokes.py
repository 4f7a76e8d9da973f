"""Small repeated noises in the quiet of a call, such as typing."""

from __future__ import annotations

import numpy as np

from pipeline.audio import RATE_HZ, Samples
from pipeline.spans import Span, Spans, gaps, subtract, union
from pipeline.speech.levels import FRAME_S, frame_level_db

# Key strokes: several sharp onsets a second, well above the noise between them.
TYPING_ONSETS_PER_S = 1.0
TYPING_WINDOW_S = 3.0
TYPING_ABOVE_FLOOR_DB = 6.0


def detect_typing(samples: Samples, *, quiet: Spans) -> Spans:
    """Stretches inside ``quiet`` with repeated sharp onsets, such as key strokes.

    Onsets are librosa's (spectral flux peaks); only those well above the channel's noise floor count.
    """
    import librosa

    level_db = frame_level_db(samples)
    if len(level_db) == 0:
        return ()
    floor_db = float(np.quantile(level_db, 0.1))
    found: list[Span] = []
    for silence in quiet:
        stretch = samples[int(silence.start_s * RATE_HZ) : int(silence.end_s * RATE_HZ)]
        if len(stretch) < RATE_HZ * TYPING_WINDOW_S:
            continue
        onsets = librosa.onset.onset_detect(y=stretch, sr=RATE_HZ, units="time", hop_length=160)
        loud = [
            silence.start_s + t
            for t in onsets.tolist()
            if _peak_db(level_db, silence.start_s + t) >= floor_db + TYPING_ABOVE_FLOOR_DB
        ]
        clusters = union((Span(t, t + 0.1) for t in loud), bridge_s=TYPING_WINDOW_S / 2)
        found += [
            c
            for c in clusters
            if c.duration_s >= TYPING_WINDOW_S
            and sum(c.start_s <= t < c.end_s for t in loud) >= TYPING_ONSETS_PER_S * c.duration_s
        ]
    return union(found)


def quiet_stretches(speech: Spans, music: Spans, *, duration_s: float) -> Spans:
    """Time without speech or music."""
    return subtract(gaps(speech, within=Span(0.0, duration_s)), music)


def _peak_db(level_db: np.ndarray[tuple[int], np.dtype[np.float32]], at_s: float) -> float:
    frame = int(at_s / FRAME_S)
    return float(level_db[max(0, frame - 2) : frame + 6].max(initial=-120.0))
