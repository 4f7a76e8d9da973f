import json
from io import StringIO

import pytest
from rich.console import Console

from pipeline.errors import ConfigError
from pipeline.evaluation import Disagreement, evaluate
from pipeline.evaluation.report import clauses_table, disagreements_table, measures_table

from .cases import (
    AGENT,
    CUSTOMER,
    hold,
    perfect,
    truth_call,
    truth_json,
    turn,
    with_pace,
    without,
    write_tables,
    write_truth,
)

TURNS = [
    turn(AGENT, 1.0, 7.0, "您好请问有什么可以帮您"),
    turn(CUSTOMER, 8.0, 14.0, "我想查一下我的机票办好了没有", cut_off=True),
    turn(AGENT, 13.7, 18.0, "请您稍等我查一下好吗", interrupts=True),
    turn(CUSTOMER, 16.0, 16.4, "嗯", backchannel=True),
    turn(AGENT, 35.0, 40.0, "让您久等了已经办好了"),
]
SAID = {"announced": True, "reason": True, "consent": False, "return_courtesy": True}
PLAYED = [
    {"kind": "ringback", "start": 0.0, "end": 0.5, "rings": 1},
    {"kind": "announcement", "start": 0.6, "end": 0.9},
]
MORE = {
    "events": PLAYED,
    "holds": [hold((19.0, 34.5)) | SAID],
    "labels": {"OPS-23": "fail", "OPS-24": "pass"},
}
# Characters over seconds: agent 31 in 15.3 s; customer 14 + 1 in 6.4 s net, 14 in 6 s gross.
PACES = (
    ("net_pace", AGENT, 31 / 15.3 * 60),
    ("gross_pace", AGENT, 31 / 15.3 * 60),
    ("net_pace", CUSTOMER, 15 / 6.4 * 60),
    ("gross_pace", CUSTOMER, 14 / 6 * 60),
    ("syllable_rate", AGENT, 31 / 15.3 * 60),
    ("syllable_rate", CUSTOMER, 15 / 6.4 * 60),
)


def _stored(call_id="c1", **options):
    call = perfect(truth_call(TURNS, call_id=call_id, **MORE), **options)
    for name, role, value in PACES:
        call = with_pace(call, name, role, value)
    return call


def _truth(folder, *call_ids):
    return write_truth(folder, **{call_id: truth_json(TURNS, **MORE) for call_id in call_ids})


@pytest.fixture
def perfect_evaluation(tmp_path):
    out = write_tables(tmp_path / "out", [_stored("c1"), _stored("c2")])
    return evaluate(out, _truth(tmp_path / "truth", "c1", "c2"))


def test_identical_tables_score_perfectly(perfect_evaluation):
    targets = [row for row in perfect_evaluation.rows if row.target and row.value is not None]
    assert len(targets) >= 28
    for row in targets:
        ideal = 1.0 if row.target.at_least else 0.0
        assert row.value == pytest.approx(ideal, abs=1e-9), row.name
        assert row.reached, row.name
    assert perfect_evaluation.reached
    assert perfect_evaluation.disagreements == ()


def test_the_size_is_reported(perfect_evaluation):
    assert perfect_evaluation.row("calls").value == 2
    assert perfect_evaluation.row("audio").value == pytest.approx(240 / 3600)
    assert perfect_evaluation.row("failures").value == 0


def test_moved_tables_are_off_by_as_much(tmp_path):
    out = write_tables(tmp_path / "out", [_stored(shift_s=0.2)])
    evaluation = evaluate(out, _truth(tmp_path / "truth", "c1"))
    assert evaluation.row("utterance start, median error").value == pytest.approx(0.2)
    assert evaluation.row("hold edges, median error").value == pytest.approx(0.2)
    assert evaluation.row("answer latency, median error").value == pytest.approx(0, abs=1e-9)
    assert not evaluation.reached


