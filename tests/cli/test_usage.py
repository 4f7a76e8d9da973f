"""Usage errors: one message, exit code 2, nothing written."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.cli.app import COMMANDS, program

ROOT = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def started(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with little in its environment."""
    code = "from pipeline.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def callaudit(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run all of the command but the start of Python in this process."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", ["callaudit", *map(str, arguments)])
        code: Any = 0
        try:
            main()
        except SystemExit as left:
            code = left.code
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(sys.argv, code or 0, out, err)

    return run


def test_a_wrong_setting_stops_the_started_command(tmp_path):
    done = started("hear", "/no/such/folder", "--out", tmp_path / "out")
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "/no/such/folder" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "/no/such/folder", "--rulebook", "dinghao-380"], "/no/such/folder"),
        (
            ["run", "data/calls.csv", "--rulebook", "no-such-book"],
            "no rulebook 'no-such-book'; known are dinghao-380",
        ),
        (["hear", "data/calls.csv", "--weights", "/no/weights"], "/no/weights"),
        (["hear", "data/calls.csv", "--file-names", "nonsense"], "asterisk"),
        (["hear", "data/calls.csv", "--timezone", "Mars/Base"], "Mars/Base"),
    ],
)
def test_a_wrong_setting_is_one_message_and_exit_code_2(callaudit, tmp_path, arguments, says):
    out = tmp_path / "out"
    done = callaudit(*arguments, "--out", out)
    assert done.returncode == 2, done.stderr
    assert re.search(says, done.stderr)
    assert "Traceback" not in done.stderr
    assert not list(out.rglob("*.parquet"))


def test_a_wrong_rulebook_lists_every_error_with_its_line(callaudit, tmp_path):
    book = tmp_path / "book.yaml"
    book.write_text(
        "name: book\ntitle: t\nrules:\n  - id: A\n    title: a\n    dimension: kindness\n    points: 1\n"
        "    check: no_such_check\n",
        encoding="utf-8",
    )
    done = callaudit("run", "data/calls.csv", "--rulebook", book, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert f"{book}:6" in done.stderr
    assert f"{book}:8" in done.stderr
    assert "phrase_required" in done.stderr


def test_calls_none_of_whose_standards_exist_are_not_heard(callaudit, tmp_path):
    (tmp_path / "c.wav").write_bytes(b"sound")
    manifest = tmp_path / "calls.csv"
    manifest.write_text("path,standards\nc.wav,desk-one;desk-two\n")
    done = callaudit("run", manifest, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "desk-one, desk-two" in done.stderr
    assert "known are dinghao-380" in done.stderr
    assert not (tmp_path / "out").exists()


def test_tables_that_are_not_there_are_named(callaudit, tmp_path):
    for arguments in (["show", "x", "--out", tmp_path], ["judge", tmp_path, "--rulebook", "dinghao-380"]):
        done = callaudit(*arguments)
        assert done.returncode == 2, (arguments, done.stdout)
        assert str(tmp_path) in done.stderr


def test_help_begins_with_what_people_begin_with(callaudit):
    told = callaudit("--help").stdout
    places = [told.index(f"\n  {name} ") for name in COMMANDS]
    assert COMMANDS[0] == "run"
    assert places == sorted(places)


def test_help_is_light():
    heavy = "('torch', 'librosa', 'pandas', 'pyarrow')"
    code = f"import sys; import pipeline.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_doctor_finds_the_weights_and_says_so(callaudit):
    done = started("doctor")
    assert done.returncode == 0, done.stdout
    assert "verified" in done.stdout
    missing = callaudit("doctor", "--weights", "/no/weights", "--json")
    assert missing.returncode == 1
    assert '"ok": false' in missing.stdout


def test_show_on_a_folder_without_tables_says_that_it_has_none(callaudit, tmp_path):
    done = callaudit("show", "c1", "--out", tmp_path)
    assert done.returncode == 2
    assert f"{tmp_path}: no tables here; expected a folder that callaudit has written to" in done.stderr


@pytest.mark.parametrize(
    ("called", "path", "shown"),
    [
        (".venv/bin/callaudit", "/usr/bin", ".venv/bin/callaudit"),
        ("my tools/callaudit", "/usr/bin", "'my tools/callaudit'"),
        ("{bin}/callaudit", "{bin}", "callaudit"),
        ("-c", "/usr/bin", "callaudit"),
    ],
)
def test_what_to_type_next_begins_as_this_command_did(tmp_path, monkeypatch, called, path, shown):
    command = tmp_path / "callaudit"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [called.format(bin=tmp_path)])
    monkeypatch.setenv("PATH", path.format(bin=tmp_path))
    assert program() == shown
