"""Speech to text: two engines for the same Whisper weights, behind one protocol."""

from __future__ import annotations

from pipeline.errors import ConfigError
from pipeline.transcribers.base import (
    AUTO_ZH_EN,
    MAX_CLIP_S,
    SAMPLE_RATE_HZ,
    Clip,
    Heard,
    Transcriber,
    TranscriberOptions,
)
from pipeline.transcribers.canned import CannedTranscriber
from pipeline.transcribers.weights import Weights, resolve

ENGINES = ("faster-whisper", "openai-whisper")

__all__ = [
    "AUTO_ZH_EN",
    "ENGINES",
    "MAX_CLIP_S",
    "SAMPLE_RATE_HZ",
    "CannedTranscriber",
    "Clip",
    "Heard",
    "Transcriber",
    "TranscriberOptions",
    "Weights",
    "load_transcriber",
    "resolve",
]


def load_transcriber(
    engine: str = "faster-whisper", *, weights: str = "base", options: TranscriberOptions | None = None
) -> Transcriber:
    """Load an engine with its weights.

    Parameters
    ----------
    engine : str
        ``"faster-whisper"`` or ``"openai-whisper"``.
    weights : str
        A name or path for `pipeline.transcribers.weights.resolve`.
    options : TranscriberOptions or None
        How to listen; None for the defaults.

    Raises
    ------
    ConfigError
        For an engine there is not.
    WeightsError
        When the weights are not found, damaged or of no use to the engine.
    """
    options = options or TranscriberOptions()
    if engine == "faster-whisper":
        from pipeline.transcribers.faster_whisper import FasterWhisperTranscriber

        return FasterWhisperTranscriber(resolve(weights), options)
    if engine == "openai-whisper":
        from pipeline.transcribers.openai_whisper import OpenAIWhisperTranscriber

        return OpenAIWhisperTranscriber(resolve(weights), options)
    raise ConfigError(f"no engine {engine!r}; expected one of: {', '.join(ENGINES)}")
