"""The engines that are compared, each in a process of its own, so that its memory is its own.

Each peer transcribes every channel as its users would, told that the language is Mandarin. Every engine may
use the same number of threads; callaudit shares them between worker processes of one thread each, as its
night does, and finds out languages by itself.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.audio import load_recording
from pipeline.call import Call, CallRecord, Role
from pipeline.executors import Setup
from pipeline.executors.processes import processes
from pipeline.hearing import Hearing
from pipeline.store import Store
from pipeline.transcribers import Heard, TranscriberOptions, resolve
from pipeline.transcribers.base import CallClips, Clip
from pipeline.transcribers.conversion import convert_for_openai
from pipeline.transcribers.taking_turns import MOST_TOGETHER

# Texts by call, one per channel; of a line that both parties share, one.
Texts = dict[str, tuple[str, ...]]
Hear = Callable[[Sequence[CallRecord]], Texts]


@dataclass(frozen=True)
class Run:
    """One round of one engine.

    Attributes
    ----------
    clock_s : float
        From the first recording to the last text.
    peak_mb : float
        Largest memory of any one of the engine's processes so far.
    """

    clock_s: float
    peak_mb: float
    texts: Texts


def openai_whisper(threads: int, **options: Any) -> Hear:
    """``whisper.load_model(...).transcribe`` of each channel."""
    import torch
    import whisper

    torch.set_num_threads(threads)
    model = whisper.load_model(str(convert_for_openai(resolve())), device="cpu")
    return _per_channel(
        lambda samples: str(model.transcribe(samples, language="zh", fp16=False, **options)["text"])
    )


def faster_whisper(threads: int, *, batch: int = 0, **options: Any) -> Hear:
    """faster-whisper's ``transcribe`` of each channel, sequential or batched."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    model = WhisperModel(str(resolve().path), device="cpu", compute_type="int8", cpu_threads=threads)
    engine: Any = BatchedInferencePipeline(model) if batch else model
    extra = {"batch_size": batch} if batch else {}

    def hear(samples: Clip) -> str:
        segments, _ = engine.transcribe(samples, language="zh", **extra, **options)
        return "".join(segment.text for segment in segments)

    return _per_channel(hear)


def _per_channel(hear: Callable[[Clip], str]) -> Hear:
    def hear_all(records: Sequence[CallRecord]) -> Texts:
        return {r.call_id: tuple(hear(samples) for samples in load_recording(r).channels) for r in records}

    return hear_all


def callaudit_hearing(threads: int) -> Hear:
    """The whole of hearing: decoding, voice activity, words, events, measurements, tables."""
    workers, setup = _workers(threads)

    def hear(records: Sequence[CallRecord]) -> Texts:
        texts: Texts = {}
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "store")
            with store.writing():
                for calls in workers.map(partial(_hear_share, setup), _shares(records, threads)):
                    for call in calls:
                        store.write_call(call)
                        texts[call.record.call_id] = _texts(call)
        return texts

    return hear


def callaudit_transcription(threads: int) -> Hear:
    """Recognition alone, of the stretches callaudit's voice activity finds; the first round finds them."""
    workers, setup = _workers(threads)
    clips: dict[str, CallClips] = {}

    def hear(records: Sequence[CallRecord]) -> Texts:
        for record in records:
            if record.call_id not in clips:
                clips[record.call_id] = _clips_of(setup, record)
        ids = [[record.call_id for record in share] for share in _shares(records, threads)]
        heard = workers.map(partial(_transcribe_share, setup), [[clips[i] for i in share] for share in ids])
        return {
            call_id: _texts_by_voice(clips[call_id], said)
            for share, calls in zip(ids, heard, strict=True)
            for call_id, said in zip(share, calls, strict=True)
        }

    return hear


def _texts_by_voice(asked: CallClips, said: Sequence[Heard]) -> tuple[str, ...]:
    voices = asked.voices or [0] * len(asked.clips)
    return tuple(
        "。".join(heard.text for heard, own in zip(said, voices, strict=True) if own == voice)
        for voice in sorted(set(voices))
    )


def _workers(threads: int) -> tuple[ProcessPoolExecutor, Setup]:
    setup = Setup(transcriber=TranscriberOptions(threads=1))
    return processes(threads), setup


def _shares(records: Sequence[CallRecord], workers: int) -> list[list[CallRecord]]:
    """Divide a night as the executor does: smaller shares towards the end."""
    shares, start = [], 0
    while start < len(records):
        count = min(MOST_TOGETHER, math.ceil((len(records) - start) / (2 * workers)))
        shares.append(list(records[start : start + count]))
        start += count
    return shares


@cache
def _loaded(setup: Setup) -> Hearing:
    return setup.load()


def _hear_share(setup: Setup, records: Sequence[CallRecord]) -> list[Call]:
    calls: list[Call] = []
    while len(calls) < len(records):
        for call in _loaded(setup).hear_together((r, "0" * 64) for r in records[len(calls) :]):
            if isinstance(call, Exception):
                raise call
            calls.append(call)
    return calls


def _transcribe_share(setup: Setup, calls: Sequence[CallClips]) -> list[list[Heard]]:
    return _loaded(setup)._transcriber.transcribe(calls)


class _Cutter:
    """A recogniser that hears nothing and keeps the clips of the first request."""

    name = key = "cutter"

    def __init__(self) -> None:
        self.first: CallClips | None = None

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        self.first = self.first or calls[0]
        return [[Heard("", 0.0, "zh") for _ in call.clips] for call in calls]

    def score(self, clip: Clip, texts: Sequence[str]) -> list[float]:  # noqa: ARG002 - as the protocol has it
        return [0.0 for _ in texts]


def _clips_of(setup: Setup, record: CallRecord) -> CallClips:
    cutter = _Cutter()
    Hearing(cutter, setup.hearing).hear(record, sha256="")
    return cutter.first or CallClips([])


def _texts(call: Call) -> tuple[str, ...]:
    roles = (Role.AGENT, Role.CUSTOMER) if call.record.agent_channel else (None,)
    return tuple("。".join(u.text for u in call.utterances if role in (None, u.role)) for role in roles)


@contextmanager
def running(start: Callable[[], Hear]) -> Iterator[Callable[[Sequence[CallRecord]], Run]]:
    """Start an engine in a process of its own; the process ends with the block."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(start, there))
    process.start()

    def run(records: Sequence[CallRecord]) -> Run:
        here.send(list(records))
        answer = here.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        yield run
    finally:
        here.send(None)
        process.join()


def _serve(start: Callable[[], Hear], asked: Connection) -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    hear = start()
    while (records := asked.recv()) is not None:
        started = time.perf_counter()
        try:
            texts = hear(records)
        except Exception as error:
            asked.send(error)
            continue
        clock_s = time.perf_counter() - started
        asked.send(Run(clock_s, _peak_mb(), texts))
    for child in multiprocessing.active_children():
        child.terminate()


def _peak_mb() -> float:
    """The largest of this process and those it has started."""
    peaks = [_high_water_kb(child.pid) for child in multiprocessing.active_children() if child.pid]
    return max([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, *peaks]) / 1024


def _high_water_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
