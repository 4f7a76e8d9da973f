"""One decode of one clip, and the signs that it went wrong.

The thresholds on compression and log-probability are Whisper's own (``whisper.transcribe``: 2.4 and -1.0).
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_COMPRESSION_RATIO = 2.4
MIN_MEAN_LOGPROB = -1.0
MAX_TOKENS_PER_S = 14.0
"""Mandarin is spoken at 4 to 8 syllables a second, most of them one or two tokens; loops write faster."""

SPARSE_CLIP_S, MIN_TOKENS_PER_S = 6.0, 1.5
"""In 10 of 383 long utterances of synthetic calls there was less, and nearly all had lost a sentence."""

NO_SPEECH, NO_SPEECH_LOGPROB = 0.45, -0.7
"""Whisper's own rule for silence takes 0.6 and -1. In a second decode the first stays below 0.3 on speech,
short words of callers included, and is 0.5 to 0.97 on music, noise, tones and silence; the second is below
-1 there."""

_MIN_TOKENS_FOR_RATE = 8
_MAX_SAME_CHARACTER = 6
_REPEATED = re.compile(r"(.{1,24}?)\1{2,}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Draft:
    """One decode.

    Attributes
    ----------
    tokens : int
        Text tokens, the end mark not counted.
    mean_logprob : float
        Of the tokens and the end mark, at most 0.
    clip_s : float
        Length of the clip without padding, seconds.
    no_speech : float
        The model's probability that nobody speaks, 0..1.
    odds : mapping of str to float
        The model's probability of each language; empty where it was not asked.
    """

    text: str
    tokens: int
    mean_logprob: float
    language: str
    clip_s: float
    no_speech: float = 0.0
    odds: Mapping[str, float] = field(default_factory=dict)

    @property
    def probability(self) -> float:
        """Mean token probability, 0..1."""
        return min(1.0, math.exp(self.mean_logprob))

    @property
    def loops(self) -> bool:
        """Whether the decoder ran in a circle."""
        too_fast = self.tokens >= _MIN_TOKENS_FOR_RATE and self.tokens > MAX_TOKENS_PER_S * max(
            self.clip_s, 0.1
        )
        return too_fast or compression_ratio(self.text) > MAX_COMPRESSION_RATIO

    @property
    def sparse(self) -> bool:
        """Whether the decoder stopped early: fewer words than anybody says in that time, pauses included."""
        return self.clip_s >= SPARSE_CLIP_S and self.tokens < MIN_TOKENS_PER_S * self.clip_s

    @property
    def silent(self) -> bool:
        """Whether the model itself doubts that anybody speaks, and finds no likely words."""
        return self.no_speech >= NO_SPEECH and self.mean_logprob < NO_SPEECH_LOGPROB

    @property
    def doubtful(self) -> bool:
        """Whether a second, slower decode is worth its time."""
        return (
            self.loops
            or self.silent
            or self.sparse
            or self.mean_logprob < MIN_MEAN_LOGPROB
            or is_repetition(self.text)
        )


def choose(first: Draft, second: Draft) -> Draft:
    """Return the better of two decodes of a clip: the one that does not repeat itself, else the likelier."""

    def rank(draft: Draft) -> tuple[bool, bool, bool, float]:
        return not draft.loops, bool(draft.text), not is_repetition(draft.text), draft.mean_logprob

    return max(first, second, key=rank)


def compression_ratio(text: str) -> float:
    """Return UTF-8 bytes over zlib-compressed bytes, 0 for an empty text; a loop compresses well."""
    raw = text.encode("utf-8")
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def is_repetition(text: str) -> bool:
    """Whether a text is one chunk said over and over (再见再见), punctuation aside.

    A chunk of one character must come more than six times: 喂喂喂 and 对对对 are how people talk.
    """
    said = "".join(c for c in text.lower() if c.isalnum())
    period = _period(said)
    if period == 1:
        return len(said) > _MAX_SAME_CHARACTER
    return len(said) >= 2 * period > 0


def collapse(text: str) -> str:
    """Write each chunk that comes three or more times in a row once."""
    return _REPEATED.sub(r"\1", text)


def _period(said: str) -> int:
    """Length of the shortest chunk whose repetition, cut off anywhere, writes the text."""
    borders = [0] * len(said)
    for i in range(1, len(said)):
        k = borders[i - 1]
        while k and said[i] != said[k]:
            k = borders[k - 1]
        borders[i] = k + (said[i] == said[k])
    return len(said) - borders[-1] if said else 0
