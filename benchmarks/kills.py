"""Whether a night that is killed at any moment and run again has the same tables as one that was not.

    python benchmarks/kills.py --kills 50 > benchmarks/kills.md

A night of 40 calls is cut out of the sample calls: short pieces, some of one channel, one file that is no
recording, on three days. It is run once undisturbed. Then, round by round, the real command is started in a
process group of its own, every process of the group is killed (SIGKILL) at a random moment of the time that
the undisturbed night took, and the same command is given again until it ends; every fifth round it is killed
twice. Every second round goes over the tables of an earlier night: a third of the calls is stored already,
put together in one file for each table, and is heard again as it was heard with other settings.

After each kill what is stored is read whole, as any reader may. At the end every table is compared with the
undisturbed night's, all rows and all columns, the names of all files too, and `callaudit verify` must find
nothing. ``--canned`` hears with sentences that are made up instead of Whisper; all else is the same.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.audio import decode
from pipeline.store import Store, StoreReader
from pipeline.store.bundling import bundle_day
from pipeline.tables import SCHEMAS
from pipeline.verification import verify

ROOT = Path(__file__).parents[1]
DAYS = ("2026-10-09", "2026-10-10", None)
CALLS, PIECE_S = 40, 4.0
HEARD_BEFORE = 13
SOME_FAILED = 1
TWICE_EVERY = 5
"""Every so many rounds, the second run is killed too."""


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one night.

    Attributes
    ----------
    kills_s : list of float
        When it was killed, each time from the start of that run.
    stored : int
        Calls that were stored when it was killed last.
    differences : list of str
        From the undisturbed night; none is what is expected.
    """

    earlier: bool
    kills_s: list[float]
    stored: int
    differences: list[str]


