"""Level of a role's voice and of its line, taken from the audio while a call is being heard.

- *level*: root mean square over speech only [dBFS].
- *snr*: that level over the line's noise, the median of its frames outside speech and other sounds [dB].
  A low percentile would take the gaps of a babble or a building site for the noise.
- *clipping*: share of speech samples at full scale, 0..1.
- *peak_level*: level of the loudest frames of speech, their 99th percentile [dBFS]; frames of 20 ms
  (librosa.feature.rms).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.audio import RATE_HZ, Samples
from pipeline.call import Measurement, Role
from pipeline.spans import Span, Spans, total_s

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FRAME_S = 0.01
MIN_SPEECH_S = 1.0
MIN_NOISE_FRAMES = 50
FULL_SCALE = 0.999
# Speech and other sounds reach this far beyond where they were found.
EDGE_S = 0.2
METHODS = (
    ("level", "dBFS", "root mean square over voice activity"),
    ("snr", "dB", "level / median noise outside speech, music and ringing"),
    ("clipping", "share", "samples at full scale"),
    ("peak_level", "dBFS", "99th percentile of librosa.feature.rms over voice activity"),
)


def measure_level(
    samples: Samples, speech: Spans, role: Role, *, sounds: Spans = ()
) -> tuple[Measurement, ...]:
    """Level, signal-to-noise ratio, clipping and peak level of one role's channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        The role's channel, mono, 16 kHz.
    speech : Spans
        The role's voice activity on it.
    role : Role
    sounds : Spans
        Music, ringing and announcements on it, which are neither speech nor noise.
    """
    import librosa

    level_db = level_within(samples, speech)
    if level_db is None or total_s(speech) < MIN_SPEECH_S:
        reason = f"less than {MIN_SPEECH_S:g} s of speech"
        return tuple(Measurement(name, role, None, unit, reason, method) for name, unit, method in METHODS)
    hop = int(RATE_HZ * FRAME_S)
    rms = librosa.feature.rms(y=samples, frame_length=2 * hop, hop_length=hop)[0]
    times = librosa.times_like(rms, sr=RATE_HZ, hop_length=hop)
    speaking = _inside(times, speech)
    wide = [Span(max(0.0, s.start_s - EDGE_S), s.end_s + EDGE_S) for s in (*speech, *sounds)]
    noise = rms[~_inside(times, tuple(wide))]
    snr_db = level_db - _db(float(np.median(noise))) if len(noise) >= MIN_NOISE_FRAMES else None
    at_full_scale = np.abs(_spoken(samples, speech)) >= FULL_SCALE
    peak_db = _db(float(np.quantile(rms[speaking], 0.99)))
    values = (level_db, snr_db, float(at_full_scale.mean()), peak_db)
    silent = "no pause long enough to hear the line's noise"
    return tuple(
        Measurement(name, role, value, unit, silent if value is None else None, method, 1.0)
        for (name, unit, method), value in zip(METHODS, values, strict=True)
    )


def level_within(samples: Samples, speech: Spans) -> float | None:
    """Root mean square of the samples inside some voice activity [dBFS], or None where there is none."""
    spoken = _spoken(samples, speech)
    if not len(spoken):
        return None
    return 10 * float(np.log10(np.mean(spoken**2, dtype=np.float64) + 1e-12))


def _spoken(samples: Samples, speech: Spans) -> Samples:
    pieces = [samples[int(s.start_s * RATE_HZ) : int(s.end_s * RATE_HZ)] for s in speech]
    return np.concatenate(pieces) if pieces else samples[:0]


def _inside(times: Numbers, spans: Spans) -> Flags:
    inside = np.zeros(len(times), dtype=bool)
    for span in spans:
        inside |= (times >= span.start_s) & (times < span.end_s)
    return inside


def _db(rms: float) -> float:
    return 20 * float(np.log10(rms + 1e-6))
