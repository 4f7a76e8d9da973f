"""CTranslate2's Whisper file as an openai-whisper checkpoint, without loss.

CTranslate2 writes the projections that read the same input as one matrix, names its layers its own way and
leaves out nothing: every tensor goes over with the bytes it has. Layout of the file (binary version 6,
``ctranslate2/specs/model_spec.py``): version, name and revision of the specification, then for each variable
its name, rank, shape, type and bytes, then the aliases. Names of the result: ``whisper/model.py``.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from pipeline.cache import cache_folder
from pipeline.errors import WeightsError
from pipeline.transcribers.bundles import MODEL_FILE
from pipeline.transcribers.weights import Weights

Tensor = npt.NDArray[Any]

_BINARY_VERSION = 6
_TYPES: tuple[type[np.generic], ...] = (np.float32, np.int8, np.int16, np.int32, np.float16)
"""By CTranslate2's number of the type; the sixth, bfloat16, numpy does not have."""
_HEAD_WIDTH = 64
"""Of every Whisper that OpenAI published; used when a file does not state its heads."""


def convert_for_openai(weights: Weights) -> Path:
    """Return an openai-whisper checkpoint of the same weights, converted once and kept in the cache.

    Raises
    ------
    WeightsError
        When the file is not a float CTranslate2 Whisper, or the cache cannot be written.
    """
    target = cache_folder() / "weights" / f"{weights.sha256}.pt"
    if target.is_file():
        return target
    import torch

    tensors = read_ctranslate2(weights.path / MODEL_FILE)
    state = {name: torch.tensor(t) for name, t in openai_state(tensors).items()}
    checkpoint = {"dims": dimensions(tensors), "model_state_dict": state}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".converting-", dir=target.parent) as scratch:
            torch.save(checkpoint, Path(scratch) / target.name)
            (Path(scratch) / target.name).replace(target)
    except OSError as error:
        raise WeightsError(
            f"{target}: the converted weights cannot be written ({error}); "
            "set CALLAUDIT_CACHE to a writable folder"
        ) from error
    return target


def read_ctranslate2(path: Path) -> dict[str, Tensor]:
    """Return a CTranslate2 file's variables by name; an alias names its variable's tensor.

    Raises
    ------
    WeightsError
        When the file is not a Whisper in binary version 6, or ends early.
    """
    try:
        with path.open("rb") as file:
            (version,) = _unpack(file, "<I")
            if version != _BINARY_VERSION:
                raise WeightsError(
                    f"{path}: CTranslate2 binary version {version}; expected {_BINARY_VERSION}"
                )
            if (spec := _read_name(file)) != "WhisperSpec":
                raise WeightsError(f"{path}: a CTranslate2 {spec!r}; expected 'WhisperSpec'")
            _revision, count = _unpack(file, "<II")
            tensors = dict(_read_variable(file) for _ in range(count))
            (aliases,) = _unpack(file, "<I")
            for _ in range(aliases):
                alias, name = _read_name(file), _read_name(file)
                tensors[alias] = tensors[name]
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, ValueError) as error:
        raise WeightsError(f"{path}: not a whole CTranslate2 file: {error!r}") from error
    return tensors


def dimensions(tensors: Mapping[str, Tensor]) -> dict[str, int]:
    """Return ``whisper.model.ModelDimensions`` as the tensors' shapes tell them."""
    audio_ctx, audio_state = tensors["encoder/position_encodings/encodings"].shape
    text_ctx, text_state = tensors["decoder/position_encodings/encodings"].shape
    return {
        "n_mels": tensors["encoder/conv1/weight"].shape[1],
        "n_audio_ctx": audio_ctx,
        "n_audio_state": audio_state,
        "n_audio_head": _heads(tensors, "encoder", audio_state),
        "n_audio_layer": _layers(tensors, "encoder"),
        "n_vocab": tensors["decoder/embeddings/weight"].shape[0],
        "n_text_ctx": text_ctx,
        "n_text_state": text_state,
        "n_text_head": _heads(tensors, "decoder", text_state),
        "n_text_layer": _layers(tensors, "decoder"),
    }


