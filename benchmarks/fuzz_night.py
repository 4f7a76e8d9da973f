"""What becomes of a folder of bad recordings in a night, and of the good calls among them.

``make fuzz`` runs ``callaudit run`` over 2,000 inputs of ``fuzz_inputs.py`` and over the good calls alone,
with the real decoding, voice activity, music, measures and judging, and a recogniser that says the same every
time; then it compares the tables and writes ``benchmarks/fuzz.md``.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from fuzz_inputs import SECRET, Folder, make_folder
from typer.testing import CliRunner

from pipeline.call import Call, CallRecord
from pipeline.cli import app
from pipeline.executors import Setup
from pipeline.hearing import Hearing
from pipeline.intake.recordings import decodable_text
from pipeline.profiling import Account
from pipeline.store import StoreReader
from pipeline.transcribers.canned import CannedTranscriber

TABLES = ("calls", "utterances", "events", "measurements", "findings", "scores")


class TimedHearing(Hearing):
    """Hears one call at a time and notes how long it took."""

    def __init__(self, log: Path) -> None:
        super().__init__(CannedTranscriber(lambda _number, _clip: "您好请问有什么可以帮您"))
        self._log = log

    def hear_together(
        self,
        calls: Iterable[tuple[CallRecord, str]],
        accounts: Iterable[Account | None] | None = None,  # noqa: ARG002
        read: Callable[[float], None] | None = None,
    ) -> list[Call | Exception]:
        """Hear the first call."""
        record, sha256 = next(iter(calls))
        begun = time.monotonic()
        heard = super().hear_together([(record, sha256)], None, read)
        with self._log.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{time.monotonic() - begun:.3f}\t{str(record.path)!r}\n")
        return heard


@dataclass(frozen=True, slots=True)
class CannedSetup(Setup):
    """Needs no weights."""

    log: Path = Path("/dev/null")

    @property
    def hearing_key(self) -> str:
        """One key for every call."""
        return "canned"

    def load(self) -> Any:
        """Return the hearing of each worker."""
        return TimedHearing(self.log)


@dataclass(frozen=True, slots=True)
class Night:
    """What a night over a folder came to.

    Attributes
    ----------
    reasons : mapping of path to "stage: reason"
        Of every input that failed.
    heard : frozenset of str
        Paths of calls that were heard.
    printed : str
        Standard output and error together.
    slowest_s, seconds : float
        Of one call's hearing, and of the whole night.
    """

    out: Path
    exit_code: int
    reasons: dict[str, str]
    heard: frozenset[str]
    printed: str
    slowest_s: float
    seconds: float


def hear_folder(folder: Path, out: Path, *, command: str = "hear", workers: int = 1) -> Night:
    """Run ``callaudit hear`` or ``run`` over a folder, in worker processes, with the canned recogniser."""
    log = out.parent / f"{out.name}.times"

    def setup(**given: Any) -> CannedSetup:
        return CannedSetup(
            log=log, **{k: v for k, v in given.items() if k in ("hearing", "transcriber", "call_limit")}
        )

    begun = time.monotonic()
    with mock.patch("pipeline.executors.Setup", setup):
        given = ["--out", str(out), "--workers", str(workers), "--quiet"]
        judged = ["--rulebook", "ecommerce-desk"] if command == "run" else []
        done = CliRunner().invoke(app, [command, str(folder), *given, *judged])
    seconds = time.monotonic() - begun
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    store = StoreReader(out)
    times = [float(line.split("\t")[0]) for line in log.read_text().splitlines()] if log.exists() else [0.0]
    return Night(
        out,
        done.exit_code,
        {str(f.path): f"{f.stage}: {f.reason}" for f in store.failures()},
        frozenset(store.frame("calls")["path"]),
        done.stdout + done.stderr,
        max(times, default=0.0),
        seconds,
    )


def unforeseen(night: Night) -> list[str]:
    """Return failures by an unexpected error, a process that died or one that hung."""
    signs = ("unexpected", "process that heard", "took longer than")
    return [reason for reason in night.reasons.values() if any(sign in reason for sign in signs)]


def lost(made: Folder, night: Night) -> list[str]:
    """Return inputs that are neither heard nor among the failures."""
    known = night.heard | set(night.reasons)
    return [i.path for i in made.inputs if decodable_text(Path(i.path)) not in known]


def differences(made: Folder, night: Night, reference: Night) -> list[str]:
    """Return the tables in which the good calls are not as they are alone."""
    ids = [path.stem for path in made.good]
    differing = []
    for table in TABLES:
        if not StoreReader(reference.out).dates(table):
            continue
        frames = []
        for out in (night.out, reference.out):
            frame = StoreReader(out).frame(table)
            rows = frame[frame["call_id"].isin(ids)].drop(columns=["path"], errors="ignore")
            frames.append(rows.sort_values(list(rows.columns[:3]), kind="stable").reset_index(drop=True))
        one, other = frames
        if len(one) != len(other) or not one.astype(str).equals(other.astype(str)) or not len(one):
            differing.append(table)
    return differing


def leaks(night: Night) -> bool:
    """Whether the secret that links and playlists point at came into a message or table."""
    shown = [night.printed, *night.reasons.values()]
    return any(SECRET in text for text in shown) or any("secret" in path for path in night.heard)


def outcome(night: Night, path: str) -> str:
    """In which of three ways an input ended."""
    text = decodable_text(Path(path))
    if text in night.heard:
        return "heard"
    return "refused at intake" if night.reasons.get(text, "").startswith("intake") else "refused at decoding"


def report(made: Folder, night: Night, reference: Night, *, seed: int) -> str:
    """Write the results as Markdown."""
    counts: dict[str, Counter[str]] = {}
    for made_input in made.inputs:
        counts.setdefault(made_input.kind, Counter())[outcome(night, made_input.path)] += 1
    columns = ("heard", "refused at intake", "refused at decoding")
    rows = [
        f"| {kind} | {' | '.join(str(of_kind[c]) for c in columns)} |"
        for kind, of_kind in sorted(counts.items())
    ]
    total = [sum(of_kind[c] for of_kind in counts.values()) for c in columns]
    of = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    peak_kb = max(resource.getrusage(who).ru_maxrss for who in of)
    unexpected = len(unforeseen(night))
    return "\n".join(
        [
            "# Bad inputs",
            "",
            f"`make fuzz` made {len(made.inputs)} inputs from seed {seed} beside {len(made.good)} good calls "
            "and ran `callaudit run` over the folder with one worker: real decoding, voice activity, music, "
            "measures and judging, and a recogniser that always says the same.",
            "",
            "| what | found | wanted |",
            "|---|---:|---:|",
            f"| inputs neither heard nor in `failures` | {len(lost(made, night))} | 0 |",
            f"| failures by an unexpected error, a dead or a hung process | {unexpected} | 0 |",
            f"| tables in which good calls differ from a night without bad inputs | "
            f"{len(differences(made, night, reference))} | 0 |",
            f"| contents of files outside the folder shown or heard | {int(leaks(night))} | 0 |",
            f"| exit code | {night.exit_code} | 1 |",
            f"| longest hearing of one input [s] | {night.slowest_s:.1f} | |",
            f"| whole night [s]; the good calls alone [s] | {night.seconds:.0f}; {reference.seconds:.0f} | |",
            f"| peak memory of a process [MB] | {peak_kb / 1024:.0f} | |",
            "",
            "| kind of input | heard | refused at intake | refused at decoding |",
            "|---|---:|---:|---:|",
            *rows,
            f"| **all** | {' | '.join(f'**{n}**' for n in total)} |",
            "",
            "Heard means that there was sound in it all the same: a changed byte inside a call is a click,",
            "and a container with another extension is still a recording.",
            "",
        ]
    )


def main() -> int:
    """Make, hear, compare, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--report", type=Path, help="Markdown file to write.")
    parser.add_argument("--keep", type=Path, help="Folder to leave inputs and tables in.")
    options = parser.parse_args()
    work = options.keep or Path(tempfile.mkdtemp(prefix="callaudit-fuzz-"))
    try:
        made = make_folder(work / "inputs", count=options.count, seed=options.seed, large=True)
        alone = work / "good"
        alone.mkdir()
        for path in made.good:
            shutil.copy(path, alone)
        reference = hear_folder(alone, work / "reference", command="run")
        night = hear_folder(made.base, work / "out", command="run")
        text = report(made, night, reference, seed=options.seed)
        print(text)
        if options.report:
            options.report.write_text(text, encoding="utf-8")
        print(*unforeseen(night), sep="\n")
        return int(bool(lost(made, night) or differences(made, night, reference) or leaks(night)))
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
