"""Promises of SECURITY.md that are about the code as a whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "pipeline").rglob("*.py"))
# Modules that build objects from bytes, start programs or reach others, and what may not be called.
MODULES = {"pickle", "marshal", "shelve", "dill", "joblib", "subprocess", "pty", "http", "urllib", "requests"}
MODULES |= {"zipfile", "tarfile", "xml", "ftplib", "telnetlib", "webbrowser"}
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.fork"}
CALLS |= {"tempfile.mktemp", "shutil.unpack_archive", "socket.socket", "socket.create_connection"}


# Python itself, to export the voice model once; a look whether the cluster that was asked for answers; names
# of clips in links; how large a workbook would unpack, before it is opened.
KNOWN = {
    "pipeline/reports/pages/players.py: import urllib.parse",
    "pipeline/reviews/files.py: import zipfile",
    "pipeline/speakers/voice_network.py: import subprocess",
    "pipeline/executors/crew.py: call socket.create_connection",
}


def names(path: Path) -> Iterator[str]:
    """Yield what a module imports and calls, with dots."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (f"import {alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"import {node.module}"
        elif isinstance(node, ast.Call):
            yield f"call {ast.unparse(node.func)}"


def test_nothing_starts_programs_unpacks_archives_or_builds_objects_from_bytes() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for name in names(path)
        if name.removeprefix("import ").split(".")[0] in MODULES or name.removeprefix("call ") in CALLS
    }
    assert found == KNOWN


def test_tensors_are_loaded_without_objects() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("torch.load"):
                given = {k.arg: ast.unparse(k.value) for k in node.keywords}
                assert given.get("weights_only") == "True", path


def test_whisper_loads_tensors_without_objects() -> None:
    whisper = pytest.importorskip("whisper")
    source = Path(whisper.__file__).read_text(encoding="utf-8")
    assert "weights_only" in source


def test_every_test_that_security_md_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
