from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline

ROOT = Path(__file__).parents[1]
HEAVY = ("numpy", "pandas", "pyarrow", "pydantic", "torch", "librosa", "whisper", "faster_whisper", "av")


def _imported(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    ["import pipeline", "from pipeline import Call, Role, Span, Verdict", "from pipeline import __version__"],
)
def test_importing_the_package_and_its_values_stays_light(code: str) -> None:
    assert _imported(code) & set(HEAVY) == set()


def test_opening_tables_and_judging_load_neither_audio_nor_a_recogniser() -> None:
    loaded = _imported("from pipeline import StoreReader, load_rulebook, judge, score, merge")
    assert {"pandas", "pyarrow"} <= loaded
    assert loaded & {"torch", "librosa", "whisper", "faster_whisper", "av"} == set()


@pytest.mark.parametrize("name", pipeline.__all__)
def test_a_public_name_is_the_one_of_its_module(name: str) -> None:
    found = getattr(pipeline, name)
    assert name in dir(pipeline)
    if name != "__version__":
        assert found.__name__ == name
        assert found is getattr(sys.modules[found.__module__], name)


def test_every_name_can_be_imported_in_any_folder(tmp_path: Path) -> None:
    script = "import pipeline\nfor name in pipeline.__all__:\n    getattr(pipeline, name)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'pipeline' has no attribute 'hear_everything'"):
        pipeline.hear_everything  # noqa: B018


def test_submodules_are_still_found() -> None:
    assert "pipeline.spans" in _imported("from pipeline import spans")
