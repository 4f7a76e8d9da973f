"""How fast Whisper base could be on this machine, by arithmetic, beside what the pipeline takes.

    OMP_NUM_THREADS=1 python benchmarks/limit.py data/calls/dev-0{05,10,22}.opus > benchmarks/limit.md

The recordings are heard with one thread, with the stages of ``--profile`` measured. What the recogniser is
asked for is counted (windows, tokens, beams) and turned into operations by the shapes of the model. Divided
by the rates at which PyTorch multiplies matrices of these very shapes here, that gives the time which these
operations need. ``--rounds`` repeats every measurement of a rate; the best counts, as anything slower was
disturbed.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from matrix_rates import Machine, Rate, best, measure_machine
from whisper_arithmetic import (
    MELS,
    POSITIONS_PER_S,
    VOCABULARY,
    Decoding,
    Work,
    decoding,
    encoding,
    keys_and_values,
    step_bytes,
    token,
)

from pipeline.call import Call, CallRecord
from pipeline.hearing import Hearing
from pipeline.profiling import Account, Stage, added_up
from pipeline.transcribers import SAMPLE_RATE_HZ, Clip, TranscriberOptions, resolve
from pipeline.transcribers.faster_whisper import ENCODED_S, FasterWhisperTranscriber
from pipeline.transcribers.recogniser import Decoded

TYPICAL_WINDOW_S = 6.0
WINDOWS_S = (4.0, TYPICAL_WINDOW_S, 10.0, 17.5, 30.0)


@dataclass
class Asked:
    """What a recogniser was asked for; ``bare`` is encoding without any silence after the clips."""

    windows: int = 0
    window_s: float = 0.0
    clip_s: float = 0.0
    tokens: int = 0
    bare: Work = field(default_factory=Work)
    encoder: Work = field(default_factory=Work)
    language: Work = field(default_factory=Work)
    decoder: Decoding = field(default_factory=Decoding)


class CountingTranscriber(FasterWhisperTranscriber):
    """The default engine, which also counts what it is asked for."""

    def __init__(self, options: TranscriberOptions) -> None:
        super().__init__(resolve("base"), options)
        self.asked = Asked()

    def encode(self, clips: Sequence[Clip], *, window_s: float) -> Any:
        """Count windows."""
        self.asked.windows += len(clips)
        self.asked.window_s += window_s * len(clips)
        self.asked.encoder += encoding(window_s) * len(clips)
        for clip in clips:
            self.asked.clip_s += clip.size / SAMPLE_RATE_HZ
            self.asked.bare += encoding(clip.size / SAMPLE_RATE_HZ)
        return super().encode(clips, window_s=window_s)

    def detect_languages(self, encoded: Any) -> list[Mapping[str, float]]:
        """Count one token a window, keys and values included."""
        rows, window_s = encoded.shape[0], encoded.shape[1] / POSITIONS_PER_S
        self.asked.language += decoding(rows, 1, 1, [1] * rows, window_s).whole
        return super().detect_languages(encoded)

    def generate(
        self, encoded: Any, rows: Sequence[int], *, language: str, prompt: str, beam_size: int
    ) -> list[Decoded]:
        """Count tokens, the end mark of each text included."""
        found = super().generate(encoded, rows, language=language, prompt=prompt, beam_size=beam_size)
        lengths = [decoded.tokens + 1 for decoded in found]
        context, window_s = len(self._context(language, prompt)), encoded.shape[1] / POSITIONS_PER_S
        more = decoding(len(rows), beam_size, context, lengths, window_s)
        self.asked.decoder = self.asked.decoder.with_more(more)
        self.asked.tokens += sum(lengths)
        return found

    def encoder_s(self, window_s: float, rounds: int) -> float:
        """Processor seconds per second of window of the encoder alone, best of several."""
        import ctranslate2

        windows, frames = int(ENCODED_S / window_s), int(100 * window_s)
        features = np.random.default_rng(0).normal(size=(windows, MELS, frames)).astype(np.float32)
        given = ctranslate2.StorageView.from_array(features)
        return best(lambda: self._model.encode(given), rounds) / (windows * window_s)


@dataclass(frozen=True)
class Heard:
    """Recordings heard: how long they are, what was asked for, processor seconds by stage."""

    audio_s: float
    asked: Asked
    took_s: Mapping[Stage, float]


def hear(engine: CountingTranscriber, paths: Sequence[Path]) -> Heard:
    """Hear recordings together, after a first one that loads what is loaded once."""
    hearing = Hearing(engine)
    calls = [(CallRecord(path.stem, path), "0" * 64) for path in paths]
    hearing.hear_together(calls[:1])
    engine.asked = Asked()
    accounts = [Account() for _ in calls]
    heard = hearing.hear_together(calls, accounts)
    audio_s = sum(call.duration_s for call in heard if isinstance(call, Call))
    took = added_up(account.times for account in accounts)
    return Heard(audio_s, engine.asked, {t.stage: t.processor_s for t in took})


def arithmetic_lines() -> Iterator[str]:
    """What follows from the shapes of the model alone."""
    yield "| window | weights | attention | convolutions | keys and values for the decoder | Gop in all |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for window_s in WINDOWS_S:
        each, kv = encoding(window_s) * (1 / window_s), keys_and_values(1.0)
        parts = [2e-9 * v for v in (each.linear, each.attention, each.convolution, kv.linear)]
        yield f"| {window_s:g} s | {' | '.join(f'{p:.3f}' for p in [*parts, sum(parts)])} |"
    one = token(TYPICAL_WINDOW_S, 20)
    window_mb = 1e-6 * (step_bytes(1, 1, 1.0, 0) - step_bytes(0, 1, 0, 0))
    yield ""
    yield (
        f"A token of the text takes {one.gop:.3f} Gop for each beam (window {TYPICAL_WINDOW_S:g} s): layers\n"
        f"{2e-9 * one.linear:.3f}, output layer of {VOCABULARY:,} words {2e-9 * one.output:.3f}, attention "
        f"{2e-9 * one.attention:.3f}. A token of the prompt, or a mark,\ndoes without the output layer and "
        f"is computed once, not for each beam. A step reads {1e-6 * step_bytes(0, 1, 0, 0):.1f} MB\nof int8 "
        f"weights, and {window_mb:.2f} MB of keys and values for each second of every window in the batch."
    )


def counted_lines(heard: Heard) -> Iterator[str]:
    """What the pipeline asked for."""
    asked, text = heard.asked, heard.asked.decoder
    yield f"- {heard.audio_s:.0f} s of recording; {asked.windows} windows, second decodes counted again"
    yield (
        f"- {asked.window_s:.0f} s of window for {asked.clip_s:.0f} s of clips: "
        f"{asked.window_s / asked.clip_s:.2f} s of window for a second of clip; without any silence after "
        f"the clips,\n  encoding would be {asked.bare.gop / asked.encoder.gop:.0%} of what it is"
    )
    yield f"- {asked.tokens} tokens of text, {asked.tokens / asked.clip_s:.1f} per second of clip"
    parts = [f"{name.replace('_', ' ')} {part.gop:.1f}" for name, part in text._asdict().items()]
    yield f"- the decoder's Gop: {', '.join(parts)} (text over all beams)"


def compared_lines(heard: Heard, machines: Mapping[str, Machine]) -> Iterator[str]:
    """Time needed and time taken, per second of clip."""
    asked = heard.asked
    yield "| weights | stage | Gop | arithmetic, ms | reading, ms | needed, ms | taken, ms | taken / needed |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for kind, machine in machines.items():
        rows = (
            (Stage.ENCODER, asked.encoder, machine.encoder_s(asked.encoder)),
            (Stage.LANGUAGE, asked.language, machine.decoder_s(asked.language)),
            (Stage.DECODER, asked.decoder.whole, machine.decoder_s(asked.decoder.whole)),
        )
        all_needed_s = all_taken_s = 0.0
        for stage, work, arithmetic_s in rows:
            reading_s, taken_s = machine.reading_s(work), heard.took_s.get(stage, 0.0)
            needed_s = max(arithmetic_s, reading_s)
            all_needed_s, all_taken_s = all_needed_s + needed_s, all_taken_s + taken_s
            per = [f"{1000 * s / asked.clip_s:.1f}" for s in (arithmetic_s, reading_s, needed_s, taken_s)]
            gop = work.gop / asked.clip_s
            yield f"| {kind} | {stage} | {gop:.2f} | {' | '.join(per)} | {taken_s / needed_s:.2f} |"
        per = [f"{1000 * s / asked.clip_s:.1f}" for s in (all_needed_s, all_taken_s)]
        yield f"| {kind} | all | | | | {' | '.join(per)} | {all_taken_s / all_needed_s:.2f} |"


def page(given: str, heard: Heard, machines: Mapping[str, Machine], rates: Sequence[Rate], alone: str) -> str:
    """Return the whole page."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("ctranslate2", "torch"))
    lines = (
        "# How fast the recogniser could be",
        "",
        f"`python benchmarks/limit.py {given}`,\n{date.today()}; Python {platform.python_version()}, "
        f"{versions};\none thread, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. Times are "
        "processor seconds.",
        "",
        "## Arithmetic: operations for each second of window",
        "",
        *arithmetic_lines(),
        "",
        "## Measured: how fast this machine multiplies",
        "",
        "PyTorch stands for the machine, since CTranslate2 offers no single multiplication: BLAS for\n"
        "float32, dynamic quantisation (FBGEMM) for int8. Rows × in × out; best of all rounds.",
        "",
        "| what | shape | Gop/s (memory: GB/s) |",
        "|---|---|---:|",
        *(f"| {rate.name} | {rate.shape} | {rate.per_s:.1f} |" for rate in rates),
        "",
        "## Counted: what was asked for",
        "",
        *counted_lines(heard),
        "",
        "## Needed and taken, for each second of clip",
        "",
        "Needed: the operations counted, at the rates measured; or the time for what the decoder must\n"
        "read, if that is longer (at best the two overlap). Taken: the default engine with int8 weights,\n"
        "as `--profile` measures it; beside float32 it says what quantisation saves. A ratio below 1 means\n"
        "that CTranslate2 multiplies faster than PyTorch, or that the machine was less disturbed then.",
        "",
        *compared_lines(heard, machines),
        "",
        alone,
    )
    return "\n".join(lines)


def main() -> None:
    """Measure and print the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    machines, rates = measure_machine(given.rounds)
    engine = CountingTranscriber(TranscriberOptions(threads=1))
    heard = hear(engine, given.recordings)
    window_s = TYPICAL_WINDOW_S
    needed_s = machines["int8"].encoder_s(encoding(window_s)) / window_s
    alone = (
        f"CTranslate2's encoder by itself, windows of {window_s:g} s, best of {given.rounds}: "
        f"{1000 * engine.encoder_s(window_s, given.rounds):.1f} ms for each second of window; needed: "
        f"{1000 * needed_s:.1f} ms."
    )
    names = " ".join(path.name for path in given.recordings)
    print(page(f"{names} --rounds {given.rounds}", heard, machines, rates, alone))


if __name__ == "__main__":
    main()
