"""How fast one thread of this machine multiplies matrices of Whisper base's shapes, and reads memory.

PyTorch stands for the machine: its BLAS for float32, its dynamic quantisation (FBGEMM) for int8, which shares
no code with CTranslate2's.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from whisper_arithmetic import HEADS, INNER, POSITIONS_PER_S, VOCABULARY, WIDTH, Work

TOGETHER_S = 12.0
"""Seconds of windows that the engine encodes at once."""
ROWS = 32
"""Of a decoder's batch: 16 clips, two beams."""
SHAPES = (
    ("encoder", int(TOGETHER_S * POSITIONS_PER_S), WIDTH, WIDTH),
    ("encoder", int(TOGETHER_S * POSITIONS_PER_S), WIDTH, INNER),
    ("encoder", int(TOGETHER_S * POSITIONS_PER_S), INNER, WIDTH),
    ("decoder", ROWS, WIDTH, WIDTH),
    ("decoder", ROWS, WIDTH, INNER),
    ("decoder", ROWS, INNER, WIDTH),
    ("output", ROWS, WIDTH, VOCABULARY),
)
# Of a layer's multiplications with weights: square matrices, and two between width and inner width.
ENCODER_PARTS = (4 * WIDTH**2, WIDTH * INNER, WIDTH * INNER)
DECODER_PARTS = (6 * WIDTH**2, WIDTH * INNER, WIDTH * INNER)


@dataclass(frozen=True)
class Rate:
    """Operations [Gop/s], or bytes [GB/s], at a shape."""

    name: str
    shape: str
    per_s: float


@dataclass(frozen=True)
class Machine:
    """Rates of this machine: Gop/s; memory GB/s."""

    encoder: float
    decoder: float
    output: float
    attention: float
    convolution: float
    memory: float

    def encoder_s(self, work: Work) -> float:
        """Seconds of encoding at these rates."""
        return 2e-9 * (
            work.linear / self.encoder + work.attention / self.attention + work.convolution / self.convolution
        )

    def decoder_s(self, work: Work) -> float:
        """Seconds of decoding at these rates, by arithmetic."""
        return 2e-9 * (
            work.linear / self.decoder + work.output / self.output + work.attention / self.attention
        )

    def reading_s(self, work: Work) -> float:
        """Seconds of reading what decoding reads."""
        return 1e-9 * work.bytes / self.memory


def measure_machine(rounds: int) -> tuple[dict[str, Machine], list[Rate]]:
    """Return the machine with int8 and with float32 weights, and all that was measured."""
    import torch

    torch.set_num_threads(1)
    found = matrix_rates(rounds)
    others = [attention_rate(6.0, rounds), convolution_rate(6.0, rounds), memory_rate(rounds)]
    machines = {
        kind: Machine(
            harmonic(found[f"encoder, {kind}"], ENCODER_PARTS),
            harmonic(found[f"decoder, {kind}"], DECODER_PARTS),
            found[f"output, {kind}"][0].per_s,
            *(rate.per_s for rate in others),
        )
        for kind in ("int8", "float32")
    }
    return machines, [*(rate for rates in found.values() for rate in rates), *others]


def harmonic(rates: Sequence[Rate], parts: Sequence[float]) -> float:
    """Return one rate for work that is done in parts at several."""
    return sum(parts) / sum(part / rate.per_s for rate, part in zip(rates, parts, strict=True))


def best(compute: Callable[[], object], rounds: int) -> float:
    """Processor seconds of the fastest of several runs; the first, which prepares, does not count."""
    compute()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        compute()
        times.append(time.process_time() - begun)
    return min(times)


def matrix_rates(rounds: int) -> dict[str, list[Rate]]:
    """Rates of activations with weights, by part of the model and kind of weights."""
    import torch

    rates: dict[str, list[Rate]] = {}
    for part, m, k, n in SHAPES:
        plain = torch.nn.Sequential(torch.nn.Linear(k, n, bias=False)).eval()
        with warnings.catch_warnings(action="ignore"):  # it is to move to another package
            small = torch.ao.quantization.quantize_dynamic(plain, {torch.nn.Linear}, dtype=torch.qint8)
        taken = torch.randn(m, k)
        repeats = max(1, int(2e9 / (2 * m * k * n)))
        for kind, layer in (("float32", plain), ("int8", small)):
            seconds = _seconds(layer, taken, repeats, rounds)
            rate = Rate(f"{part}, {kind}", f"{m} × {k} × {n}", 2e-9 * m * k * n / seconds)
            rates.setdefault(rate.name, []).append(rate)
    return rates


def _seconds(layer: Any, taken: Any, repeats: int, rounds: int) -> float:
    import torch

    def compute() -> None:
        with torch.inference_mode():
            for _ in range(repeats):
                layer(taken)

    return best(compute, rounds) / repeats


def attention_rate(window_s: float, rounds: int) -> Rate:
    """Rate of activations with each other at the encoder's shapes."""
    import torch

    n, head = int(POSITIONS_PER_S * window_s), WIDTH // HEADS
    many = max(1, int(TOGETHER_S / window_s)) * HEADS
    one, other = torch.randn(many, n, head), torch.randn(many, head, n)
    seconds = best(lambda: torch.bmm(one, other), rounds)
    return Rate("attention, float32", f"{many} × ({n} × {head} × {n})", 2e-9 * many * n * n * head / seconds)


def convolution_rate(window_s: float, rounds: int) -> Rate:
    """Rate of the encoder's second convolution, which halves the frames."""
    import torch

    windows, frames = max(1, int(TOGETHER_S / window_s)), int(2 * POSITIONS_PER_S * window_s)
    layer = torch.nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1).eval()
    seconds = _seconds(layer, torch.randn(windows, WIDTH, frames), 1, rounds)
    work = windows * frames // 2 * 3 * WIDTH**2
    return Rate("convolution, float32", f"{windows} × {WIDTH} × {frames}", 2e-9 * work / seconds)


def memory_rate(rounds: int) -> Rate:
    """Rate of reading more than any cache holds: the output layer in float32, times one column."""
    import torch

    weights, column = torch.randn(VOCABULARY, WIDTH), torch.randn(WIDTH)
    size_gb = weights.numel() * 4e-9
    seconds = best(lambda: torch.mv(weights, column), rounds)
    return Rate("memory, reading", f"{1000 * size_gb:.0f} MB", size_gb / seconds)