def make_night(folder: Path) -> Path:
    """Cut pieces out of the sample calls, and write the list of calls."""
    samples = sorted((ROOT / "data" / "calls").glob("*.opus"))
    decoded = {path: decode(path) for path in samples}
    rows = []
    for number in range(CALLS - 1):
        audio = decoded[samples[number % len(samples)]]
        # Calls begin with ringing: later pieces hold more speech.
        start_ms = 15_000 + 9_000 * (number // len(samples))
        piece = audio[start_ms : start_ms + int(PIECE_S * 1000)]
        if number % 3 == 2:
            piece = piece.set_channels(1)
        piece.export(folder / f"{number:02}.wav", format="wav")
        rows.append(_row(number))
    (folder / "39.wav").write_text("no recording")
    rows.append(_row(CALLS - 1))
    with (folder / "night.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return folder / "night.csv"


def _row(number: int) -> dict[str, str]:
    day = DAYS[0] if number < CALLS // 2 else DAYS[1 + (number >= CALLS - 8)]
    return {
        "call_id": f"k{number:02}",
        "path": f"{number:02}.wav",
        "started_at": f"{day}T09:{number:02}:00+08:00" if day else "",
        "agent_id": f"A{number % 4}",
        "standards": "dinghao-380",
    }


def earlier_night(night: Path, out: Path, command: Sequence[str]) -> None:
    """Hear a third of the calls with other settings, and put those of the first day together."""
    lines = night.read_text(encoding="utf-8").splitlines()
    some = night.with_name("earlier.csv")
    some.write_text("\n".join(lines[: 1 + HEARD_BEFORE]) + "\n", encoding="utf-8")
    arguments = ["hear", str(some), "--out", str(out), "--tone-plan", "us"]
    subprocess.run([*command, *arguments, "--quiet"], check=True, capture_output=True, env=environment())
    with Store(out).writing():
        assert bundle_day(out, str(DAYS[0]), own=1)


def environment() -> dict[str, str]:
    """Return the environment in which this repository's package is run."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def started(night: Path, out: Path, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the night in a process group of its own; what then still runs of it is killed."""
    arguments = ["run", str(night), "--out", str(out), "--workers", "2", "--threads", "1", "--json"]
    process = subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=environment(),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def finish(night: Path, out: Path, command: Sequence[str]) -> float:
    """Run the night to its end; return how long it took [s]."""
    began = time.monotonic()
    with started(night, out, command) as process:
        said, _ = process.communicate()
    if process.returncode != SOME_FAILED:
        raise SystemExit(f"exit code {process.returncode}; expected {SOME_FAILED}: {said.decode()}")
    return time.monotonic() - began


def kill_at(seconds: float, night: Path, out: Path, command: Sequence[str]) -> None:
    """Start the night, and kill all its processes after so many seconds."""
    with started(night, out, command) as process, contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def table_rows(out: Path) -> dict[str, list[str]]:
    """Return all rows of every table, each as a text, sorted."""
    store = StoreReader(out)
    rows = {}
    for table in SCHEMAS:
        frame = store.frame(table)
        rows[table] = sorted(repr(list(row.items())) for row in frame.to_dict(orient="records"))
    return rows


def file_names(out: Path) -> list[str]:
    """Return the names of all files but temporary ones and the lock."""
    files = (path for path in out.rglob("*") if path.is_file())
    return sorted(str(p.relative_to(out)) for p in files if not p.name.startswith("."))


def differences(out: Path, expected: Path) -> Iterator[str]:
    """Say what is not as in the undisturbed night."""
    rows, others = table_rows(out), table_rows(expected)
    for table in SCHEMAS:
        if rows[table] != others[table]:
            extra, missing = set(rows[table]) - set(others[table]), set(others[table]) - set(rows[table])
            counted = f"{len(rows[table])} rows, {len(others[table])} expected"
            yield f"{table}: {counted}; {sorted(extra | missing)[:1]}"
    if file_names(out) != file_names(expected):
        yield f"files: {sorted(set(file_names(out)) ^ set(file_names(expected)))}"
    yield from map(str, verify(StoreReader(out), hashes=True).problems)


def read_whole(out: Path) -> int:
    """Read what a killed night has stored; return how many calls that is."""
    store = StoreReader(out)
    if not any((out / table).is_dir() for table in SCHEMAS):
        return 0
    calls = [(call.record.call_date, call.record.call_id) for call in store.read_calls()]
    assert len(calls) == len(set(calls)) == len(store.frame("calls")), "a call is there twice"
    for table in SCHEMAS:
        store.frame(table)
    return len(calls)


def main() -> None:
    """Kill nights and print what became of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="Rounds.")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--canned", action="store_true", help="Hear made-up sentences instead of Whisper's.")
    asked = parser.parse_args()
    command = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    if asked.canned:
        command = [sys.executable, str(ROOT / "benchmarks" / "canned_callaudit.py")]
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="callaudit-kills-") as folder:
        night, before, expected, took_s = undisturbed(Path(folder), command)
        chance = random.Random(asked.seed)
        with contextlib.suppress(KeyboardInterrupt):  # told to stop, it reports what it has
            for number in range(asked.kills):
                earlier = number % 2 == 1
                times = [chance.uniform(0, took_s[earlier]) for _ in range(1 + (number % TWICE_EVERY == 0))]
                rounds.append(
                    kill_night(night, before if earlier else None, expected[earlier], times, command)
                )
                print(f"{number + 1}/{asked.kills}: {rounds[-1]}", file=sys.stderr, flush=True)
    print("\n".join(report(rounds, took_s, canned=asked.canned)))
    sys.exit(1 if any(r.differences for r in rounds) else 0)


def undisturbed(
    folder: Path, command: Sequence[str]
) -> tuple[Path, Path, dict[bool, Path], dict[bool, float]]:
    """Make the night and run it undisturbed.

    Returns
    -------
    Path
        The list of calls.
    Path
        The tables of the earlier night.
    dict of bool to Path
        The tables of the undisturbed night, without and with the earlier one.
    dict of bool to float
        How long it took [s].
    """
    night = make_night(folder)
    before = folder / "before"
    earlier_night(night, before, command)
    expected, took_s = {}, {}
    for earlier in (False, True):
        expected[earlier] = folder / f"undisturbed-{earlier}"
        if earlier:
            shutil.copytree(before, expected[earlier])
        took_s[earlier] = finish(night, expected[earlier], command)
        assert not (wrong := list(differences(expected[earlier], expected[earlier]))), wrong
    return night, before, expected, took_s


def kill_night(
    night: Path, before: Path | None, expected: Path, times: list[float], command: Sequence[str]
) -> Round:
    """Run a night that is killed at those times, and to its end; compare it with the undisturbed one."""
    out = night.with_name("killed")
    shutil.rmtree(out, ignore_errors=True)
    if before is not None:
        shutil.copytree(before, out)
    stored = 0
    for seconds in times:
        kill_at(seconds, night, out, command)
        stored = read_whole(out)
    finish(night, out, command)
    return Round(before is not None, times, stored, list(differences(out, expected)))


def report(rounds: Sequence[Round], took_s: dict[bool, float], *, canned: bool) -> Iterator[str]:
    """Yield the lines of the page."""
    same = sum(not r.differences for r in rounds)
    yield "# Nights that were killed"
    yield ""
    yield f"`python benchmarks/kills.py --kills {len(rounds)}{' --canned' if canned else ''}`,"
    yield f"{date.today().isoformat()}; Python {platform.python_version()}, {os.cpu_count()} cores,"
    yield f"{'sentences made up instead of Whisper' if canned else 'Whisper base'}. The undisturbed night of"
    yield f"{CALLS} calls took {took_s[False]:.0f} s, over an earlier night's tables {took_s[True]:.0f} s."
    yield ""
    yield f"**{same} of {len(rounds)} killed nights have the same tables as the undisturbed one**, all rows,"
    yield "all columns and all files; `callaudit verify` finds nothing in them, and after every kill what was"
    yield "stored could be read, each call once."
    yield ""
    yield "| round | over an earlier night | killed after | calls stored then | differs in |"
    yield "|---:|---|---|---:|---|"
    for number, one in enumerate(rounds, 1):
        when = ", ".join(f"{seconds:.1f} s" for seconds in one.kills_s)
        wrong = "; ".join(one.differences) or "nothing"
        yield f"| {number} | {'yes' if one.earlier else 'no'} | {when} | {one.stored} | {wrong} |"


if __name__ == "__main__":
    main()
