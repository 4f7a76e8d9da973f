from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from made_models import write_ctranslate2

from pipeline.errors import WeightsError
from pipeline.transcribers.model_files import ModelFile, Variable


@pytest.fixture
def tensors() -> dict[str, npt.NDArray[Any]]:
    rng = np.random.default_rng(3)
    return {
        "decoder/embeddings/weight": rng.standard_normal((7, 4)).astype(np.float16),
        "decoder/scale": rng.integers(-99, 99, (7,)).astype(np.int8),
        "encoder/num_heads": np.array(8, dtype=np.int16),
    }


def test_a_file_is_read_bit_for_bit_with_its_alias(
    tmp_path: Path, tensors: dict[str, npt.NDArray[Any]]
) -> None:
    write_ctranslate2(tmp_path / "model.bin", tensors)
    read = ModelFile.read(tmp_path / "model.bin").tensors()
    assert read.keys() == tensors.keys() | {"decoder/projection/weight"}
    assert all(np.array_equal(read[name], t) and read[name].dtype == t.dtype for name, t in tensors.items())
    assert read["decoder/projection/weight"] is read["decoder/embeddings/weight"]


def test_what_is_read_is_written_the_same(tmp_path: Path, tensors: dict[str, npt.NDArray[Any]]) -> None:
    path = tmp_path / "model.bin"
    write_ctranslate2(path, tensors)
    assert ModelFile.read(path).written() == path.read_bytes()


def test_rows_are_picked_whatever_their_type() -> None:
    bfloat16 = Variable("w", (3, 2), 5, bytes(range(12)))
    assert bfloat16.rows(np.array([2, 0])) == Variable("w", (2, 2), 5, bytes([8, 9, 10, 11, 0, 1, 2, 3]))
    one = Variable("scale", (3,), 0, np.array([1, 2, 3], dtype=np.float32).tobytes())
    assert one.rows(np.array([1])).tensor.tolist() == [2.0]


@pytest.mark.parametrize("kept_bytes", [3, 40, -3])
def test_a_cut_file_is_refused_by_name(
    tmp_path: Path, tensors: dict[str, npt.NDArray[Any]], kept_bytes: int
) -> None:
    path = tmp_path / "model.bin"
    write_ctranslate2(path, tensors)
    path.write_bytes(path.read_bytes()[:kept_bytes])
    with pytest.raises(WeightsError, match=r"model\.bin: not a whole"):
        ModelFile.read(path)


def test_other_versions_and_models_are_refused_by_name(
    tmp_path: Path, tensors: dict[str, npt.NDArray[Any]]
) -> None:
    path = tmp_path / "model.bin"
    write_ctranslate2(path, tensors, version=5)
    with pytest.raises(WeightsError, match="version 5; expected 6"):
        ModelFile.read(path)
    write_ctranslate2(path, tensors)
    path.write_bytes(path.read_bytes().replace(b"WhisperSpec", b"WhispelSpec"))
    with pytest.raises(WeightsError, match=r"model\.bin: a CTranslate2 'WhispelSpec'"):
        ModelFile.read(path)
