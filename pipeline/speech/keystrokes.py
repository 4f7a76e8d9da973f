"""Small repeated noises in the quiet of a call, such as typing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from pipeline.spans import Span, Spans, gaps, subtract, union
from pipeline.speech.levels import FRAME_S, Frames, find_runs, frame_level_db
from pipeline.speech.onset_library import onset_detect
from pipeline.waveform import RATE_HZ, Waveform

# Key strokes: several sharp onsets a second, well above the noise between them.
TYPING_ONSETS_PER_S = 1.0
TYPING_WINDOW_S = 3.0
TYPING_ABOVE_FLOOR_DB = 6.0
PIECE_S = 300.0
# An onset's level is that of the loudest frame around it.
BEFORE_FRAMES, AFTER_FRAMES = 2, 6
ONSET_S = 0.1


def detect_typing(samples: Waveform, *, quiet: Spans) -> Spans:
    """Stretches inside ``quiet`` with repeated sharp onsets, such as key strokes.

    Onsets are librosa's (spectral flux peaks); only those well above the channel's noise floor count.
    """
    level_db = frame_level_db(samples)
    if len(level_db) == 0:
        return ()
    floor_db = float(np.quantile(level_db, 0.1))
    found: list[Span] = []
    for silence in (piece for whole in quiet for piece in _pieces(whole)):
        if silence.duration_s < TYPING_WINDOW_S or not _may_hold_strokes(level_db, floor_db, silence):
            continue
        stretch = samples[int(silence.start_s * RATE_HZ) : int(silence.end_s * RATE_HZ)]
        onsets = onset_detect()(y=stretch, sr=RATE_HZ, units="time", hop_length=160)
        loud = [
            silence.start_s + t
            for t in onsets.tolist()
            if _peak_db(level_db, silence.start_s + t) >= floor_db + TYPING_ABOVE_FLOOR_DB
        ]
        clusters = union((Span(t, t + ONSET_S) for t in loud), bridge_s=TYPING_WINDOW_S / 2)
        found += [
            c
            for c in clusters
            if c.duration_s >= TYPING_WINDOW_S
            and sum(c.start_s <= t < c.end_s for t in loud) >= TYPING_ONSETS_PER_S * c.duration_s
        ]
    return union(found)


def _pieces(whole: Span) -> Iterator[Span]:
    """Cut a long quiet stretch: spectra of hours of it would take much memory."""
    count = int(whole.duration_s // PIECE_S) + 1
    edges = np.linspace(whole.start_s, whole.end_s, count + 1).tolist()
    yield from (Span(a, b) for a, b in pairwise(edges))


def _may_hold_strokes(level_db: Frames, floor_db: float, silence: Span) -> bool:
    """Whether there are sounds above the noise that follow each other for long enough."""
    first = max(0, int(silence.start_s / FRAME_S) - BEFORE_FRAMES)
    inside = level_db[first : int(silence.end_s / FRAME_S) + AFTER_FRAMES]
    sounds = find_runs(inside >= floor_db + TYPING_ABOVE_FLOOR_DB)
    off_s = ONSET_S + (BEFORE_FRAMES + AFTER_FRAMES) * FRAME_S
    rows = union((Span(a * FRAME_S, b * FRAME_S) for a, b in sounds), bridge_s=TYPING_WINDOW_S / 2 + off_s)
    return any(row.duration_s >= TYPING_WINDOW_S - off_s for row in rows)


def quiet_stretches(speech: Spans, music: Spans, *, duration_s: float) -> Spans:
    """Time without speech or music."""
    return subtract(gaps(speech, within=Span(0.0, duration_s)), music)


def _peak_db(level_db: np.ndarray[tuple[int], np.dtype[np.float32]], at_s: float) -> float:
    frame = int(at_s / FRAME_S)
    return float(level_db[max(0, frame - BEFORE_FRAMES) : frame + AFTER_FRAMES].max(initial=-120.0))
