"""Speed, memory and error of callaudit's hearing beside the recognisers it is built on.

Same recordings, same weights, same threads, engines in turn in one run, medians over repeats. Error rates
stand beside the times, so that speed never hides a worse transcript. Each engine is started and hears one
call before the clock runs.

Writes ``speed.md`` beside this file and the plot that the README shows, unless told otherwise.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from engines import (
    Hear,
    Run,
    Texts,
    callaudit_hearing,
    callaudit_transcription,
    faster_whisper,
    openai_whisper,
    running,
)

from pipeline.call import CallRecord, Role
from pipeline.evaluation.recognition import ErrorCount, characters, count_errors
from pipeline.evaluation.truth import TruthCall, load_truth
from pipeline.intake import find_calls
from pipeline.wording.pinyin import syllables

WHOLE = "callaudit, whole hearing"
PEERS: dict[str, Callable[..., Hear]] = {
    "faster-whisper batched 8": partial(faster_whisper, batch=8),
    "faster-whisper batched 16": partial(faster_whisper, batch=16),
    "faster-whisper batched 8, greedy": partial(faster_whisper, batch=8, beam_size=1),
    "faster-whisper batched 16, greedy": partial(faster_whisper, batch=16, beam_size=1),
    "faster-whisper": faster_whisper,
    "faster-whisper, voice activity": partial(faster_whisper, vad_filter=True),
    "openai-whisper": openai_whisper,
    "openai-whisper, as its command": partial(openai_whisper, beam_size=5, best_of=5),
}
ENGINES: dict[str, Callable[..., Hear]] = {
    WHOLE: callaudit_hearing,
    "callaudit, transcription alone": callaudit_transcription,
    **PEERS,
}
# Heard by so much slower engines that one round has to do.
ONCE = (
    "faster-whisper",
    "faster-whisper, voice activity",
    "openai-whisper",
    "openai-whisper, as its command",
)


@dataclass
class Results:
    """What an engine's rounds came to."""

    clock_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    texts: Texts = field(default_factory=dict)

    def add(self, run: Run) -> None:
        """Add a round."""
        self.clock_s.append(run.clock_s)
        self.peak_mb = max(self.peak_mb, run.peak_mb)
        self.texts = run.texts


def said_on(truth: TruthCall, channels: int) -> tuple[str, ...]:
    """What is said on each channel; on one channel by both parties."""
    if channels == 1:
        turns = sorted((t for role in Role for t in truth.turns_of(role)), key=lambda t: t.start_s)
        return ("。".join(t.spoken_text for t in turns),)
    roles = (Role.AGENT, Role.CUSTOMER)
    return tuple("。".join(t.spoken_text for t in truth.turns_of(role)) for role in roles)


def error_rates(results: Results, records: Sequence[CallRecord], truths: dict[str, TruthCall]) -> list[float]:
    """Error in toneless syllables and in characters, of calls that are all in Mandarin."""
    counts: tuple[list[ErrorCount], list[ErrorCount]] = ([], [])
    for record in records:
        truth, heard = truths[record.call_id], results.texts[record.call_id]
        if any(t.lang != "zh" for role in Role for t in truth.turns_of(role)):
            continue
        # Engines give channels in the recording's order, callaudit the agent first.
        ordered = heard[::-1] if record.agent_channel == "right" else heard
        for said, text in zip(said_on(truth, len(heard)), ordered, strict=True):
            counts[0].append(count_errors(syllables(said), syllables(text)))
            counts[1].append(count_errors(characters(said), characters(text)))
    return [sum(c.edits for c in each) / sum(c.length for c in each) for each in counts]


def measure(
    names: Sequence[str], records: Sequence[CallRecord], *, threads: int, repeats: int
) -> dict[str, Results]:
    """Let the engines hear the calls in turn, ``repeats`` times."""
    results = {name: Results() for name in names}
    with ExitStack() as stack:
        engines = {
            name: stack.enter_context(running(partial(ENGINES[name], threads=threads))) for name in names
        }
        for name, run in engines.items():
            # Every worker of callaudit has to load, and its recogniser alone is given what there is to hear.
            run(records if name.startswith("callaudit") else records[:1])
        for repeat in range(repeats):
            for name, run in engines.items():
                if repeat and name in ONCE:
                    continue
                results[name].add(run(records))
                print(f"round {repeat + 1}, {name}: {results[name].clock_s[-1]:.1f} s", flush=True)
    return results


def table(
    results: dict[str, Results], records: Sequence[CallRecord], truths: dict[str, TruthCall], audio_s: float
) -> list[str]:
    """Return the table as Markdown."""
    own_s = statistics.median(results[WHOLE].clock_s) if WHOLE in results else float("nan")
    lines = [
        "| engine | s per s of call | times callaudit's | peak MB | pinyin error | character error |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, one in results.items():
        clock_s = statistics.median(one.clock_s)
        by_sound, by_sign = error_rates(one, records, truths)
        lines.append(
            f"| {name} | {clock_s / audio_s:.4f} | {clock_s / own_s:.2f} | {one.peak_mb:.0f} "
            f"| {100 * by_sound:.1f} % | {100 * by_sign:.1f} % |"
        )
    return lines


def draw(results: dict[str, Results], audio_s: float, path: Path) -> None:
    """Draw seconds of processing per second of call."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    names = list(results)[::-1]
    rates = [statistics.median(results[name].clock_s) / audio_s for name in names]
    colours = ["#1f6f78" if name.startswith("callaudit") else "#b8b8b8" for name in names]
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(names) + 0.9), layout="constrained")
    bars = axes.barh(names, rates, color=colours)
    axes.bar_label(bars, labels=[f"{rate:.3f}" for rate in rates], padding=4)
    axes.set_xlabel("seconds of work per second of call (two channels); less is faster")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def main() -> None:
    """Run the engines on labelled calls, print and write the table, draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", nargs="?", default="data/calls.csv", help="manifest of labelled calls")
    parser.add_argument("--truth", type=Path, default=Path("data/truth"), help="folder of CALL.json files")
    parser.add_argument("--only", nargs="+", help="ids of the calls to hear")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES), metavar="ENGINE")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; the slowest engines take one")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--write", type=Path, default=Path("benchmarks/speed.md"))
    parser.add_argument("--plot", type=Path, default=Path("docs/images/speed.png"))
    options = parser.parse_args()
    records = [r for r in find_calls(options.calls).records if not options.only or r.call_id in options.only]
    truths = {r.call_id: load_truth(options.truth / f"{r.call_id}.json") for r in records}
    audio_s = sum(truth.duration_s for truth in truths.values())
    results = measure(options.engines, records, threads=options.threads, repeats=options.repeats)
    packages = ", ".join(f"{p} {version(p)}" for p in ("faster-whisper", "ctranslate2", "openai-whisper"))
    lines = [
        f"{len(records)} calls, {audio_s / 60:.1f} minutes; {options.threads} threads; medians of "
        f"{options.repeats} rounds ({', '.join(ONCE)}: one round); "
        f"Python {platform.python_version()}, {packages}.",
        "",
        *table(results, records, truths, audio_s),
    ]
    print("\n".join(lines))
    options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draw(results, audio_s, options.plot)


if __name__ == "__main__":
    main()
