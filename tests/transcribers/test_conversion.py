from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from made_models import write_ctranslate2

from pipeline.errors import WeightsError
from pipeline.transcribers.conversion import convert_for_openai, dimensions, openai_state
from pipeline.transcribers.weights import Weights

Tensor = npt.NDArray[Any]
STATE, MELS, AUDIO_CTX, TEXT_CTX, VOCAB = 128, 4, 6, 5, 51866


@pytest.fixture(scope="module")
def tensors() -> dict[str, Tensor]:
    """A Whisper of one encoder and two decoder blocks, two heads each, every number different."""
    rng = np.random.default_rng(7)

    def random(*shape: int) -> Tensor:
        return rng.standard_normal(shape).astype(np.float16)

    t: dict[str, Tensor] = {"encoder/num_heads": np.array(2, np.int16)}

    def linear(name: str, out: int, width: int = STATE) -> None:
        t[f"{name}/weight"], t[f"{name}/bias"] = random(out, width), random(out)

    def norm(name: str) -> None:
        t[f"{name}/gamma"], t[f"{name}/beta"] = random(STATE), random(STATE)

    for side, layers, positions in (("encoder", 1, AUDIO_CTX), ("decoder", 2, TEXT_CTX)):
        t[f"{side}/position_encodings/encodings"] = random(positions, STATE)
        norm(f"{side}/layer_norm")
        for n in range(layers):
            base = f"{side}/layer_{n}"
            linear(f"{base}/self_attention/linear_0", 3 * STATE)
            t[f"{base}/self_attention/linear_0/bias"][STATE : 2 * STATE] = 0
            linear(f"{base}/self_attention/linear_1", STATE)
            norm(f"{base}/self_attention/layer_norm")
            if side == "decoder":
                linear(f"{base}/attention/linear_0", STATE)
                linear(f"{base}/attention/linear_1", 2 * STATE)
                t[f"{base}/attention/linear_1/bias"][:STATE] = 0
                linear(f"{base}/attention/linear_2", STATE)
                norm(f"{base}/attention/layer_norm")
            linear(f"{base}/ffn/linear_0", 4 * STATE)
            linear(f"{base}/ffn/linear_1", STATE, 4 * STATE)
            norm(f"{base}/ffn/layer_norm")
    t["encoder/conv1/weight"], t["encoder/conv1/bias"] = random(STATE, MELS, 3), random(STATE)
    t["encoder/conv2/weight"], t["encoder/conv2/bias"] = random(STATE, STATE, 3), random(STATE)
    t["decoder/embeddings/weight"] = random(VOCAB, STATE)
    return t


def test_dimensions_come_from_the_tensors(tensors: dict[str, Tensor]) -> None:
    assert dimensions(tensors) == {
        "n_mels": MELS,
        "n_audio_ctx": AUDIO_CTX,
        "n_audio_state": STATE,
        "n_audio_head": 2,
        "n_audio_layer": 1,
        "n_vocab": VOCAB,
        "n_text_ctx": TEXT_CTX,
        "n_text_state": STATE,
        "n_text_head": STATE // 64,
        "n_text_layer": 2,
    }


def test_the_reference_model_takes_every_tensor_and_misses_none(tensors: dict[str, Tensor]) -> None:
    torch, model = pytest.importorskip("torch"), pytest.importorskip("whisper.model")
    network = model.Whisper(model.ModelDimensions(**dimensions(tensors)))
    state = {name: torch.tensor(t) for name, t in openai_state(tensors).items()}
    network.load_state_dict(state, strict=True)


def test_fused_projections_split_in_order(tensors: dict[str, Tensor]) -> None:
    state = openai_state(tensors)
    fused = tensors["decoder/layer_1/self_attention/linear_0/weight"]
    split = [state[f"decoder.blocks.1.attn.{p}.weight"] for p in ("query", "key", "value")]
    assert np.array_equal(np.concatenate(split), fused)
    pair = [state[f"decoder.blocks.0.cross_attn.{p}.weight"] for p in ("key", "value")]
    assert np.array_equal(np.concatenate(pair), tensors["decoder/layer_0/attention/linear_1/weight"])


def test_a_key_bias_that_is_not_zero_is_refused(tensors: dict[str, Tensor]) -> None:
    bias = tensors["encoder/layer_0/self_attention/linear_0/bias"] + np.float16(1)
    with pytest.raises(WeightsError, match=r"encoder\.blocks\.0\.attn"):
        openai_state(tensors | {"encoder/layer_0/self_attention/linear_0/bias": bias})


def test_quantised_weights_are_refused(tensors: dict[str, Tensor]) -> None:
    small = tensors["decoder/embeddings/weight"].astype(np.int8)
    with pytest.raises(WeightsError, match="int8"):
        openai_state(tensors | {"decoder/embeddings/weight": small})


def test_a_checkpoint_is_written_once_beside_the_weights(
    tmp_path: Path, tensors: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    whisper = pytest.importorskip("whisper")
    monkeypatch.setenv("CALLAUDIT_CACHE", str(tmp_path / "cache"))
    write_ctranslate2(tmp_path / "model.bin", tensors)
    found = Weights(tmp_path, "f00", "test")
    path = convert_for_openai(found)
    assert whisper.load_model(str(path), device="cpu").dims.n_text_layer == 2
    written = path.stat().st_mtime_ns
    assert convert_for_openai(found) == path
    assert path.stat().st_mtime_ns == written
    assert [p.name for p in path.parent.iterdir()] == ["f00.pt"]