def test_a_dropped_hold_is_found_missing(tmp_path):
    out = write_tables(tmp_path / "out", [without(_stored("c1"), "hold"), _stored("c2")])
    evaluation = evaluate(out, _truth(tmp_path / "truth", "c1", "c2"))
    assert evaluation.row("holds found").value == 0.5
    assert [(d.measure, d.call_id) for d in evaluation.disagreements] == [("hold", "c1")]


def test_calls_on_one_side_only_are_listed_and_not_measured(tmp_path):
    out = write_tables(tmp_path / "out", [_stored("c1"), _stored("c2")], failures=3)
    evaluation = evaluate(out, _truth(tmp_path / "truth", "c2", "c3"))
    assert evaluation.row("calls").value == 1
    assert evaluation.row("failures").value == 3
    assert evaluation.without_truth == ("c1",)
    assert evaluation.without_tables == ("c3",)


def test_truth_of_calls_that_are_not_stored_is_not_read(tmp_path):
    truth = _truth(tmp_path / "truth", "c1")
    (truth / "settings.json").write_text("[]", encoding="utf-8")
    assert evaluate(write_tables(tmp_path / "out", [_stored()]), truth).row("calls").value == 1


@pytest.mark.parametrize("ids", [(), ("c9",)])
def test_no_truth_at_all_is_an_error_that_says_what_was_expected(tmp_path, ids):
    out = write_tables(tmp_path / "out", [_stored()])
    with pytest.raises(ConfigError, match=r"no ground truth for any of the 1 calls.*c1\.json"):
        evaluate(out, _truth(tmp_path / "truth", *ids))


def test_a_run_that_has_only_heard_is_measured_without_verdicts(tmp_path):
    truth = truth_json(TURNS, holds=MORE["holds"])
    out = write_tables(tmp_path / "out", [perfect(truth_call(TURNS, holds=MORE["holds"]))])
    evaluation = evaluate(out, write_truth(tmp_path / "truth", c1=truth))
    assert evaluation.row("fail verdicts, recall").value is None
    assert evaluation.clauses == ()
    assert evaluation.row("speech F1, agent").value == 1.0


def test_clauses_can_be_chosen(tmp_path):
    out = write_tables(tmp_path / "out", [_stored()])
    evaluation = evaluate(out, _truth(tmp_path / "truth", "c1"), clauses=["OPS-24"])
    assert [clause.clause for clause in evaluation.clauses] == ["OPS-24"]


def test_json_holds_everything(perfect_evaluation):
    document = json.loads(perfect_evaluation.to_json())
    assert set(document) == {"rows", "clauses", "disagreements", "without_truth", "without_tables"}
    rows = {row["name"]: row for row in document["rows"]}
    assert rows["holds found"] == {
        "name": "holds found",
        "value": 1.0,
        "target": "≥ 1",
        "unit": "share",
        "detail": "2 of 2",
        "reached": True,
    }
    assert [(c["clause"], c["fail_recall"]) for c in document["clauses"]] == [
        ("OPS-23", 1.0),
        ("OPS-24", None),
    ]


def _render(table):
    console = Console(file=StringIO(), width=200, color_system=None)
    console.print(table)
    return console.file.getvalue()


def test_the_tables_show_values_targets_and_what_is_missing(tmp_path):
    out = write_tables(tmp_path / "out", [without(_stored("c1"), "hold"), _stored("c2")])
    evaluation = evaluate(out, _truth(tmp_path / "truth", "c1", "c3"))
    lines = _render(measures_table(evaluation)).splitlines()
    found = next(line for line in lines if "holds found" in line)
    assert "0.000" in found
    assert "≥ 1" in found
    assert "no" in found
    assert any("no ground truth for: c2" in line for line in lines)
    assert any("no stored tables for: c3" in line for line in lines)
    assert "dead at 19.0 s" in _render(disagreements_table(evaluation.disagreements))
    clauses = _render(clauses_table(evaluation))
    assert "OPS-23" in clauses
    assert "—" in clauses


def test_square_brackets_in_a_reason_are_no_markup():
    quoted = Disagreement("clause", "c1", "OPS-04", "fail", "pass", "wanted [请问] here")
    assert "wanted [请问] here" in _render(disagreements_table([quoted]))
