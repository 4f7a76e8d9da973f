"""Voice activity: when a channel carries speech.

Two independent models vote (:mod:`pipeline.speech.models`), since each goes deaf on lines the other hears
well. A frame is speech when either is sure enough, and its level is within reach of the channel's own speech
level. Most of a telephone channel is quiet while the other party speaks, and where one model hears speech
the other cannot change the outcome: so the first is asked only about frames whose level may be within reach,
and the second only about those in which the first has heard nothing.

Definitions: stretches under 0.12 s are dropped, gaps under 0.3 s bridged (design's measures).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.audio import Waveform
from pipeline.spans import Span, Spans, union
from pipeline.speech.levels import FRAME_S, Flags, Frames, find_runs, frame_level_db
from pipeline.speech.models import ask_omni, ask_silero

# The models miss faint callers: they hear a channel whose loud frames, its loudest twentieth, are this loud.
HEARD_DBFS, LOUD = -20.0, 0.95
# Stretches a recorder filled with zeros say nothing about the line's noise.
DIGITAL_SILENCE_DB = -100.0
# On a noisy line frames up to this far below the speech still count.
NEAR_SPEECH_DB = 18.0
# Pauses inside an utterance.
PAUSE_S = 0.15
PAUSE_BELOW_DB = 30.0
PAUSE_ABOVE_FLOOR_DB = 4.0
PAUSE_AT_LEAST_DB = 8.0
# Speech is seldom this much fainter than a channel's loud frames (on 130 channels by 2 dB at most); where it
# is, everything within its reach is listened to after all.
FAINTER_DB = 3.0
# By this much the speech level may fall when the second model has had its say.
SETTLES_DB = 2.0
# Shorter gaps in what the first model hears are not worth asking the second about: they are edges of words.
DOUBT_FRAMES = 6


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


def detect_speech(samples: Waveform, options: ActivityOptions | None = None) -> Spans:
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
    level_db = _smooth_db(frame_level_db(samples))
    reach = _Reach.of(level_db, options)
    if reach is None:
        return ()
    return _to_spans(_vote(samples, level_db, reach, options.threshold), options)


def find_pauses(samples: Waveform, span: Span) -> Spans:
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
    runs = (Span((first + a) * FRAME_S, (first + b) * FRAME_S) for a, b in find_runs(inside < limit_db))
    return tuple(s for s in runs if s.duration_s >= PAUSE_S)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which levels are within reach of the speech on a channel, given its level and the line's noise."""

    floor_db: float
    below_speech_db: float
    above_floor_db: float

    @classmethod
    def of(cls, level_db: Frames, options: ActivityOptions) -> _Reach | None:
        line_db = level_db[level_db > DIGITAL_SILENCE_DB]
        if not len(line_db):
            return None
        return cls(float(np.quantile(line_db, 0.1)), options.below_speech_db, options.above_floor_db)

    def least_db(self, speech_db: float) -> float:
        """Return the least level of speech."""
        needed_db = max(speech_db - self.below_speech_db, self.floor_db + self.above_floor_db)
        # On a line whose noise comes near the speech, the floor says little: stay well below the speech.
        return min(needed_db, speech_db - NEAR_SPEECH_DB)


def _vote(samples: Waveform, level_db: Frames, reach: _Reach, threshold: float) -> Flags:
    """Frames that a model hears as speech and that are loud enough to be it."""
    loud_db = float(np.quantile(level_db, LOUD))
    gain = 10 ** ((HEARD_DBFS - loud_db) / 20)
    least_db = reach.least_db(loud_db - FAINTER_DB)
    heard = ask_silero(samples, gain, level_db >= least_db) >= threshold
    if heard.any():
        settled_db = reach.least_db(_speech_db(level_db, heard) - SETTLES_DB)
        if settled_db < least_db:
            fainter = (level_db >= settled_db) & (level_db < least_db)
            heard |= ask_silero(samples, gain, fainter) >= threshold
        least_db = settled_db
    doubtful = np.zeros(len(heard), bool)
    for first, end in find_runs((level_db >= least_db) & ~heard):
        doubtful[first:end] = end - first >= DOUBT_FRAMES
    heard |= ask_omni(samples, gain, doubtful) >= threshold
    return heard & (level_db >= reach.least_db(_speech_db(level_db, heard))) if heard.any() else heard


def _speech_db(level_db: Frames, heard: Flags) -> float:
    return float(np.quantile(level_db[heard], 0.9))


def _smooth_db(level_db: Frames) -> Frames:
    """Level over three frames."""
    from scipy.ndimage import uniform_filter1d

    power = uniform_filter1d(10 ** (level_db / 10), 3, mode="constant")
    smooth: Frames = (10 * np.log10(power + 1e-12)).astype(np.float32)
    return smooth


def _to_spans(active: Flags, options: ActivityOptions) -> Spans:
    runs = [Span(a * FRAME_S, b * FRAME_S) for a, b in find_runs(active)]
    joined = union(runs, bridge_s=0.05)
    return union((s for s in joined if s.duration_s >= options.min_speech_s), bridge_s=options.bridge_s)
