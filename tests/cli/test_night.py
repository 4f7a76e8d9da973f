"""Commands that write and look, with a hearing that needs no model."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from made_hearings import ScriptedSetup
from typer.testing import CliRunner, Result

import pipeline.executors
from pipeline.cli import app, main
from pipeline.errors import ConfigError
from pipeline.executors import Cluster, hear_all
from pipeline.store import StoreReader

ROOT = Path(__file__).parents[2]
EVIL = "\x1b]0;owned\x07\u202e"


@pytest.fixture(autouse=True)
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_this_process(tasks, setup, *, workers):
        assert workers > 0, "a call that kills its process must not end the night"
        return hear_all(tasks, setup)

    monkeypatch.setattr(pipeline.executors, "Setup", partial(ScriptedSetup, log=tmp_path / "log"))
    monkeypatch.setattr(pipeline.executors, "hear_all", in_this_process)


def callaudit(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def manifest(folder: Path, *rows: str) -> Path:
    """Write a list of calls, and for each a recording of its own."""
    path = folder / "night.csv"
    path.write_text("\n".join(["call_id,path,started_at,standards", *rows]), encoding="utf-8")
    for row in rows:
        call_id, name, *_ = row.split(",")
        if name:
            (folder / name).write_text(f"{call_id} {name}")
    return path


def test_the_sample_calls_are_judged_under_the_standards_that_exist(tmp_path: Path) -> None:
    done = callaudit("run", ROOT / "data" / "calls.csv", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    assert "dinghao-380" in StoreReader(tmp_path / "out").standards("2026-10-09")


def test_an_unknown_standard_is_named_and_the_rest_is_judged(tmp_path: Path) -> None:
    calls = manifest(tmp_path, "c1,1.wav,,dinghao-380;desk-x", "c2,2.wav,,desk-x", "c3,3.wav,,dinghao-380")
    for command in (["run", calls, "--out", tmp_path / "out"], ["judge", tmp_path / "out"]):
        done = callaudit(*command)
        assert done.exit_code == 0, done.stderr
        assert "made 2 judgements" in done.stdout
        assert "2 calls name standards without a rulebook" in done.stderr
        assert "desk-x; known are dinghao-380" in done.stderr
    told = json.loads(callaudit("judge", tmp_path / "out", "--json").stdout)
    assert told["unknown_standards"] == ["desk-x"]


def test_calls_that_were_not_judged_are_not_shown_next_but_judged(tmp_path: Path) -> None:
    calls = manifest(tmp_path, "c1,1.wav,,", "c2,2.wav,,")
    told = callaudit("run", calls, "--out", tmp_path / "out").stderr
    assert "no call names a standard: calls are heard and stored, not judged" in told.splitlines()[0]
    assert "--rulebook NAME, one of dinghao-380" in told
    again = callaudit("run", calls, "--rulebook", "dinghao-380", "--out", tmp_path / "out").stderr
    assert "show c1" in again
    assert "not judged" not in again


def test_only_this_runs_failures_are_told(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    done = callaudit("hear", manifest(first, "raises-1,1.wav,,", "c1,,,"), "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert [line.split("]")[0] for line in done.stderr.splitlines() if "failed" in line] == [
        "failed: [intake",
        "failed: [hear",
    ]
    done = callaudit("hear", manifest(second, "raises-2,2.wav,,"), "--out", tmp_path / "out")
    assert "2.wav" in done.stderr
    assert "1.wav" not in done.stderr
    assert len(StoreReader(tmp_path / "out").failures()) == 3
    again = callaudit("hear", second / "night.csv", "--out", tmp_path / "out", "--json")
    told = json.loads(again.stdout)
    assert (told["failed"], told["failures"][0]["stage"]) == (1, "hear")


def test_a_failure_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    done = callaudit("hear", tmp_path, "--out", tmp_path / "out")
    assert f"failed: [intake] {tmp_path}/empty.wav: the file is empty" in done.stderr


def test_names_of_files_cannot_command_the_terminal(tmp_path: Path) -> None:
    (tmp_path / f"{EVIL}.wav").touch()
    (tmp_path / f"{EVIL}.xyz").touch()
    done = callaudit("hear", tmp_path, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "owned" in done.stderr
    assert not set(EVIL[:1] + EVIL[-2:]) & set(done.stderr + done.stdout)


def test_many_failures_do_not_fill_the_terminal(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    for n in range(300):
        (calls / f"{n:03d}-{'电' * 60}.wav").touch()
    done = callaudit("hear", calls, "--out", tmp_path / "out")
    lines = [line for line in done.stderr.splitlines() if line.startswith("failed")]
    assert len(lines) == 21
    assert lines[-1].startswith("failed: 280 more, 300 in all; each with its reason is in the table ")
    assert len(StoreReader(tmp_path / "out").failures()) == 300
    told = json.loads(callaudit("hear", calls, "--out", tmp_path / "out", "--json").stdout)
    assert (told["failed"], len(told["failures"])) == (300, 300)


def test_links_out_of_the_folder_are_heard_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.wav").write_text("c1")
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "c1.wav").symlink_to(tmp_path / "elsewhere.wav")
    done = callaudit("hear", tmp_path / "calls", "--out", tmp_path / "out")
    assert (done.exit_code, "--follow-links" in done.stderr) == (1, True)
    assert callaudit("hear", tmp_path / "calls", "--out", tmp_path / "out", "--follow-links").exit_code == 0
    assert not StoreReader(tmp_path / "out").failures(), "what was refused has been heard since"


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr("sys.argv", ["callaudit", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def test_errors_cannot_command_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(monkeypatch, "hear", tmp_path / EVIL, "--out", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert "owned" in told
    assert not set(EVIL[:1] + EVIL[-2:]) & set(told)


@pytest.mark.parametrize("wanted", ["", "1"])
def test_an_unexpected_error_is_one_line_and_exit_code_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wanted: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of\nluck")

    monkeypatch.setattr("pipeline.intake.find_calls", broken)
    monkeypatch.setenv("CALLAUDIT_TRACEBACK", wanted)
    assert run_main(monkeypatch, "hear", tmp_path, "--out", tmp_path / "out") == 3
    told = capsys.readouterr().err.strip().splitlines()
    assert told[-1].startswith("callaudit: unexpected RuntimeError: out of luck; ")
    assert "please report" in told[-1]
    assert (told[0] == "Traceback (most recent call last):") is (wanted == "1")
    assert (len(told) == 1) is (wanted == "")


def test_show_takes_the_day_of_a_call_whose_id_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for day in ("09", "10"):
        folder = tmp_path / day
        folder.mkdir()
        calls = manifest(folder, f"c1,{day}.wav,2026-10-{day}T09:00:00+08:00,")
        assert callaudit("hear", calls, "--out", out).exit_code == 0
    assert run_main(monkeypatch, "show", "c1", "--out", out) == 2
    assert "found on 2026-10-09, 2026-10-10; say which day, as --date 2026-10-09" in capsys.readouterr().err
    shown = callaudit("show", "c1", "--out", out, "--date", "2026-10-10")
    assert "2026-10-10 09:00" in shown.stdout


def test_a_profile_is_told_when_asked_for(tmp_path: Path) -> None:
    calls = manifest(tmp_path, "c1,1.wav,,dinghao-380", "c2,2.wav,,dinghao-380", "raises-1,3.wav,,")
    done = callaudit("run", calls, "--out", tmp_path / "out", "--profile")
    stages = [line.strip().split("  ")[0] for line in done.stdout.splitlines()]
    assert {"finding recordings", "decoder", "measuring", "writing tables", "judging"} <= set(stages)
    assert re.search(r"recogniser: 6\d\.\d% of hearing", done.stdout)
    told = json.loads(callaudit("hear", calls, "--out", tmp_path / "again", "--profile", "--json").stdout)
    assert {c["call_id"] for c in told["profile"]["slowest"]} == {"c1", "c2"}
    assert told["profile"]["recogniser_share"] == pytest.approx(2 / 3, abs=0.01)


def test_nothing_is_profiled_unless_asked_for(tmp_path: Path) -> None:
    calls = manifest(tmp_path, "c1,1.wav,,dinghao-380")
    assert "decoder" not in callaudit("run", calls, "--out", tmp_path / "out").stdout
    assert "profile" not in json.loads(callaudit("run", calls, "--out", tmp_path / "out", "--json").stdout)


def test_a_cluster_hears_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def there(tasks, setup, cluster):
        asked.append((cluster, setup.transcriber.device, setup.transcriber.threads))
        return hear_all(tasks, setup)

    monkeypatch.setattr(pipeline.executors, "hear_on_cluster", there)
    calls = manifest(tmp_path, "c1,1.wav,,")
    done = callaudit("hear", calls, "--out", tmp_path / "one", "--executor", "ray")
    assert "heard 1 call" in done.stdout
    options = ("--address", "head:6379", "--workers", 3, "--gpus-per-worker", 0.25, "--threads", 2)
    callaudit("run", calls, "--out", tmp_path / "two", "--executor", "ray", *options)
    assert asked == [(Cluster(), "cpu", 1), (Cluster("head:6379", 3, 0.25), "cuda", 2)]


@pytest.mark.parametrize("options", [("--address", "head:6379"), ("--gpus-per-worker", "0.5")])
def test_a_cluster_is_described_only_where_it_is_asked_for(tmp_path: Path, options: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"is for --executor ray, which was not asked for"):
        callaudit("hear", manifest(tmp_path, "c1,1.wav,,"), "--out", tmp_path / "out", *options)
