from dataclasses import replace

import pytest

from pipeline.call import Verdict
from pipeline.errors import ConfigError
from pipeline.evaluation.clauses import measure_clauses
from pipeline.evaluation.stored import StoredFinding

from .cases import pair, perfect, truth_call, with_findings

PASS, FAIL = Verdict.PASS, Verdict.FAIL
NOT_APPLICABLE, UNDETERMINED = Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED


def _pair(labels, *, call_id="c1", **found):
    truth = truth_call([], call_id=call_id, labels=labels)
    return pair(truth, with_findings(perfect(truth), **found))


def _values(*pairs, clauses=None):
    outcome, _ = measure_clauses(pairs, clauses=clauses)
    return {row.name.replace(" verdicts", ""): row.value for row in outcome.rows}


def test_the_same_verdicts_score_1():
    same = _pair({"OPS-04": "fail", "OPS-05": "pass"}, OPS_04=FAIL, OPS_05=PASS)
    outcome, _ = measure_clauses([same])
    assert [row.value for row in outcome.rows] == [1.0, 1.0, 1.0, 0.0, 0.0, 0, 0]
    assert outcome.disagreements == ()


@pytest.mark.parametrize("truth", ["pass", "not_applicable"])
def test_a_fail_where_there_is_none_is_a_false_alarm(truth):
    values = _values(_pair({"OPS-04": "fail", "OPS-05": truth}, OPS_04=FAIL, OPS_05=FAIL))
    assert values["fail, precision"] == 0.5
    assert values["fail, recall"] == 1.0


@pytest.mark.parametrize("predicted", [PASS, NOT_APPLICABLE, UNDETERMINED])
def test_anything_but_fail_misses_a_fail(predicted):
    values = _values(_pair({"OPS-04": "fail", "OPS-05": "fail"}, OPS_04=FAIL, OPS_05=predicted))
    assert values["fail, precision"] == 1.0
    assert values["fail, recall"] == 0.5


def test_no_finding_misses_a_fail():
    judged = _pair({"OPS-04": "fail"}, OPS_04=FAIL)
    unjudged = _pair({"OPS-04": "fail"}, call_id="c2")
    outcome, _ = measure_clauses([judged, unjudged])
    assert outcome.rows[1].value == 0.5
    assert "1 on calls not judged under the clause's standard" in outcome.rows[1].detail
    assert [(d.call_id, d.predicted) for d in outcome.disagreements] == [("c2", "no finding")]


def test_no_finding_where_nothing_failed_is_no_disagreement():
    pairs = [_pair({"OPS-04": "pass"}, OPS_04=PASS), _pair({"OPS-04": "pass"}, call_id="c2")]
    assert measure_clauses(pairs)[0].disagreements == ()


def test_without_a_label_nothing_counts():
    values = _values(_pair({"OPS-04": "fail"}, OPS_04=FAIL, OPS_05=FAIL), clauses=["OPS-04", "OPS-05"])
    assert values["fail, precision"] == 1.0


def test_pass_precision_and_undetermined_share():
    found = {"OPS_04": PASS, "OPS_05": PASS, "OPS_06": UNDETERMINED, "OPS_07": NOT_APPLICABLE}
    labels = {"OPS-04": "pass", "OPS-05": "fail", "OPS-06": "pass", "OPS-07": "not_applicable"}
    values = _values(_pair(labels, **found))
    assert values["pass, precision"] == 0.5
    assert values["undetermined"] == 0.25


def test_without_fails_there_is_no_precision_and_no_recall():
    values = _values(_pair({"OPS-04": "pass"}, OPS_04=PASS))
    assert values["fail, precision"] is None
    assert values["fail, recall"] is None


def test_by_default_clauses_need_labels_and_findings():
    case = _pair({"OPS-04": "fail", "OPS-05": "fail"}, OPS_04=FAIL, OPS_06=FAIL)
    assert _values(case)["fail, recall"] == 1.0
    assert _values(case, clauses=["OPS-04", "OPS-05"])["fail, recall"] == 0.5


def test_an_unknown_clause_is_an_error():
    with pytest.raises(ConfigError, match="OPS-99"):
        _values(_pair({"OPS-04": "fail"}, OPS_04=FAIL), clauses=["OPS-99"])


def test_agreement_per_clause():
    pairs = [
        _pair({"OPS-04": "fail", "OPS-05": "pass"}, call_id="c1", OPS_04=FAIL, OPS_05=FAIL),
        _pair({"OPS-04": "fail", "OPS-05": "fail"}, call_id="c2", OPS_04=PASS, OPS_05=FAIL),
    ]
    _, (first, second) = measure_clauses(pairs)
    assert (first.clause, first.fail_precision, first.fail_recall) == ("OPS-04", 1.0, 0.5)
    assert (second.clause, second.fail_precision, second.fail_recall) == ("OPS-05", 0.5, 1.0)
    assert first.pass_precision == 0.0


def test_of_two_standards_the_fail_counts():
    case = _pair({"OPS-04": "fail"}, OPS_04=PASS)
    findings = (*case.stored.findings, StoredFinding("telecom-10000", "OPS-04", FAIL, ""))
    both = pair(case.truth, _replace_findings(case.stored, findings))
    assert _values(both)["fail, recall"] == 1.0


def test_disagreements_say_why():
    outcome, _ = measure_clauses([_pair({"OPS-04": "fail"}, OPS_04=PASS)])
    (found,) = outcome.disagreements
    assert (found.call_id, found.subject, found.truth, found.predicted, found.reason) == (
        "c1",
        "OPS-04",
        "fail",
        "pass",
        "why",
    )


def _replace_findings(stored, findings):
    return replace(stored, findings=findings)


def test_a_fail_that_passes_is_counted():
    values = _values(_pair({"OPS-04": "fail", "OPS-05": "fail"}, OPS_04=FAIL, OPS_05=PASS))
    assert values["fails passed"] == 0.5


def test_critical_false_alarms_are_listed_and_right_ones_are_not():
    truth = truth_call([], call_id="c1", labels={"OPS-70": "pass", "ECM-13": "fail"})
    findings = tuple(StoredFinding("s", clause, FAIL, "", critical=True) for clause in truth.labels)
    outcome, _ = measure_clauses([pair(truth, replace(perfect(truth), findings=findings))])
    row = next(row for row in outcome.rows if row.name.startswith("critical"))
    assert (row.value, row.detail, row.reached) == (1, "OPS-70 in c1", False)


def test_fails_without_a_label_are_counted_for_a_person():
    outcome, _ = measure_clauses([_pair({"OPS-04": "pass"}, OPS_04=PASS, OPS_05=FAIL, OPS_06=PASS)])
    assert (outcome.rows[-1].value, outcome.rows[-1].detail) == (1, "OPS-05 in c1")
