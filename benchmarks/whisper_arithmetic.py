"""Operations of Whisper base by the shapes of the model: how often it multiplies, and what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

WIDTH, HEADS, LAYERS, INNER, VOCABULARY, MELS = 512, 8, 6, 2048, 12_418, 80
"""Of Whisper base; encoder and decoder have as many layers, of one width. The vocabulary is the part of it in
which Mandarin is decoded; that languages are told by the whole of it is left out."""
POSITIONS_PER_S = 50


@dataclass(frozen=True)
class Work:
    """Multiply-adds by the way they are computed, and bytes that come from memory.

    Attributes
    ----------
    linear, output : float
        Of activations with the weights of layers, and of the output layer; int8 in the default engine.
    attention, convolution : float
        Float32.
    bytes : float
        Read in decoding: at each step the weights, keys and values.
    """

    linear: float = 0.0
    output: float = 0.0
    attention: float = 0.0
    convolution: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: Work) -> Work:
        return Work(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __mul__(self, times: float) -> Work:
        return Work(*(a * times for a in astuple(self)))

    @property
    def gop(self) -> float:
        """Operations, two per multiply-add, in thousands of millions."""
        return 2e-9 * (self.linear + self.output + self.attention + self.convolution)


def encoding(window_s: float) -> Work:
    """Encode one window."""
    n = POSITIONS_PER_S * window_s
    return Work(
        linear=LAYERS * n * (4 * WIDTH**2 + 2 * WIDTH * INNER),
        attention=LAYERS * 2 * n**2 * WIDTH,
        convolution=2 * n * 3 * MELS * WIDTH + n * 3 * WIDTH**2,
    )


def keys_and_values(window_s: float) -> Work:
    """Project what was encoded for the decoder's layers: once per window and decode."""
    return Work(linear=LAYERS * 2 * POSITIONS_PER_S * window_s * WIDTH**2)


def token(window_s: float, before: float, *, worded: bool = True) -> Work:
    """Put one token through the decoder, after ``before`` others; ``worded`` asks for the next one."""
    n = POSITIONS_PER_S * window_s
    return Work(
        linear=LAYERS * (6 * WIDTH**2 + 2 * WIDTH * INNER),
        output=WIDTH * VOCABULARY if worded else 0,
        attention=LAYERS * 2 * (n + before + 1) * WIDTH,
    )


def step_bytes(rows: int, beams: int, window_s: float, before: float) -> float:
    """Bytes that a step reads: int8 weights once, float32 keys and values of every row.

    The beams of a row share the keys and values of its window, not those of what was said.
    """
    weights = LAYERS * (6 * WIDTH**2 + 2 * WIDTH * INNER) + WIDTH * VOCABULARY
    window = LAYERS * 2 * POSITIONS_PER_S * window_s * WIDTH * 4
    said = LAYERS * 2 * before * WIDTH * 4
    return weights + rows * window + rows * beams * said


class Decoding(NamedTuple):
    """The parts of decoding: once a window, for what stands before the text, and for the text."""

    keys_and_values: Work = Work()
    context: Work = Work()
    text: Work = Work()

    @property
    def whole(self) -> Work:
        """All of it."""
        return self.keys_and_values + self.context + self.text

    def with_more(self, other: Decoding) -> Decoding:
        """Return the sums part by part."""
        return Decoding(*(a + b for a, b in zip(self, other, strict=True)))


def decoding(rows: int, beams: int, context: int, lengths: Sequence[int], window_s: float) -> Decoding:
    """Decode windows together until the longest has ended; those that end earlier leave.

    Parameters
    ----------
    rows, beams : int
    context : int
        Tokens before the text: prompt and marks.
    lengths : sequence of int
        Tokens of each row's text, the end mark included.
    window_s : float
    """
    # The context goes through at once, before there are beams; only its last token asks for a word.
    before = [token(window_s, i, worded=i == context - 1) for i in range(context)]
    started = sum(before, Work()) * rows + Work(bytes=step_bytes(rows, 1, window_s, context))
    text = Work()
    for step in range(1, max(lengths, default=0)):
        left = sum(length > step for length in lengths)
        text += token(window_s, context + step) * (left * beams)
        text += Work(bytes=step_bytes(left, beams, window_s, context + step))
    return Decoding(keys_and_values(window_s) * rows, started, text)
