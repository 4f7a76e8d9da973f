"""Machine code of a library is kept by one process: two at once leave files that crash whoever loads them."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cache import filled_by_one
from pipeline.speech import onset_library
from pipeline.speech.onset_library import compiled_folder

FILLS = """
import sys, time
from pathlib import Path
from pipeline.cache import filled_by_one

folder = Path(sys.argv[1])
with filled_by_one(folder):
    written = folder / "written"
    if not written.exists():
        time.sleep(1.0)
        with written.open("a") as file:
            file.write("whole;")
"""
ENTERS = """
import sys
from pathlib import Path
from pipeline.cache import filled_by_one

with filled_by_one(Path(sys.argv[1])):
    pass
"""
COMPILES = """
import numba
from pipeline.speech.onset_library import onset_detect

onset_detect()
import librosa.util.utils

print(vars(librosa.util.utils)["__peak_pick"].gufunc_builder.nb_func.cache.cache_path)
print(repr(numba.config.CACHE_DIR))
"""


def test_processes_that_would_fill_a_folder_together_take_turns(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "folder"
    both = [subprocess.Popen([sys.executable, "-c", FILLS, str(folder)]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert (folder / "written").read_text() == "whole;"


def test_nobody_waits_once_the_folder_is_full(tmp_path: Path) -> None:
    with filled_by_one(tmp_path):
        pass
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-c", FILLS, str(tmp_path)], check=True, timeout=30)
    assert (tmp_path / "written").exists()


def test_a_folder_that_was_left_half_filled_is_not_full(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), filled_by_one(tmp_path):
        _ = 1 / 0
    assert not (tmp_path / "full").exists()


def test_where_nothing_can_be_written_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    subprocess.run([sys.executable, "-c", ENTERS, str(tmp_path / "file" / "folder")], check=True, timeout=30)


def test_another_processor_or_installation_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = compiled_folder(str(tmp_path))
    assert own.parent == tmp_path
    assert compiled_folder(str(tmp_path)) == own
    monkeypatch.setattr("llvmlite.binding.get_host_cpu_name", lambda: "another")
    other = compiled_folder(str(tmp_path))
    monkeypatch.setattr(onset_library, "version", lambda name: f"{name} 99")
    assert len({own, other, compiled_folder(str(tmp_path))}) == 3


def test_what_is_compiled_for_librosa_is_kept_there_and_nowhere_else() -> None:
    done = subprocess.run([sys.executable, "-c", COMPILES], capture_output=True, text=True, check=True)
    kept, restored = done.stdout.splitlines()
    assert Path(kept).is_relative_to(compiled_folder(""))
    assert restored == "''"
