"""nightly and purge at the command line: exit codes and what is printed."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

import pytest
from made_hearings import ScriptedSetup
from made_nights import SOURCE, Desk
from typer.testing import CliRunner, Result

import pipeline.executors
from pipeline.cli import app, main
from pipeline.errors import ConfigError
from pipeline.executors import hear_all

TEXT = f"out: out\nmin_free_gb: 0\n{SOURCE}standards:\n  - rulebooks: book.yaml\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(pipeline.executors, "Setup", partial(ScriptedSetup, log=tmp_path / "log"))
    monkeypatch.setattr(
        pipeline.executors,
        "hear_all",
        lambda tasks, setup, workers, **others: hear_all(tasks, setup, **others) if workers else None,
    )
    made = Desk(tmp_path)
    made.book("book")
    made.recording("c1_2026-10-09T09-00-00.wav")
    (tmp_path / "night.yaml").write_text(TEXT, encoding="utf-8")
    return made


def callaudit(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def nightly(desk: Desk, *arguments: object) -> Result:
    return callaudit("nightly", "--config", desk.folder / "night.yaml", *arguments)


def test_check_tells_of_folders_that_are_not_there(desk: Desk) -> None:
    path = desk.folder / "night.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "metrics: nowhere/callaudit.prom\n", encoding="utf-8")
    done = nightly(desk, "--check")
    assert done.exit_code == 2
    assert f"failed: [folder] metrics: {desk.folder / 'nowhere'} is not there" in done.stderr


def test_a_purge_wants_the_clips_to_be_there(desk: Desk) -> None:
    nightly(desk)
    gone = desk.folder / "no-clips"
    with pytest.raises(ConfigError, match=f"--clips {gone}: no such folder"):
        callaudit("purge", desk.out, "--before", "2026-11-01", "--clips", gone)


def test_check_and_dry_run_write_nothing(desk: Desk) -> None:
    done = nightly(desk, "--check")
    assert (done.exit_code, "1 source," in done.stdout) == (0, True)
    done = nightly(desk, "--dry-run")
    assert done.exit_code == 0
    assert "calls: 1 to hear" in done.stdout
    assert json.loads(nightly(desk, "--dry-run", "--json").stdout)["sources"][0]["new"] == 1
    assert not desk.out.exists()


def test_a_night_prints_what_it_did(desk: Desk) -> None:
    done = nightly(desk)
    assert done.exit_code == 0, done.stderr
    assert "calls: heard 1" in done.stdout
    assert f"summary: {desk.out / 'summary.json'}" in done.stdout
    (log,) = (desk.out / "logs").iterdir()
    assert json.loads(log.read_text().splitlines()[-1])["exit_code"] == 0
    told = json.loads(nightly(desk, "--json").stdout)
    assert (told["calls"]["heard"], told["calls"]["known"]) == (0, 1)


def test_what_failed_before_is_said_and_tried_on_request(desk: Desk) -> None:
    desk.recording("spoilt_2026-10-09T09-00-00.wav")
    first = nightly(desk)
    assert (first.exit_code, "1 failed" in first.stdout) == (1, True)
    plan = nightly(desk, "--dry-run").stdout
    assert "calls: 0 to hear (0.0 MB), 1 known, 0 refused, 1 failed before, 0 still being written" in plan
    again = nightly(desk)
    assert again.exit_code == 0
    assert "calls: heard 0 (0.0 min), 1 known, 1 failed before and not tried again" in again.stdout
    assert f"why calls failed: callaudit status {desk.out}" in again.stdout
    (log,) = (desk.out / "logs").iterdir()
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(e["source"], e["inputs"]) for e in events if "not tried again" in e["event"]] == [("calls", 1)]
    assert "calls: 1 to hear" in nightly(desk, "--dry-run", "--retry-failed").stdout
    assert nightly(desk, "--retry-failed").exit_code == 1
    assert callaudit("status", desk.out).stdout.count("failed: [hear] ") == 1


def test_the_log_goes_where_it_is_sent(desk: Desk) -> None:
    done = nightly(desk, "--log-file", "-", "--log-format", "text", "--quiet")
    assert 'event="night started"' in done.stderr
    assert not (desk.out / "logs").exists()
    nightly(desk, "--log-file", desk.folder / "mine.log")
    assert json.loads((desk.folder / "mine.log").read_text().splitlines()[0])["event"] == "night started"


def test_exit_codes(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with desk.store.writing():
        done = nightly(desk)
        assert done.exit_code == 5
        assert "is writing to this folder" in done.stderr
    desk.recording("raises_2026-10-09T09-00-00.wav")
    assert nightly(desk).exit_code == 1
    assert "failed: [hear] " in callaudit("status", desk.out).stdout
    (desk.folder / "night.yaml").write_text("out: out\nsource: []\n")
    monkeypatch.setattr("sys.argv", ["callaudit", "nightly", "--config", str(desk.folder / "night.yaml")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "night.yaml:1:1: missing key 'sources'" in told
    assert "night.yaml:2:1: unknown key 'source' (did you mean 'sources'?" in told


def test_a_night_that_cannot_write_its_log_has_not_started(desk: Desk) -> None:
    (desk.folder / "out").touch()
    assert nightly(desk).exit_code == 5
    (desk.folder / "out").unlink()
    assert nightly(desk, "--log-file", "/dev/full").exit_code == 5


def test_the_folder_of_the_tables_is_private(desk: Desk) -> None:
    before = os.umask(0o022)
    try:
        assert nightly(desk).exit_code == 0
    finally:
        os.umask(before)
    assert desk.out.stat().st_mode & 0o777 == 0o700


def test_purge_removes_what_it_says(desk: Desk) -> None:
    nightly(desk)
    assert "1 call on 1 day\n" in callaudit("status", desk.out).stdout
    would = callaudit("purge", desk.out, "--before", "2026-11-01", "--dry-run")
    assert would.stdout.splitlines() == [
        "2026-10-09  1 call",
        "would remove 1 call of 1 day before 2026-11-01, 0 failures, 0 clips",
    ]
    assert desk.store.dates() == ("2026-10-09",)
    assert json.loads(callaudit("purge", desk.out, "--before", "2026-11-01", "--json").stdout) == {
        "before": "2026-11-01",
        "dry_run": False,
        "days": {"2026-10-09": 1},
        "calls": 1,
        "failures": 0,
        "clips": 0,
        "problems": [],
    }
    assert desk.store.dates() == ()
    assert desk.store.dates("scorecards") == ("2026-10-09",)
    assert "0 calls on 0 days; 1 day without calls\n" in callaudit("status", desk.out).stdout
    gone = callaudit("purge", desk.out, "--older-than", "1d", "--scorecards")
    assert "2026-10-09  0 calls" in gone.stdout
    assert desk.store.dates("scorecards") == ()


@pytest.mark.parametrize(
    ("out", "arguments", "says"),
    [
        ("none", [], "either --older-than 90d or --before"),
        ("none", ["--older-than", "90d", "--before", "2026-08-01"], "either --older-than 90d or --before"),
        ("none", ["--older-than", "x"], "such as 90d or 12w"),
        ("none", ["--before", "August"], "expected a day"),
        ("none", ["--before", "2026-08-01"], "no such folder"),
        ("empty", ["--before", "2026-08-01"], "no tables here"),
        ("s3://bucket/tables", ["--before", "2026-08-01"], "cannot be purged"),
    ],
)
def test_a_purge_that_is_not_meant_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    out: str,
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr("sys.argv", ["callaudit", "purge", out, *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
    assert not list((tmp_path / "empty").iterdir())
