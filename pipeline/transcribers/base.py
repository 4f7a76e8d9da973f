"""What a transcriber is: clips in, what was heard out, in the same order.

A clip is one utterance: mono float32 samples at 16 kHz, at most 29 s. Times do not pass through here; the
caller knows where each clip came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.waveform import Clips

Clip = npt.NDArray[np.float32]

SAMPLE_RATE_HZ = 16_000
MAX_CLIP_S = 29.0

AUTO_ZH_EN = "auto-zh-en"
"""Decode as Mandarin, and as English or another language where a clip or a voice proves to speak it."""


@dataclass(frozen=True, slots=True)
class TranscriberOptions:
    """How to listen.

    Attributes
    ----------
    language : str or None
        ISO 639-1 code of every clip; ``"auto-zh-en"``; or None to detect any language clip by clip.
    prompt : str
        Context given before Mandarin clips. It sets script and punctuation. It should not hold phrases of the
        desk: they pull what was said towards what should have been said (你 becomes 您).
    english_prompt : str
        The same before English clips. Other languages get none.
    batch_size : int
        Clips decoded together, at least 1.
    beam_size : int
        Of the first pass, at least 1; 1 is greedy.
    threads : int
        Processor threads; 0 takes all this process may use.
    compute_type : str
        Number format of faster-whisper's weights, as CTranslate2 names it; the reference engine ignores it.
    device : str
        ``"cpu"`` or ``"cuda"``, which rounds otherwise and so may hear otherwise.
    """

    language: str | None = AUTO_ZH_EN
    prompt: str = "以下是普通话客服电话的录音。"
    english_prompt: str = "This is a recording of a customer service call."
    batch_size: int = 16
    beam_size: int = 2
    threads: int = 0
    compute_type: str = "int8"
    device: str = "cpu"

    def __post_init__(self) -> None:
        """Reject numbers outside their range."""
        for name, least in (("batch_size", 1), ("beam_size", 1), ("threads", 0)):
            if getattr(self, name) < least:
                raise ConfigError(
                    f"transcriber option {name} must be at least {least}, not {getattr(self, name)}"
                )
        if self.device not in ("cpu", "cuda"):
            raise ConfigError(f"transcriber option device must be cpu or cuda, not {self.device!r}")

    def prompt_for(self, language: str) -> str:
        """Return the context for a clip of that language, empty when there is none."""
        return {"zh": self.prompt, "en": self.english_prompt}.get(language, "")


@dataclass(frozen=True, slots=True, eq=False)
class CallClips:
    """Clips of one call.

    Attributes
    ----------
    clips : sequence of Clip
        A long call's are read when they are asked for, so they are not to be kept all at once.
    voices : sequence of int, optional
        Number of the voice on each clip: what a voice mostly speaks decides the language of its short
        clips. None when all are one voice's.
    """

    clips: Sequence[Clip]
    voices: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one clip.

    Attributes
    ----------
    text : str
        As the recogniser wrote it, without invented text; empty when nothing was said.
    confidence : float
        Mean token probability, exp of the mean log-probability, 0..1; 0 for an empty text.
    language : str
        ISO 639-1 code.
    redecoded : bool
        Whether the first decode was in doubt and a second one was made.
    removed : int
        Pieces of invented text that were taken out.
    language_confidence : float
        How sure the language is, 0..1; 1 where it was given.
    """

    text: str
    confidence: float
    language: str
    redecoded: bool = False
    removed: int = 0
    language_confidence: float = 1.0


class Transcriber(Protocol):
    """Hears clips of speech."""

    @property
    def name(self) -> str:
        """Of the engine."""

    @property
    def key(self) -> str:
        """Engine, weights and every option that can change a text: equal keys, equal texts."""

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        """Return what each clip of each call says, in the order given.

        What is heard in a call does not depend on the others: they only fill the batches.

        Raises
        ------
        ValueError
            For a clip that is not one-dimensional float32 or is longer than 29 s.
        """

    def score(self, clip: Clip, texts: Sequence[str]) -> list[float]:
        """Return how likely each Mandarin text is as all that the clip says.

        Returns
        -------
        list of float
            Log-probability of the text's tokens under forced decoding, summed [nats]; 0 at most.

        Raises
        ------
        ValueError
            As `transcribe`.
        """


def describe_key(engine: str, weights_sha256: str, options: TranscriberOptions) -> str:
    """Return a transcriber's key. The number of threads is left out: it changes no text.

    So is the processor as device: keys were made before there was another.
    """
    unnamed = {"threads"} | ({"device"} if options.device == "cpu" else set())
    settings = ";".join(f"{k}={v}" for k, v in sorted(asdict(options).items()) if k not in unnamed)
    return f"{engine}|{weights_sha256}|{settings}"


def clip_sizes(clips: Sequence[Clip]) -> Sequence[int]:
    """Return the samples of each clip, without reading those that lie in a file."""
    return clips.sizes if isinstance(clips, Clips) else [clip.size for clip in clips]


def check_clips(clips: Sequence[Clip]) -> None:
    """Raise ValueError naming the first clip that a transcriber cannot take."""
    # What lies in a file is of one kind.
    for number, clip in enumerate(() if isinstance(clips, Clips) else clips):
        if clip.ndim != 1 or clip.dtype != np.float32:
            raise ValueError(
                f"clip {number} must be one-dimensional float32, not {clip.dtype} of shape {clip.shape}"
            )
    for number, size in enumerate(clip_sizes(clips)):
        if size > MAX_CLIP_S * SAMPLE_RATE_HZ:
            seconds = size / SAMPLE_RATE_HZ
            raise ValueError(
                f"clip {number} lasts {seconds:.2f} s; a transcriber takes {MAX_CLIP_S:.0f} s at most"
            )
