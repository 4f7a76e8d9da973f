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
from datetime import date
from importlib.metadata import version
from pathlib import Path

from counted_hearing import CountingTranscriber, Heard, hear
from matrix_rates import Machine, Rate, measure_machine
from whisper_arithmetic import VOCABULARY, Work, encoding, keys_and_values, step_bytes, token

from pipeline.profiling import Stage
from pipeline.transcribers import TranscriberOptions

TYPICAL_WINDOW_S = 6.0
WINDOWS_S = (4.0, TYPICAL_WINDOW_S, 10.0, 17.5, 30.0)
STEPS = ((16, 2, TYPICAL_WINDOW_S), (16, 2, 1.0), (16, 1, TYPICAL_WINDOW_S), (1, 2, TYPICAL_WINDOW_S))
"""Of the decoder: windows together, beams, seconds of a window."""


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


def alone_lines(engine: CountingTranscriber, machine: Machine, rounds: int) -> Iterator[str]:
    """The engine by itself at a few shapes, without the pipeline around it."""
    yield "| what | needed by arithmetic, ms | by reading, ms | taken, ms |"
    yield "|---|---:|---:|---:|"
    for window_s in (4.0, TYPICAL_WINDOW_S, 30.0):
        needed_s = machine.encoder_s(encoding(window_s)) / window_s
        taken_s = engine.encoder_s(window_s, rounds)
        yield (
            f"| encoder, a second of windows of {window_s:g} s | {1000 * needed_s:.1f} | "
            f"| {1000 * taken_s:.1f} |"
        )
    for rows, beams, window_s in STEPS:
        read = Work(bytes=step_bytes(rows, beams, window_s, 20))
        needed_s = machine.decoder_s(token(window_s, 20) * (rows * beams))
        yield (
            f"| decoder, a step: windows of {window_s:g} s, {rows} together, beams {beams} | "
            f"{1000 * needed_s:.1f} | {1000 * machine.reading_s(read):.1f} | "
            f"{1000 * engine.step_s(rows, beams, window_s, rounds):.1f} |"
        )


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
        "## CTranslate2 by itself, int8",
        "",
        *alone,
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
    alone = alone_lines(engine, machines["int8"], given.rounds)
    names = " ".join(path.name for path in given.recordings)
    print(page(f"{names} --rounds {given.rounds}", heard, machines, rates, alone))


if __name__ == "__main__":
    main()
