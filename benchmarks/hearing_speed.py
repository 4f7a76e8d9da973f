"""Speed and error of callaudit's hearing beside the recognisers it is built on.

Same recordings, same weights, same threads, interleaved in one run; medians over repeats. Each peer
transcribes every channel as its users would; callaudit's row is the whole of hearing, from decoding to
measurements. Error rates stand beside the times, so that speed never hides a worse transcript.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from pipeline.audio import Recording, load_recording
from pipeline.call import CallRecord, Role
from pipeline.executors import Setup
from pipeline.transcribers import TranscriberOptions, resolve
from pipeline.transcribers.conversion import convert_for_openai
from pipeline.wording.pinyin import syllables

ROLES = (Role.AGENT, Role.CUSTOMER)
Texts = dict[Role, str]


@dataclass(frozen=True)
class LabelledCall:
    """A recording with what is said on each channel, agent on the left."""

    record: CallRecord
    recording: Recording
    said: Texts


def load_calls(data: Path, names: Sequence[str]) -> list[LabelledCall]:
    """Read sample calls and their truth."""
    calls = []
    for name in names:
        record = CallRecord(name, data / "calls" / f"{name}.opus", agent_channel="left")
        turns = json.loads((data / "truth" / f"{name}.json").read_text(encoding="utf-8"))["turns"]
        said = {role: "".join(t["text"] for t in turns if t["role"] == role) for role in ROLES}
        calls.append(LabelledCall(record, load_recording(record), said))
    return calls


def error_rate(heard: Texts, said: Texts) -> tuple[int, int]:
    """Edits and length in toneless syllables, numbers read out, both channels together."""
    edits = length = 0
    for role in ROLES:
        wanted = syllables(said[role])
        edits += Levenshtein.distance(syllables(heard[role]), wanted)
        length += len(wanted)
    return edits, length


def callaudit_hearing(threads: int) -> Callable[[LabelledCall], Texts]:
    """The whole of hearing: decoding, voice activity, words, events, measurements."""
    hearing = Setup(transcriber=TranscriberOptions(threads=threads)).load()

    def hear(call: LabelledCall) -> Texts:
        heard = hearing.hear(call.record, sha256="")
        return {role: "".join(u.text for u in heard.by_role(role)) for role in ROLES}

    return hear


def faster_whisper_engine(
    threads: int, *, batch: int = 0, **options: object
) -> Callable[[LabelledCall], Texts]:
    """faster-whisper per channel, sequential or batched."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    model = WhisperModel(str(resolve().path), device="cpu", compute_type="int8", cpu_threads=threads)
    engine = BatchedInferencePipeline(model) if batch else model
    extra = {"batch_size": batch} if batch else {}

    def hear(call: LabelledCall) -> Texts:
        texts = {}
        for role, samples in zip(ROLES, call.recording.channels, strict=True):
            segments, _ = engine.transcribe(samples, language="zh", **extra, **options)
            texts[role] = "".join(s.text for s in segments)
        return texts

    return hear


def openai_whisper_engine(threads: int) -> Callable[[LabelledCall], Texts]:
    """openai-whisper per channel with its default settings."""
    import torch
    import whisper

    torch.set_num_threads(threads)
    model = whisper.load_model(str(convert_for_openai(resolve())), device="cpu")

    def hear(call: LabelledCall) -> Texts:
        return {
            role: str(model.transcribe(samples, language="zh", fp16=False)["text"])
            for role, samples in zip(ROLES, call.recording.channels, strict=True)
        }

    return hear


def main() -> None:
    """Run every engine on the sample calls and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--calls", nargs="+", default=["dev-005", "dev-010", "dev-022"])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--skip-openai", action="store_true", help="leave out the slowest engine")
    options = parser.parse_args()
    calls = load_calls(options.data, options.calls)
    engines: dict[str, Callable[[LabelledCall], Texts]] = {
        "callaudit, whole hearing": callaudit_hearing(options.threads),
        "faster-whisper, default": faster_whisper_engine(options.threads),
        "faster-whisper, vad_filter": faster_whisper_engine(options.threads, vad_filter=True),
        "faster-whisper batched 8": faster_whisper_engine(options.threads, batch=8),
        "faster-whisper batched 8, beam 1": faster_whisper_engine(options.threads, batch=8, beam_size=1),
    }
    if not options.skip_openai:
        engines["openai-whisper, default"] = openai_whisper_engine(options.threads)
    audio_s = sum(c.recording.duration_s for c in calls)
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    errors: dict[str, float] = {}
    for _ in range(options.repeats):
        for name, hear in engines.items():
            started = time.perf_counter()
            heard = [hear(call) for call in calls]
            seconds[name].append(time.perf_counter() - started)
            counts = [error_rate(h, c.said) for h, c in zip(heard, calls, strict=True)]
            errors[name] = sum(e for e, _ in counts) / sum(n for _, n in counts)
    table = Table(title=f"{audio_s:.0f} s of two-channel calls, {options.threads} threads")
    for column in ("engine", "s per s of call", "times callaudit", "pinyin error"):
        table.add_column(column, justify="left" if column == "engine" else "right")
    own = statistics.median(next(iter(seconds.values())))
    for name, runs in seconds.items():
        median = statistics.median(runs)
        table.add_row(name, f"{median / audio_s:.3f}", f"{median / own:.2f}", f"{100 * errors[name]:.1f} %")
    Console().print(table)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, every engine loaded: {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
