"""A whole night with the real recogniser on real audio: bad inputs beside good ones, twice."""

from __future__ import annotations

import csv
import json
import shutil
import wave
from pathlib import Path

import av
import numpy as np
import pandas as pd
import pytest
from samples import DATA
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.reports.language import Language
from pipeline.reports.reasons import reason_in
from pipeline.store import StoreReader

pytestmark = pytest.mark.real
CALLS = ("dev-008", "dev-010", "dev-022")


def callaudit(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def write_wav(path: Path, channels: int, seconds: float) -> None:
    noise = np.random.default_rng(0).normal(0, 500, (int(8000 * seconds), channels)).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(noise.tobytes())


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three good calls and one of every bad kind."""
    folder = tmp_path_factory.mktemp("night")
    with (DATA / "calls.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["call_id"] in CALLS]
    for row in rows:
        shutil.copy(DATA / row["path"], folder)
        row["path"] = Path(row["path"]).name
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("not audio")
    write_wav(folder / "three.wav", channels=3, seconds=3)
    write_wav(folder / "whole.wav", channels=1, seconds=9)
    (folder / "cut.wav").write_bytes((folder / "whole.wav").read_bytes()[:40_000])
    (folder / "whole.wav").unlink()
    bad = ["empty.wav", "text.wav", "three.wav", "cut.wav", "gone.wav"]
    rows += [{"call_id": f"bad-{name}", "path": name} for name in bad]
    rows.append({**rows[0], "path": rows[1]["path"]})
    with (folder / "night.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return folder / "night.csv"


@pytest.fixture(scope="module")
def night(manifest: Path) -> Path:
    out = manifest.parent / "out"
    code, printed = callaudit("run", manifest, "--rulebook", "dinghao-380", "--out", out, "--json")
    assert code == 1, printed
    assert json.loads(printed)["heard"] == len(CALLS)
    assert json.loads(printed)["failed"] == 6
    return out


def test_every_bad_input_is_a_failure_with_its_reason(night: Path):
    reasons = {Path(f.path).name: f"{f.stage}: {f.reason}" for f in StoreReader(night).failures()}
    for name, part in {
        "empty.wav": "intake",
        "text.wav": "cannot be decoded",
        "three.wav": "3 channels; expected 1 or 2",
        "cut.wav": "cut off",
        "gone.wav": "intake",
    }.items():
        assert part in reasons[name], reasons[name]
    assert any("dev-008" in reason for reason in reasons.values()), "the duplicate id is named"


def test_good_calls_are_heard_beside_them(night: Path):
    calls = StoreReader(night).frame("calls").set_index("call_id")
    assert sorted(calls.index) == sorted(CALLS)
    assert (calls["hearing_quality"] > 0.5).all()
    assert set(calls["agent_channel"]) == {"left"}


def test_forbidden_phrases_are_critical_and_have_evidence(night: Path):
    findings = StoreReader(night).frame("findings").set_index(["call_id", "rule_id"])
    for call_id in ("dev-008", "dev-010"):
        forbidden = findings.loc[(call_id, "OPS-70")]
        assert forbidden["verdict"] == "fail"
        assert forbidden["critical"]
        assert forbidden["end_s"] > forbidden["start_s"]
        assert forbidden["quote"]
    scores = StoreReader(night).frame("scores").set_index("call_id")
    assert scores.loc["dev-010", "score"] == 0.0
    assert scores.loc["dev-010", "critical_failures"] == 1


def test_the_unannounced_hold_and_the_music_are_found(night: Path):
    events = StoreReader(night).frame("events")
    holds = events[(events["call_id"] == "dev-022") & (events["kind"] == "hold")]
    kinds = [json.loads(attributes)["kind"] for attributes in holds["attributes"]]
    assert kinds == ["typing", "music"]


def test_every_reason_is_there_in_chinese(night: Path):
    reader = StoreReader(night)
    reasons = {*reader.frame("findings")["reason"], *reader.frame("measurements")["reason"].dropna()}
    assert len(reasons) > 50
    assert [reason for reason in reasons if reason_in(reason, Language.ZH) == reason] == []


def snapshot(out: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(p.relative_to(out)): (p.read_bytes(), p.stat().st_mtime_ns)
        for p in sorted(out.rglob("*.parquet"))
    }


def test_a_second_run_hears_nothing_and_changes_nothing(night: Path, manifest: Path):
    before = snapshot(night)
    _, printed = callaudit("run", manifest, "--rulebook", "dinghao-380", "--out", night, "--json")
    assert {k: json.loads(printed)[k] for k in ("heard", "known", "failed")} == {
        "heard": 0,
        "known": len(CALLS),
        "failed": 6,
    }
    assert snapshot(night) == before


def test_new_metadata_reaches_the_tables_without_hearing_again(night: Path, manifest: Path, tmp_path: Path):
    out = tmp_path / "out"
    shutil.copytree(night, out)
    head, *rows = manifest.read_text(encoding="utf-8").splitlines()
    changed = manifest.with_name("renamed.csv")
    good = [row.replace("马超", "马骏") for row in rows[: len(CALLS)]]
    changed.write_text("\n".join([head, *good]), encoding="utf-8")
    _, printed = callaudit("hear", changed, "--out", out, "--json")
    assert {k: json.loads(printed)[k] for k in ("heard", "known", "failed")} == {
        "heard": 0,
        "known": len(CALLS),
        "failed": 0,
    }
    assert set(StoreReader(out).frame("calls")["agent_name"]) == {"马骏", "刘洋"}
    assert "马超" in set(StoreReader(night).frame("calls")["agent_name"])


def test_times_and_words_are_near_the_truth(night: Path):
    code, printed = callaudit("evaluate", night, "--truth", DATA / "truth", "--json")
    assert code == 0
    rows = {row["name"]: row["value"] for row in json.loads(printed)["rows"]}
    assert rows["speech F1, agent"] >= 0.95
    assert rows["speech F1, customer"] >= 0.93
    assert rows["utterance start, median error"] <= 0.1
    assert rows["pinyin error rate, agent"] <= 0.2


def test_show_and_scorecards_print_what_is_stored(night: Path):
    code, printed = callaudit("show", "dev-010", "--out", night, "--clips", night / "clips")
    assert code == 0
    assert "OPS-70" in printed
    clips = sorted((night / "clips").rglob("*OPS-70*.mp3"))
    assert clips
    with av.open(str(clips[0])) as clip:
        assert clip.duration / av.time_base > 1.0
    code, printed = callaudit("scorecards", night, "--by", "team", "--json")
    assert code == 0
    assert {row["team"] for row in json.loads(printed)} == set(pd.read_csv(DATA / "calls.csv")["team"]) - {
        "一组"
    }


def test_judging_alone_needs_no_recordings(night: Path, manifest: Path, tmp_path: Path):
    out = tmp_path / "tables"
    shutil.copytree(night, out)
    moved = manifest.parent / "dev-010.opus"
    moved.rename(moved.with_suffix(".away"))
    try:
        code, printed = callaudit("judge", out, "--rulebook", "dinghao-380", "--json")
    finally:
        moved.with_suffix(".away").rename(moved)
    assert code == 0
    assert json.loads(printed)["judgements"] == len(CALLS)
