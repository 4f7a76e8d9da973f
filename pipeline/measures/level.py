"""Level of a role's voice, taken from the audio while a call is being heard.

- *level*: root mean square over speech only [dBFS] (librosa.feature.rms, 10 ms frames).
- *snr*: that level over the channel's noise floor, the 10th percentile outside speech [dB].
- *clipping*: share of speech samples at full scale, 0..1.
"""

from __future__ import annotations

import numpy as np

from pipeline.audio import RATE_HZ, Samples
from pipeline.call import Measurement, Role
from pipeline.spans import Spans, total_s

FRAME_S = 0.01
MIN_SPEECH_S = 1.0
MIN_NOISE_FRAMES = 50
FULL_SCALE = 0.999


def measure_level(samples: Samples, speech: Spans, role: Role) -> tuple[Measurement, ...]:
    """Level, signal-to-noise ratio and clipping of one role's channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        The role's channel, mono, 16 kHz.
    speech : Spans
        The role's voice activity on it.
    role : Role
    """
    import librosa

    if total_s(speech) < MIN_SPEECH_S:
        reason = f"less than {MIN_SPEECH_S:g} s of speech"
        units = (("level", "dBFS"), ("snr", "dB"), ("clipping", "share"))
        return tuple(Measurement(name, role, None, unit, reason) for name, unit in units)
    hop = int(RATE_HZ * FRAME_S)
    rms = librosa.feature.rms(y=samples, frame_length=2 * hop, hop_length=hop)[0]
    times = librosa.times_like(rms, sr=RATE_HZ, hop_length=hop)
    speaking = np.zeros(len(rms), dtype=bool)
    for span in speech:
        speaking |= (times >= span.start_s) & (times < span.end_s)
    level_db = 10 * np.log10(float(np.mean(rms[speaking] ** 2)) + 1e-12)
    noise = rms[~speaking]
    noise_db = (
        20 * np.log10(float(np.quantile(noise, 0.1)) + 1e-6) if len(noise) >= MIN_NOISE_FRAMES else None
    )
    at_full_scale = np.concatenate(
        [np.abs(samples[int(s.start_s * RATE_HZ) : int(s.end_s * RATE_HZ)]) >= FULL_SCALE for s in speech]
    )
    return (
        Measurement("level", role, level_db, "dBFS", None, "librosa.feature.rms over voice activity", 1.0),
        Measurement(
            "snr",
            role,
            None if noise_db is None else level_db - noise_db,
            "dB",
            None if noise_db is not None else "no pause long enough to hear the line's noise",
            "level over the 10th percentile of the noise outside speech",
            1.0,
        ),
        Measurement(
            "clipping", role, float(at_full_scale.mean()), "share", None, "samples at full scale", 1.0
        ),
    )
