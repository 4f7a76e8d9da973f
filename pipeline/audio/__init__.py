"""Decoding, channels and clips: the only place that decodes recordings."""

from pipeline.audio.clips import Cut, cut_clips, widened
from pipeline.audio.decoding import Recording, decode, load_recording
from pipeline.waveform import RATE_HZ, Samples, Waveform

__all__ = [
    "RATE_HZ",
    "Cut",
    "Recording",
    "Samples",
    "Waveform",
    "cut_clips",
    "decode",
    "load_recording",
    "widened",
]
