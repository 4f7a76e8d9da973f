"""A folder of bad recordings, made by seed: nothing crashes, nothing is lost, good calls are as without.

``make fuzz`` does the same with 2,000.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from samples import DATA

sys.path.insert(0, str(DATA.parent / "benchmarks"))
import fuzz_inputs
import fuzz_night

COUNT, SEED = 150, 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> fuzz_inputs.Folder:
    return fuzz_inputs.make_folder(
        tmp_path_factory.mktemp("night") / "inputs", count=COUNT, seed=SEED, good=1
    )


@pytest.fixture(scope="module")
def night(made: fuzz_inputs.Folder) -> fuzz_night.Night:
    return fuzz_night.hear_folder(made.base, made.base.parent / "out")


def test_every_input_is_heard_or_a_failure(made: fuzz_inputs.Folder, night: fuzz_night.Night) -> None:
    assert len(made.inputs) == COUNT
    assert fuzz_night.lost(made, night) == []
    assert night.exit_code == 1
    assert night.heard & {i.path for i in made.inputs}, "some are heard all the same"


def test_every_failure_is_one_that_was_foreseen(night: fuzz_night.Night) -> None:
    assert fuzz_night.unforeseen(night) == []


def test_good_calls_are_heard_as_without_bad_ones(
    made: fuzz_inputs.Folder, night: fuzz_night.Night, tmp_path: Path
) -> None:
    alone = tmp_path / "good"
    alone.mkdir()
    for path in made.good:
        shutil.copy(path, alone)
    reference = fuzz_night.hear_folder(alone, tmp_path / "reference")
    assert fuzz_night.differences(made, night, reference) == []


def test_nothing_outside_the_folder_is_heard_or_shown(night: fuzz_night.Night) -> None:
    assert not fuzz_night.leaks(night)


def test_the_terminal_shows_the_first_failures_without_control_characters(night: fuzz_night.Night) -> None:
    assert len(night.printed.splitlines()) < 40
    assert not any(ord(c) < 32 and c != "\n" for c in night.printed)


def test_the_same_seed_makes_the_same_folder(made: fuzz_inputs.Folder, tmp_path: Path) -> None:
    again = fuzz_inputs.make_folder(tmp_path / "inputs", count=60, seed=SEED, good=1)
    for ours, theirs in zip(again.inputs, made.inputs[:60], strict=True):
        one, other = Path(ours.path), Path(theirs.path)
        assert (ours.kind, one.name) == (theirs.kind, other.name)
        if one.is_file() and one.stat().st_size < 1 << 20 and one.parent.name != "odd":
            assert one.read_bytes() == other.read_bytes()
