import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from pipeline.speech.onsets import onsets_s
from pipeline.waveform import RATE_HZ

CLICKS = """
import numpy as np
from pipeline.speech.onsets import onsets_s
samples = np.zeros(32_000, dtype=np.float32)
samples[[8_000, 20_000]] = 1.0
print(onsets_s(samples))
"""


def _listen(cache: Path) -> subprocess.Popen[str]:
    """Start a process that finds the onsets of two clicks and says what numba stores."""
    own = {"CALLAUDIT_CACHE": str(cache), "NUMBA_DEBUG_CACHE": "1"}
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"} | own
    command = [sys.executable, "-c", CLICKS]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def _said(process: subprocess.Popen[str]) -> tuple[bool, bool]:
    """Return whether it found the onsets, and whether it stored compiled code."""
    lines = (process.communicate()[0]).splitlines()
    assert process.returncode == 0
    return lines[-1] == "[0.5, 1.25]", any("data saved" in line for line in lines)


def test_clicks_are_found():
    samples = np.zeros(2 * RATE_HZ, dtype=np.float32)
    samples[[RATE_HZ // 2, RATE_HZ * 5 // 4]] = 1.0
    assert onsets_s(samples) == [0.5, 1.25]


def test_silence_has_none():
    assert onsets_s(np.zeros(RATE_HZ, dtype=np.float32)) == []


def test_of_two_processes_on_a_new_machine_one_compiles(tmp_path: Path):
    both = [_listen(tmp_path), _listen(tmp_path)]
    found, stored = zip(*(_said(process) for process in both), strict=True)
    assert found == (True, True)
    assert sorted(stored) == [False, True]
    assert _said(_listen(tmp_path)) == (True, False)


def test_a_folder_that_cannot_be_used_is_no_hindrance(tmp_path: Path):
    taken = tmp_path / "file"
    taken.touch()
    assert _said(_listen(taken))[0]
