"""The ``calibrate`` command on a store of judged calls."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.audit import judge_night
from pipeline.call import Call
from pipeline.cli import app
from pipeline.dialogue import dialogue_call
from pipeline.errors import ConfigError
from pipeline.executors import judge_stretches
from pipeline.rulebook import load_rulebook
from pipeline.store import Store

SAID = "agent: 已经为您登记了，师傅明天上午上门，请您放心，有什么问题可以随时联系我们。\ncustomer: 好的。"


def spoken(call_id: str, pace: int) -> Call:
    call = dialogue_call(f"@pace {pace}\n{SAID}")
    return replace(call, record=replace(call.record, call_id=call_id))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("night") / "out"
    store = Store(out)
    with store.writing():
        for call_id, pace in (("even", 120), ("brisk", 180), ("fast", 300)):
            store.write_call(spoken(call_id, pace))
        judge_night(store, [load_rulebook("dinghao-380")], executor=judge_stretches)
    return out


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text("call_id,rule_id,verdict\neven,OPS-01,pass\nbrisk,OPS-01,pass\nfast,OPS-01,fail\n")
    return path


def callaudit(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=True)


def test_agreement_confusion_and_thresholds_are_shown(judged: Path, labels: Path) -> None:
    shown = callaudit("calibrate", labels, "--out", judged)
    assert shown.exit_code == 0, shown.output
    assert "OPS-01*" in shown.output
    assert "grader pass → fail: 1" in shown.output
    assert "brisk at" in shown.output
    assert "with other values of at_most" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 80


def test_rows_that_nobody_has_graded_yet_are_told(judged: Path, labels: Path) -> None:
    assert "note:" not in callaudit("calibrate", labels, "--out", judged).stderr
    head, *_ = labels.read_text(encoding="utf-8").splitlines()
    with labels.open("a", encoding="utf-8") as file:
        file.write(
            ",".join({"call_id": "c9", "rule_id": "OPS-01"}.get(n, "") for n in head.split(",")) + "\n"
        )
    told = callaudit("calibrate", labels, "--out", judged).stderr
    assert "note: 1 row without a verdict, passed over" in told


def test_json_says_the_same(judged: Path, labels: Path) -> None:
    told = json.loads(callaudit("calibrate", labels, "--out", judged, "--json").stdout)
    (clause,) = told["clauses"]
    assert (clause["rule_id"], clause["labels"], clause["fails"]) == ("OPS-01", 3, 1)
    assert clause["agreement"]["raw"]["value"] == pytest.approx(2 / 3)
    assert clause["precision"]["value"] == pytest.approx(1 / 2)
    assert {sweep["option"] for sweep in told["sweeps"]} == {"at_least", "at_most"}


def test_only_what_is_asked_for_is_swept(judged: Path, labels: Path) -> None:
    shown = callaudit("calibrate", labels, "--out", judged, "--sweep", "OPS-01.at_most=200,250", "--json")
    (sweep,) = json.loads(shown.stdout)["sweeps"]
    assert [point["value"] for point in sweep["points"]] == [160, 200, 250]
    assert [point["agreed"]["value"] for point in sweep["points"]] == [pytest.approx(2 / 3), 1.0, 1.0]


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("OPS-01", "expected CLAUSE.OPTION"),
        ("OPS-01.at_most=x", "expected"),
        ("NO.at_most", "no such clause"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused(judged: Path, labels: Path, sweep: str, said: str) -> None:
    result = callaudit("calibrate", labels, "--out", judged, "--sweep", sweep)
    assert isinstance(result.exception, ConfigError)
    assert said in str(result.exception)
