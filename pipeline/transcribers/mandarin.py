"""Whisper's decoder with that part of its vocabulary in which Mandarin is written.

At every step the decoder weighs each of 51,865 tokens, which takes as long as all its layers together. Most
of them are words of other languages. A decoder of the rest writes the same Mandarin, with numbers, names and
the commoner words of English among it; other languages are decoded with the whole vocabulary.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import WeightsError
from pipeline.transcribers.bundles import MODEL_FILE
from pipeline.transcribers.model_files import ModelFile, Variable

FREQUENT_WORDS = 8_000
"""Tokens of English sentences that stay: those that the tokenizer's training merged first, because they are
the most frequent."""

LEAST_SHARE = 0.25
"""Of a decoder's weights, those of its vocabulary: with less there is little to gain for a second decoder in
memory. Base has half of them there, small and large-v3-turbo a third, medium an eighth."""

_TIMESTAMP = re.compile(r"<\|\d+\.\d\d\|>")
# CTranslate2 does not load a model without an encoder, however little of one.
_MORE_OF_THE_ENCODER = re.compile(r"encoder/layer_[1-9]\d*/")
_EMBEDDINGS, _LAYERS = "decoder/embeddings/weight", "decoder/layer_"
_ID_LISTS = ("lang_ids", "suppress_ids", "suppress_ids_begin")
# In UTF-8, first bytes of characters; of Chinese ones, of punctuation and of wide forms.
_FIRST_BYTES, _CHINESE_BYTES = range(0xC0, 0x100), (*range(0xE2, 0xEA), 0xEF)
# Within Chinese stand rather names and abbreviations, in capitals and without a space: APP, iPhone, SIM.
_OF_SENTENCES = re.compile(rb" [A-Za-z]+|[a-z]{2,}")
_LETTERS = ("CJK", "IDEOGRAPHIC", "FULLWIDTH")


@dataclass(frozen=True, slots=True)
class MandarinFiles:
    """A model of fewer tokens.

    Attributes
    ----------
    files : dict of str to bytes
        As CTranslate2 loads a model from memory.
    kept : tuple of int
        The number that each token has in the whole vocabulary.
    """

    files: dict[str, bytes]
    kept: tuple[int, ...]


def mandarin_files(folder: Path, tokenizer: Any) -> MandarinFiles | None:
    """Write a model whose decoder knows the tokens of Mandarin only, and whose encoder is of no use.

    Parameters
    ----------
    folder : Path
        Of the whole model.
    tokenizer : tokenizers.Tokenizer
        Of the same.

    Returns
    -------
    MandarinFiles or None
        None for a file of another version of CTranslate2's, and for large models, whose layers take most of
        the time: these are used as they are.
    """
    try:
        whole = ModelFile.read(folder / MODEL_FILE)
    except WeightsError:
        return None
    embeddings = next((v for v in whole.variables if v.name == _EMBEDDINGS), None)
    layers = sum(len(v.content) for v in whole.variables if v.name.startswith(_LAYERS))
    if embeddings is None or len(embeddings.content) < LEAST_SHARE * (len(embeddings.content) + layers):
        return None
    rows = embeddings.shape[0]
    kept = [number for number in mandarin_tokens(tokenizer) if number < rows]
    numbers = np.array(kept)

    def reduced(variable: Variable) -> Variable:
        by_token = variable.name.startswith("decoder/") and variable.shape[:1] == (rows,)
        return variable.rows(numbers) if by_token else variable

    variables = (v for v in whole.variables if not _MORE_OF_THE_ENCODER.match(v.name))
    model = replace(whole, variables=tuple(map(reduced, variables)))
    places = {number: place for place, number in enumerate(kept)}
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for name in _ID_LISTS:
        if name in config:
            config[name] = [places[number] for number in config[name] if number in places]
    vocabulary = [tokenizer.id_to_token(number) for number in kept]
    files = {
        MODEL_FILE: model.written(),
        "config.json": json.dumps(config).encode(),
        "vocabulary.json": json.dumps(vocabulary).encode(),
    }
    return MandarinFiles(files, tuple(kept))


def mandarin_tokens(tokenizer: Any) -> tuple[int, ...]:
    """Return the numbers of the tokens that Mandarin needs, ascending: text, and marks but for times."""
    words, kept = [], []
    for token, number in tokenizer.get_vocab(with_added_tokens=True).items():
        if token.startswith("<|"):
            if not _TIMESTAMP.fullmatch(token):
                kept.append(number)
            continue
        raw = _bytes_of(token)
        if raw is None:
            continue
        if _OF_SENTENCES.fullmatch(raw):
            words.append(number)
        elif _is_mandarin(raw):
            kept.append(number)
    return tuple(sorted([*kept, *sorted(words)[:FREQUENT_WORDS]]))


def _is_mandarin(raw: bytes) -> bool:
    """Whether a token writes single characters, numbers, Chinese, its punctuation or a part of these."""
    if len(raw) == 1 or raw.isascii():
        return True
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return all(byte in _CHINESE_BYTES for byte in raw if byte in _FIRST_BYTES)
    return all(
        char.isascii() or not char.isalpha() or unicodedata.name(char, "").startswith(_LETTERS)
        for char in text
    )


def _bytes_of(token: str) -> bytes | None:
    """Return what a token of a byte-level vocabulary writes; None for one that writes nothing."""
    known = _byte_letters()
    return bytes(known[letter] for letter in token) if all(letter in known for letter in token) else None


@cache
def _byte_letters() -> dict[str, int]:
    """Return the byte that each letter stands for in byte-level vocabularies: itself where printable."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + n): byte for n, byte in enumerate(others)}


class Decoder:
    """A decoder and the vocabulary it writes in.

    Parameters
    ----------
    model : ctranslate2.models.Whisper
    kept : sequence of int or None
        The number that each of its tokens has in the whole vocabulary; None where it has the whole.
    """

    def __init__(self, model: Any, kept: Sequence[int] | None = None) -> None:
        self._model, self._kept = model, kept
        self._places = None if kept is None else {number: place for place, number in enumerate(kept)}

    def can_follow(self, context: Sequence[int]) -> bool:
        """Whether the decoder knows all tokens of a context, which are those of the whole vocabulary."""
        return self._places is None or all(number in self._places for number in context)

    def place_of(self, number: int) -> int:
        """Return where a token of the whole vocabulary stands in this one."""
        return number if self._places is None else self._places[number]

    def generate(
        self, encoded: Any, context: Sequence[int], count: int, **options: Any
    ) -> list[tuple[list[int], float, float]]:
        """Return tokens, score and the probability that nobody speaks; tokens as in the whole vocabulary."""
        own = [self.place_of(number) for number in context]
        results = self._model.generate(
            encoded, [own] * count, return_scores=True, return_no_speech_prob=True, **options
        )
        return [(self._numbers(r.sequences_ids[0]), r.scores[0], r.no_speech_prob) for r in results]

    def _numbers(self, tokens: list[int]) -> list[int]:
        return tokens if self._kept is None else [self._kept[token] for token in tokens]
