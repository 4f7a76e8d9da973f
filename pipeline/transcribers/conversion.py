"""CTranslate2's Whisper file as an openai-whisper checkpoint, without loss.

CTranslate2 writes the projections that read the same input as one matrix, names its layers its own way and
leaves out nothing: every tensor goes over with the bytes it has. Names of the result: ``whisper/model.py``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cache import cache_folder
from pipeline.errors import WeightsError
from pipeline.transcribers.bundles import MODEL_FILE
from pipeline.transcribers.model_files import ModelFile
from pipeline.transcribers.weights import Weights

Tensor = npt.NDArray[Any]

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

    tensors = ModelFile.read(weights.path / MODEL_FILE).tensors()
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