def openai_state(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors under the names and in the shapes of ``whisper.model.Whisper.state_dict()``."""
    floats = {np.dtype(np.float32), np.dtype(np.float16)}
    if (kind := tensors["decoder/embeddings/weight"].dtype) not in floats:
        raise WeightsError(f"the weights are stored as {kind}; only float16 and float32 convert without loss")
    state: dict[str, Tensor] = {
        "encoder.positional_embedding": tensors["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": tensors["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": tensors["decoder/embeddings/weight"],
    }
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            state[f"encoder.{conv}.{part}"] = tensors[f"encoder/{conv}/{part}"]
    state |= _norm(tensors, "encoder/layer_norm", "encoder.ln_post") | _norm(
        tensors, "decoder/layer_norm", "decoder.ln"
    )
    for side in ("encoder", "decoder"):
        for n in range(_layers(tensors, side)):
            state |= _block(tensors, f"{side}/layer_{n}", f"{side}.blocks.{n}")
    return state


def _block(tensors: Mapping[str, Tensor], source: str, target: str) -> dict[str, Tensor]:
    """Convert one transformer block."""
    state = _norm(tensors, f"{source}/self_attention/layer_norm", f"{target}.attn_ln")
    state |= _attention(
        tensors,
        target=f"{target}.attn",
        inputs={f"{source}/self_attention/linear_0": ("query", "key", "value")},
        output=f"{source}/self_attention/linear_1",
    )
    if f"{source}/attention/linear_0/weight" in tensors:
        state |= _norm(tensors, f"{source}/attention/layer_norm", f"{target}.cross_attn_ln")
        state |= _attention(
            tensors,
            target=f"{target}.cross_attn",
            inputs={
                f"{source}/attention/linear_0": ("query",),
                f"{source}/attention/linear_1": ("key", "value"),
            },
            output=f"{source}/attention/linear_2",
        )
    state |= _norm(tensors, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
    for number, layer in (("0", "linear_0"), ("2", "linear_1")):
        for part in ("weight", "bias"):
            state[f"{target}.mlp.{number}.{part}"] = tensors[f"{source}/ffn/{layer}/{part}"]
    return state


def _attention(
    tensors: Mapping[str, Tensor], *, target: str, inputs: Mapping[str, tuple[str, ...]], output: str
) -> dict[str, Tensor]:
    """Split fused projections. Whisper's keys have no bias; CTranslate2 stores zeros for it."""
    state = {f"{target}.out.{part}": tensors[f"{output}/{part}"] for part in ("weight", "bias")}
    for fused, projections in inputs.items():
        for part in ("weight", "bias"):
            pieces = np.split(tensors[f"{fused}/{part}"], len(projections))
            state |= {f"{target}.{p}.{part}": piece for p, piece in zip(projections, pieces, strict=True)}
    key_bias = state.pop(f"{target}.key.bias")
    if np.any(key_bias):
        raise WeightsError(f"{target}: the bias of its keys is not zero, so this is not a Whisper")
    return state


def _norm(tensors: Mapping[str, Tensor], source: str, target: str) -> dict[str, Tensor]:
    return {f"{target}.weight": tensors[f"{source}/gamma"], f"{target}.bias": tensors[f"{source}/beta"]}


def _layers(tensors: Mapping[str, Tensor], side: str) -> int:
    return len(
        {name.split("/")[1] for name in tensors if name.startswith(f"{side}/layer_") and name.count("/") > 2}
    )


def _heads(tensors: Mapping[str, Tensor], side: str, state: int) -> int:
    stated = tensors.get(f"{side}/num_heads")
    return int(stated) if stated is not None else state // _HEAD_WIDTH


def _read_variable(file: BinaryIO) -> tuple[str, Tensor]:
    name = _read_name(file)
    (rank,) = _unpack(file, "<B")
    shape = _unpack(file, f"<{rank}I")
    kind, size = _unpack(file, "<BI")
    return name, np.frombuffer(file.read(size), dtype=_TYPES[kind]).reshape(shape)


def _read_name(file: BinaryIO) -> str:
    """Read a length and that many bytes, the last of which is zero."""
    (length,) = _unpack(file, "<H")
    return file.read(length)[:-1].decode("utf-8")


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))
