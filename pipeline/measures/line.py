"""The line a role speaks over, taken from the audio while a call is being heard.

- *noise_floor*: the channel's level outside speech and other sounds, the median of its 10 ms frames [dBFS].
- *dropouts*: holes in the role's speech (:mod:`pipeline.speech.line`) per minute of it.
"""

from __future__ import annotations

import numpy as np

from pipeline.audio import Waveform
from pipeline.call import Measurement, Role
from pipeline.spans import Span, Spans, total_s
from pipeline.speech.levels import FRAME_S, frame_level_db
from pipeline.speech.line import NOTHING_DB, find_dropouts

MIN_SPEECH_S = 1.0
MIN_NOISE_FRAMES = 50
# Speech and other sounds reach this far beyond where they were found.
EDGE_S = 0.2
SILENT_LINE = "the line is digitally silent between words"


def measure_line(
    samples: Waveform, speech: Spans, role: Role, *, sounds: Spans = ()
) -> tuple[Measurement, ...]:
    """Noise floor [dBFS] and dropouts [count/min] of one role's channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        The role's channel, mono, 16 kHz.
    speech : Spans
        The role's voice activity on it.
    role : Role
    sounds : Spans
        Music, signals and announcements on it, which are neither speech nor noise.
    """
    return _noise_floor(samples, (*speech, *sounds), role), _dropouts(samples, speech, role)


def _noise_floor(samples: Waveform, sounds: Spans, role: Role) -> Measurement:
    method = "median level of the frames outside speech and other sounds"
    level_db = frame_level_db(samples)
    line = np.ones(len(level_db), dtype=bool)
    for span in sounds:
        wide = Span(max(0.0, span.start_s - EDGE_S), span.end_s + EDGE_S)
        line[int(wide.start_s / FRAME_S) : int(wide.end_s / FRAME_S) + 1] = False
    if line.sum() < MIN_NOISE_FRAMES:
        reason = "no pause long enough to hear the line's noise"
        return Measurement("noise_floor", role, None, "dBFS", reason, method)
    floor_db = float(np.median(level_db[line]))
    if floor_db < NOTHING_DB:
        return Measurement("noise_floor", role, None, "dBFS", SILENT_LINE, method)
    return Measurement("noise_floor", role, floor_db, "dBFS", None, method, float(line.mean()))


def _dropouts(samples: Waveform, speech: Spans, role: Role) -> Measurement:
    method = "holes in voice activity without even the line's noise"
    minutes = total_s(speech) / 60
    if total_s(speech) < MIN_SPEECH_S:
        reason = f"less than {MIN_SPEECH_S:g} s of speech"
        return Measurement("dropouts", role, None, "count/min", reason, method)
    holes = find_dropouts(samples, speech)
    if holes is None:
        return Measurement("dropouts", role, None, "count/min", SILENT_LINE, method)
    return Measurement("dropouts", role, len(holes) / minutes, "count/min", None, method, 1.0)
