"""No part of a night opens a network socket: every process of it reports the sockets it makes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from samples import sample

from pipeline.audio import Cut, cut_clips
from pipeline.spans import Span

ROOT = Path(__file__).parents[2]
# Runs in every Python process of the night before anything else, in those that it starts as well.
REPORTER = """
import os, socket, sys
network = (socket.AF_INET, socket.AF_INET6)
def note(event, args):
    asked = event in ("socket.getaddrinfo", "socket.gethostbyname")
    if asked or (event == "socket.__new__" and args[1] in network):
        with open(os.environ["SOCKETS_SEEN"], "a") as seen:
            seen.write(f"{event} {sys.argv}\\n")
with open(os.environ["SOCKETS_SEEN"] + ".watched", "a") as watched:
    watched.write(f"{os.getpid()}\\n")
sys.addaudithook(note)
"""


def _run(tmp_path: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], str, int]:
    """Run a command under the reporter: its outcome, sockets seen, how many processes were watched."""
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(REPORTER)
    seen = tmp_path / "sockets"
    path = os.pathsep.join([str(site), str(ROOT)])
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": path, "SOCKETS_SEEN": str(seen)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    watched = len(Path(f"{seen}.watched").read_text().split())
    return done, seen.read_text() if seen.exists() else "", watched


CHILD = """
import multiprocessing as mp, socket, sys
def open_one(): socket.socket(socket.AF_INET).close()
if __name__ == "__main__":
    child = mp.get_context("spawn").Process(target=open_one); child.start(); child.join()
"""


def test_a_socket_is_seen_in_a_process_and_in_those_it_starts(tmp_path):
    _, seen, _ = _run(tmp_path, "-c", "import socket; socket.socket(socket.AF_INET6).close()")
    assert seen.count("socket.__new__") == 1
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    _, seen, watched = _run(tmp_path, str(script))
    assert seen.count("socket.__new__") == 2
    assert watched >= 3


@pytest.mark.real
def test_a_night_opens_no_socket(tmp_path):
    calls = tmp_path / "calls"
    for number in (3, 4):
        cut_clips(sample(number).record, [Cut(Span(0.0, 12.0), calls / f"c{number}.mp3")], margin_s=0.0)
    out = tmp_path / "out"
    start = "import sys; from pipeline.cli import main; main()"
    command = ["-c", start, "run", str(calls), "--out", str(out), "--rulebook", "dinghao-380"]
    done, seen, watched = _run(tmp_path, *command, "--workers", "1", "--quiet")
    assert done.returncode == 0, done.stderr
    assert seen == ""
    assert watched >= 2  # the command and its worker; several are alike

    modes = {p: p.stat().st_mode & 0o777 for p in [out, *out.rglob("*")]}
    assert {p: oct(m) for p, m in modes.items() if m & 0o077} == {}
