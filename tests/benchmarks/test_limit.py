"""The arithmetic of the recogniser's limit agrees with the model's own weights."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.transcribers import resolve
from pipeline.transcribers.mandarin import mandarin_tokens

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def arithmetic() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("whisper_arithmetic")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def vocabulary() -> int:
    """How many tokens Mandarin is decoded with."""
    from tokenizers import Tokenizer

    return len(mandarin_tokens(Tokenizer.from_file(str(resolve().path / "tokenizer.json"))))


@pytest.fixture(scope="module")
def weights(vocabulary: int) -> dict[str, int]:
    """Sizes of the matrices of Whisper base with this vocabulary, from the reference implementation."""
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(80, 1500, 512, 8, 6, vocabulary, 448, 512, 8, 6))
    return {name: p.numel() for name, p in model.named_parameters() if p.dim() > 1}


def size(weights: dict[str, int], *parts: str) -> int:
    return sum(n for name, n in weights.items() if any(part in name for part in parts))


def test_every_weight_is_used_once_a_position(arithmetic: ModuleType, weights: dict[str, int]) -> None:
    encoded = arithmetic.encoding(1.0)
    assert encoded.linear == 50 * size(weights, "encoder.blocks")
    assert encoded.convolution == 100 * weights["encoder.conv1.weight"] + 50 * weights["encoder.conv2.weight"]
    kv = size(weights, "cross_attn.key.weight", "cross_attn.value.weight")
    assert arithmetic.keys_and_values(1.0).linear == 50 * kv
    one = arithmetic.token(1.0, 0)
    assert one.linear == size(weights, "decoder.blocks") - kv
    assert one.output == weights["decoder.token_embedding.weight"]


def test_attention_grows_with_the_square_of_the_window(arithmetic: ModuleType) -> None:
    assert arithmetic.encoding(4.0).attention == 4 * arithmetic.encoding(2.0).attention
    assert arithmetic.encoding(4.0).linear == 2 * arithmetic.encoding(2.0).linear


def test_beams_pay_for_the_text_and_not_for_the_prompt(arithmetic: ModuleType) -> None:
    one, two = (arithmetic.decoding(3, beams, 10, [5, 5, 5], 6.0) for beams in (1, 2))
    assert two.keys_and_values == one.keys_and_values
    assert two.context == one.context
    assert two.text.output == 2 * one.text.output
    assert two.text.bytes < 2 * one.text.bytes


def test_the_first_word_comes_with_the_prompt_and_the_end_mark_asks_for_no_more(
    arithmetic: ModuleType, vocabulary: int
) -> None:
    word = 512 * vocabulary
    made = arithmetic.decoding(2, 1, 10, [1, 4], 6.0)
    assert made.context.output == 2 * word
    assert made.text.output == 3 * word
    assert made.whole.output == 5 * word
