"""Level of a role's voice and of its line, taken from the audio while a call is being heard.

- *level*: root mean square over speech only [dBFS].
- *snr*: that level over the line's noise, the median of its frames outside speech and other sounds [dB].
  A low percentile would take the gaps of a babble or a building site for the noise.
- *clipping*: share of speech samples at full scale, 0..1.
- *peak_level*: level of the loudest frames of speech, their 99th percentile [dBFS]; frames of 20 ms.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pipeline.call import Measurement, Role
from pipeline.spans import Span, Spans, total_s
from pipeline.waveform import RATE_HZ, Samples, Waveform, mean_power

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
    ("peak_level", "dBFS", "99th percentile of root mean squares of 20 ms over voice activity"),
)


def measure_level(
    samples: Waveform, speech: Spans, role: Role, *, sounds: Spans = ()
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
    level_db = level_within(samples, speech)
    if level_db is None or total_s(speech) < MIN_SPEECH_S:
        reason = f"less than {MIN_SPEECH_S:g} s of speech"
        return tuple(Measurement(name, role, None, unit, reason, method) for name, unit, method in METHODS)
    # Frames of 20 ms are centred on multiples of 10 ms, silence lies beyond both ends.
    hop = int(RATE_HZ * FRAME_S)
    power = np.pad(mean_power(samples, hop), 1)
    rms = np.sqrt((power[:-1] + power[1:]) / 2)
    times = np.arange(len(rms)) * hop / RATE_HZ
    speaking = _inside(times, speech)
    wide = [Span(max(0.0, s.start_s - EDGE_S), s.end_s + EDGE_S) for s in (*speech, *sounds)]
    noise = rms[~_inside(times, tuple(wide))]
    snr_db = level_db - _db(float(np.median(noise))) if len(noise) >= MIN_NOISE_FRAMES else None
    at_full_scale = _share_at_full_scale(samples, speech)
    peak_db = _db(float(np.quantile(rms[speaking], 0.99)))
    values = (level_db, snr_db, at_full_scale, peak_db)
    silent = "no pause long enough to hear the line's noise"
    return tuple(
        Measurement(name, role, value, unit, silent if value is None else None, method, 1.0)
        for (name, unit, method), value in zip(METHODS, values, strict=True)
    )


def level_within(samples: Waveform, speech: Spans) -> float | None:
    """Root mean square of the samples inside some voice activity [dBFS], or None where there is none."""
    sums = [(float(np.sum(piece**2, dtype=np.float64)), len(piece)) for piece in _spoken(samples, speech)]
    count = sum(length for _, length in sums)
    return 10 * float(np.log10(sum(total for total, _ in sums) / count + 1e-12)) if count else None


def _share_at_full_scale(samples: Waveform, speech: Spans) -> float:
    counts = [
        (np.count_nonzero(np.abs(piece) >= FULL_SCALE), len(piece)) for piece in _spoken(samples, speech)
    ]
    return float(sum(clipped for clipped, _ in counts) / sum(length for _, length in counts))


def _spoken(samples: Waveform, speech: Spans) -> Iterator[Samples]:
    for span in speech:
        yield samples[int(span.start_s * RATE_HZ) : int(span.end_s * RATE_HZ)]


def _inside(times: npt.NDArray[np.floating], spans: Spans) -> Flags:
    inside = np.zeros(len(times), dtype=bool)
    for span in spans:
        first, end = np.searchsorted(times, (span.start_s, span.end_s))
        inside[first:end] = True
    return inside


def _db(rms: float) -> float:
    return 20 * float(np.log10(rms + 1e-6))
