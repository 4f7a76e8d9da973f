from __future__ import annotations

import csv
import json
from pathlib import Path

import made_calls as made
import openpyxl
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from pipeline.audit import score_night
from pipeline.cli import app
from pipeline.errors import ConfigError
from pipeline.reviews import COLUMNS
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables import Judgement

DAY = "2026-10-09"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    store = Store(tmp_path / "out")
    found = (made.finding("OPS-01", "fail"), made.finding("OPS-02", "pass"))
    total = score(found, made.STANDARD)
    with store.writing():
        store.write_call(made.call())
        judged = Judgement.of(made.call(), score=total, findings=found, rulebook_hash="r1")
        store.write_findings(DAY, made.STANDARD, [judged])
        score_night(store)
    return store.out


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    row = dict(
        zip(
            COLUMNS,
            (
                "c1",
                DAY,
                made.STANDARD,
                "OPS-01",
                "fail",
                "overturn",
                "pass",
                "说了\x1b[2J您好",
                "",
                "",
                "aa",
                "r1",
            ),
            strict=True,
        )
    )
    path = tmp_path / "marks.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow(row)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "80"})


def test_marks_come_in_are_listed_and_show_in_scorecards_and_health(out: Path, marks: Path) -> None:
    done = run("review", "import", marks, "--out", out, "--reviewer", "王质检")
    assert done.exit_code == 0, done.output
    assert "1 new marks, 1 of them overturn a verdict; 0 known already, 0 rows without a mark" in done.stdout
    told = json.loads(run("review", "import", marks, "--out", out, "--reviewer", "王质检", "--json").stdout)
    assert (told["added"], told["known"]) == (0, 1)
    listed = run("review", "list", out).stdout
    assert "fail → pass" in listed
    assert "1 marks: 1 hold" in listed
    assert "\x1b[2J" not in listed
    assert all(cell_len(line) <= 80 for line in listed.splitlines())
    (mark,) = json.loads(run("review", "list", out, "--json", "--standing", "holds").stdout)
    assert (mark["reviewer"], mark["standing"], mark["verdict_now"]) == ("王质检", "holds", "fail")
    assert json.loads(run("review", "list", out, "--json", "--standing", "stale").stdout) == []
    cards = run("scorecards", out).stdout
    assert "→ 100.0 1/1" in cards
    assert "score after review, with findings overturned/reviewed" in " ".join(cards.split())
    health = run("rules", "health", out).stdout
    assert "OPS-01*" in health
    assert "100% [21, 100]" in health
    rows = json.loads(run("rules", "health", out, "--json").stdout)
    assert [(row["rule_id"], row["reviewed"], row["overturned"]) for row in rows] == [
        ("OPS-01", 1, 1),
        ("OPS-02", 0, 0),
    ]


def test_bad_rows_are_errors_and_unknown_standings_too(out: Path, marks: Path) -> None:
    with pytest.raises(ConfigError, match="reviewer is empty"):
        CliRunner().invoke(app, ["review", "import", str(marks), "--out", str(out)], catch_exceptions=False)
    with pytest.raises(ConfigError, match="--standing gone-by: expected holds, superseded, stale, gone"):
        CliRunner().invoke(app, ["review", "list", str(out), "--standing", "gone-by"], catch_exceptions=False)
    assert "0 marks; 'callaudit review import' brings them in" in run("review", "list", out).stdout
    assert "nobody has reviewed a finding yet" in run("rules", "health", out).stdout


def test_a_sample_is_written_once_and_tells_its_seed(out: Path, tmp_path: Path) -> None:
    to = tmp_path / "sample.csv"
    done = run("sample", out, "--to", to, "--random", "5", "--language", "en")
    assert done.exit_code == 0, done.output
    assert "2 findings of 1 calls: 2 random" in done.stdout
    seed = done.stdout.split("--seed ")[1].split(",")[0]
    again = tmp_path / "again.csv"
    told = json.loads(
        run(
            "sample", out, "--to", again, "--random", "5", "--language", "en", "--seed", seed, "--json"
        ).stdout
    )
    assert (told["drawn"], told["seed"]) == (2, int(seed))
    assert again.read_bytes() == to.read_bytes()
    assert "Pace" in to.read_text("utf-8-sig") or "OPS-01" in to.read_text("utf-8-sig")
    with pytest.raises(ConfigError, match="is there already, perhaps with grades"):
        CliRunner().invoke(app, ["sample", str(out), "--to", str(to)], catch_exceptions=False)
    for command in ("sample", "report", "workbook"):
        given = [command, out, "--to", tmp_path / "x.xlsx", "--from", "2026-02-01", "--until", "2026-01-01"]
        with pytest.raises(ConfigError, match="--until 2026-01-01 is before --from 2026-02-01"):
            CliRunner().invoke(app, [*map(str, given)], catch_exceptions=False)


def test_a_draw_without_a_place_for_its_file_is_not_stored(out: Path, tmp_path: Path) -> None:
    for to in (tmp_path / "none" / "sample.csv", "s3://bucket/sample.csv"):
        with pytest.raises(ConfigError, match="expected a file in a folder of this machine"):
            CliRunner().invoke(app, ["sample", str(out), "--to", str(to)], catch_exceptions=False)
    assert not (out / "samples").exists()
    with pytest.raises(ConfigError, match="expected a folder of this machine"):
        CliRunner().invoke(app, ["report", str(out), "--to", "s3://bucket/report"], catch_exceptions=False)


def test_a_workbook_is_written(out: Path, tmp_path: Path) -> None:
    to = tmp_path / "audit.xlsx"
    done = run("workbook", out, "--to", to)
    assert done.exit_code == 0, done.output
    assert "1 call of 1 day, 1 finding to review" in done.stdout
    assert openpyxl.load_workbook(to).sheetnames[0] == "得分卡"
    assert json.loads(run("workbook", out, "--to", to, "--language", "en", "--json").stdout)["findings"] == 1
    for bad in ("audit.csv", "nowhere/audit.xlsx"):
        with pytest.raises(ConfigError, match="expected a file"):
            CliRunner().invoke(app, ["workbook", str(out), "--to", bad], catch_exceptions=False)
