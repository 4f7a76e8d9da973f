"""Voice: everything about a role's voice that is taken from the audio while a call is being heard.

Level, noise and clipping (:mod:`pipeline.measures.level`), the line (:mod:`pipeline.measures.line`), pitch
(:mod:`pipeline.measures.pitch`), drawl (:mod:`pipeline.measures.drawl`), syllables
(:mod:`pipeline.measures.syllables`) and:

- *spectral_tilt*: mean spectrum of speech at 1-3.4 kHz over that at 300-1000 Hz [dB]; the alpha ratio
  (Frokjaer-Jensen and Prytz 1976) within the telephone band. A voice through a hand, a mask or a
  loudspeaker loses the upper band.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pipeline.audio import RATE_HZ, Waveform
from pipeline.call import Measurement, Role, Utterance
from pipeline.measures.drawl import measure_drawl
from pipeline.measures.level import MIN_SPEECH_S, level_within, measure_level
from pipeline.measures.line import measure_line
from pipeline.measures.pitch import measure_pitch, pitch_within, track_pitch
from pipeline.measures.syllables import SyllableCounter, measure_syllable_rate
from pipeline.spans import Span, Spans, crop, total_s

FRAME = 512
LOW_BAND_HZ, HIGH_BAND_HZ = (300.0, 1000.0), (1000.0, 3400.0)
# Spectra of so much speech at a time.
TOGETHER_S = 120.0
TILT_METHOD = "mean power at 1-3.4 kHz / at 300-1000 Hz over voice activity"


def describe_voice(
    samples: Waveform, speech: Spans, utterances: Sequence[Utterance], role: Role, *, sounds: Spans = ()
) -> tuple[tuple[Utterance, ...], tuple[Measurement, ...]]:
    """Give each utterance its level, pitch and syllables, and measure the role's voice as a whole.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        The role's channel, mono, 16 kHz.
    speech : Spans
        The role's voice activity on it.
    utterances : sequence of Utterance
        What was said on it.
    role : Role
        ``UNKNOWN`` for a channel that parties share: it has a level and a line, but not one voice.
    sounds : Spans
        Music, ringing and announcements on the channel.
    """
    track, counter = track_pitch(samples, speech), SyllableCounter(samples)
    described = tuple(
        replace(
            utterance,
            level_dbfs=level_within(samples, crop(speech, utterance.span)),
            pitch_hz=pitch_within(track, utterance.span),
            syllables=counter.count(crop(speech, utterance.span)),
        )
        for utterance in utterances
    )
    taken = (
        *measure_level(samples, speech, role, sounds=sounds),
        *measure_line(samples, speech, role, sounds=sounds),
    )
    if role is Role.UNKNOWN:
        return described, taken
    voice = (
        *measure_pitch(track, role),
        measure_drawl(track, speech, role),
        _tilt(samples, speech, role),
        measure_syllable_rate(counter, speech, role),
    )
    return described, (*taken, *voice)


def _tilt(samples: Waveform, speech: Spans, role: Role) -> Measurement:
    if total_s(speech) < MIN_SPEECH_S:
        reason = f"less than {MIN_SPEECH_S:g} s of speech"
        return Measurement("spectral_tilt", role, None, "dB", reason, TILT_METHOD)
    power, frames = np.zeros(FRAME // 2 + 1), 0
    for spans in _together(speech):
        spoken = np.concatenate([samples[int(s.start_s * RATE_HZ) : int(s.end_s * RATE_HZ)] for s in spans])
        whole = np.lib.stride_tricks.sliding_window_view(np.pad(spoken, (0, FRAME)), FRAME)[:: FRAME // 2]
        power += np.sum(np.abs(np.fft.rfft(whole * np.hanning(FRAME), axis=1)) ** 2, axis=0)
        frames += len(whole)
    power /= frames
    hz = np.fft.rfftfreq(FRAME, 1 / RATE_HZ)
    low, high = (
        float(np.mean(power[(hz >= band[0]) & (hz < band[1])])) for band in (LOW_BAND_HZ, HIGH_BAND_HZ)
    )
    tilt_db = 10 * float(np.log10((high + 1e-12) / (low + 1e-12)))
    return Measurement("spectral_tilt", role, tilt_db, "dB", None, TILT_METHOD, 1.0)


def _together(speech: Spans) -> Iterator[list[Span]]:
    """Stretches of speech, some at a time."""
    group: list[Span] = []
    for span in speech:
        group.append(span)
        if total_s(group) >= TOGETHER_S:
            yield group
            group = []
    if group:
        yield group
