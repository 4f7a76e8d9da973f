"""What an engine computes, and its answer for one clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pipeline.transcribers.base import Clip

Encoded = TypeVar("Encoded")


@dataclass(frozen=True, slots=True)
class Decoded:
    """An engine's answer for one clip. The mean log-probability includes the end mark, the tokens do not.

    ``no_speech`` is the model's probability that nobody speaks, 0..1.
    """

    text: str
    tokens: int
    mean_logprob: float
    no_speech: float = 0.0


class Recogniser(Protocol[Encoded]):
    """What an engine computes. ``Encoded`` is its encoder's output for a batch."""

    def encode(self, clips: Sequence[Clip], *, window_s: float) -> Encoded:
        """Encode clips, each padded with silence to ``window_s`` seconds or, if it must, more."""

    def detect_languages(self, encoded: Encoded) -> list[Mapping[str, float]]:
        """Return the probability of each language code for each clip."""

    def generate(
        self, encoded: Encoded, rows: Sequence[int], *, language: str, prompt: str, beam_size: int
    ) -> list[Decoded]:
        """Decode some of the batch's clips, at least one, in one language."""
