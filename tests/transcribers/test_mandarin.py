"""The decoder of Mandarin: which tokens it keeps, and that it writes what the whole vocabulary writes."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made_models import write_ctranslate2

from pipeline.transcribers import resolve
from pipeline.transcribers.mandarin import Decoder, mandarin_files, mandarin_tokens
from pipeline.transcribers.model_files import ModelFile

WHOLE = 51_865


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(resolve().path / "tokenizer.json"))


@pytest.fixture(scope="module")
def kept(tokenizer: Any) -> frozenset[int]:
    return frozenset(mandarin_tokens(tokenizer))


def _common_characters() -> str:
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)


@pytest.mark.parametrize(
    "text",
    [
        "您好，请问有什么可以帮您？工号八零六六为您服务。",
        "您的单号是SF1320045678，尾号8066，一共¥1,280.50元（含税）……",
        "请下载我们的APP，用WiFi、iPhone的SIM卡或者VIP通道，查PDF。",
        " you can find your policy number on the first page",
        "嗯、啊？“退款”《说明》——①②％＋－",
        "請問您的訂單編號是多少",
    ],
)
def test_what_is_said_on_the_telephone_can_be_written(
    tokenizer: Any, kept: frozenset[int], text: str
) -> None:
    assert set(tokenizer.encode(text, add_special_tokens=False).ids) <= kept


def test_every_common_character_can_be_written_as_before(tokenizer: Any, kept: frozenset[int]) -> None:
    characters = _common_characters()
    assert len(characters) == 6763
    alone = tokenizer.encode_batch(list(characters), add_special_tokens=False)
    assert [
        char for char, found in zip(characters, alone, strict=True) if not kept.issuperset(found.ids)
    ] == []


@pytest.mark.parametrize("text", ["Здравствуйте", "안녕하세요", "สวัสดี", "γεια σου", "مرحبا"])
def test_words_of_other_scripts_are_left_out(tokenizer: Any, kept: frozenset[int], text: str) -> None:
    assert not kept.issuperset(tokenizer.encode(text, add_special_tokens=False).ids)


def test_two_thirds_are_left_out_and_marks_stay_but_for_times(tokenizer: Any, kept: frozenset[int]) -> None:
    assert 9_000 < len(kept) < WHOLE * 0.33
    marks = ("endoftext", "startoftranscript", "zh", "en", "transcribe", "startofprev", "notimestamps")
    assert {tokenizer.token_to_id(f"<|{mark}|>") for mark in marks} <= kept
    assert tokenizer.token_to_id("<|0.00|>") not in kept


def test_a_file_of_another_version_is_used_as_it_is(tmp_path: Path, tokenizer: Any) -> None:
    (tmp_path / "model.bin").write_bytes(b"\x05\0\0\0" + b"something else")
    assert mandarin_files(tmp_path, tokenizer) is None


def _small(folder: Path, layer_width: int) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    tensors = {
        "decoder/embeddings/weight": rng.standard_normal((WHOLE, 2)).astype(np.float16),
        "decoder/layer_0/ffn/linear_0/weight": np.zeros((layer_width, layer_width), np.float16),
        "encoder/layer_0/weight": np.ones((2, 2), np.float16),
        "encoder/layer_1/weight": np.ones((2, 2), np.float16),
        "encoder/layer_norm/gamma": np.ones(2, np.float16),
    }
    write_ctranslate2(folder / "model.bin", tensors)
    (folder / "config.json").write_text('{"lang_ids": [50259, 50260], "suppress_ids": [0, 7, 39999]}')
    return tensors


def test_rows_of_the_vocabulary_are_picked_and_numbers_follow(tmp_path: Path, tokenizer: Any) -> None:
    tensors = _small(tmp_path, 9)
    reduced = mandarin_files(tmp_path, tokenizer)
    assert reduced is not None
    written = tmp_path / "written.bin"
    written.write_bytes(reduced.files["model.bin"])
    model = ModelFile.read(written).tensors()
    picked = tensors["decoder/embeddings/weight"][list(reduced.kept)]
    assert np.array_equal(model["decoder/embeddings/weight"], picked)
    assert model["decoder/layer_0/ffn/linear_0/weight"].shape == (9, 9)
    assert [name for name in model if "encoder" in name] == [
        "encoder/layer_0/weight",
        "encoder/layer_norm/gamma",
    ]
    vocabulary = json.loads(reduced.files["vocabulary.json"])
    assert len(vocabulary) == len(reduced.kept)
    config = json.loads(reduced.files["config.json"])
    assert [vocabulary[place] for place in config["lang_ids"]] == ["<|en|>", "<|zh|>"]
    assert [vocabulary[place] for place in config["suppress_ids"]] == [
        tokenizer.id_to_token(n) for n in (0, 7)
    ]


def test_large_models_are_used_as_they_are(tmp_path: Path, tokenizer: Any) -> None:
    _small(tmp_path, 700)
    assert mandarin_files(tmp_path, tokenizer) is None


class _Model:
    """Answers with the context it was given."""

    def generate(self, _encoded: Any, contexts: list[list[int]], **_options: Any) -> list[Any]:
        return [SimpleNamespace(sequences_ids=[c], scores=[-0.5], no_speech_prob=0.1) for c in contexts]


def test_tokens_go_in_and_come_out_as_in_the_whole_vocabulary() -> None:
    decoder = Decoder(_Model(), (3, 5, 50_258))
    assert decoder.generate(None, [50_258, 3], 2) == [([50_258, 3], -0.5, 0.1)] * 2
    assert decoder.can_follow([5, 3])
    assert not decoder.can_follow([5, 4])
    assert Decoder(_Model()).can_follow([4])
