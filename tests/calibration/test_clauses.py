import pytest

from pipeline.calibration import Label, calibrate
from pipeline.calibration.clauses import Judged
from pipeline.call import Finding, Verdict
from pipeline.errors import ConfigError

P, F, N, U = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED


def found(call_id, verdict, rule_id="A", standard="s", day="2026-10-01"):
    finding = Finding(standard, rule_id, "courtesy", verdict, None, 1.0, 2.0, "", "why", 0.9, 1.0, False)
    return Judged(call_id, day, finding)


def both(*pairs):
    """Labels and findings of one clause: grader's verdict, audit's."""
    labels = [Label(str(i), "A", truth) for i, (truth, _) in enumerate(pairs)]
    judged = [found(str(i), audit) for i, (_, audit) in enumerate(pairs) if audit is not None]
    return calibrate(labels, [*judged, *(found(str(i), P, rule_id="B") for i in range(len(pairs)))])


def test_counts_of_a_clause():
    (clause,) = both((P, P), (P, F), (F, F), (F, U), (F, None), (N, N), (N, U), (P, N)).clauses
    assert (clause.labels, clause.fails, clause.undetermined, clause.absent) == (8, 2, 2, 1)
    assert clause.agreement.compared == 5
    assert clause.agreement.raw.value == pytest.approx(3 / 5)
    assert clause.precision.value == pytest.approx(1 / 2)
    assert clause.recall.value == pytest.approx(1 / 2)


def test_a_clause_that_nothing_was_judged_by_is_named():
    calibration = calibrate([Label("1", "A", F), Label("1", "OPS-99", F)], [found("1", F)])
    assert any("no labelled call was judged by a clause named OPS-99" in note for note in calibration.notes)
    assert calibration.pooled.recall.value == 1.0


def test_disagreements_come_false_alarms_first_then_missed_fails():
    (clause,) = both((P, N), (F, U), (P, F), (F, P), (N, U)).clauses
    assert [d.kind for d in clause.disagreements] == [
        "pass → fail",
        "fail → undetermined",
        "fail → pass",
        "pass → not_applicable",
        "not_applicable → undetermined",
    ]


def test_few_labels_decide_nothing():
    assert "4 compared" in both(*[(P, P)] * 4).clauses[0].too_few
    assert "no call was graded as a fail" in both(*[(P, P)] * 20).clauses[0].too_few
    assert both(*[(P, P)] * 19, (F, F)).clauses[0].too_few is None


def test_a_majority_of_graders_counts_and_a_draw_is_left_out():
    graders = [Label("1", "A", F, grader=g) for g in "xy"] + [Label("1", "A", P, grader="z")]
    draw = [Label("2", "A", F, grader="x"), Label("2", "A", P, grader="y")]
    calibration = calibrate([*graders, *draw], [found("1", F), found("2", F)])
    assert calibration.pooled.labels == 1
    assert calibration.pooled.agreement.raw.value == 1.0
    assert any("no majority" in note for note in calibration.notes)


def test_a_grader_who_cannot_tell_is_no_disagreement():
    calibration = calibrate([Label("1", "A", U), Label("2", "A", P)], [found("1", P), found("2", P)])
    assert calibration.pooled.labels == 1
    assert any("undetermined" in note for note in calibration.notes)


def test_a_clause_of_two_standards_is_compared_under_each_unless_the_label_names_one():
    judged = [found("1", F, standard="s"), found("1", P, standard="t")]
    assert [c.standard for c in calibrate([Label("1", "A", F)], judged).clauses] == ["s", "t"]
    (one,) = calibrate([Label("1", "A", F, standard="t")], judged).clauses
    assert (one.standard, one.agreement.raw.value) == ("t", 0.0)


def test_an_id_of_two_days_needs_a_date():
    judged = [found("1", F), found("1", P, day="2026-10-02")]
    vague = calibrate([Label("1", "A", F)], judged)
    assert vague.pooled.labels == 0
    assert any("give its label a call_date" in note for note in vague.notes)
    assert calibrate([Label("1", "A", F, call_date="2026-10-01")], judged).pooled.recall.value == 1.0


def test_labels_of_another_store_are_refused_and_some_unknown_calls_are_noted():
    with pytest.raises(ConfigError, match="none of the 1 labelled calls was judged here, such as '9'"):
        calibrate([Label("9", "A", P)], [found("1", P)])
    some = calibrate([Label("9", "A", P), Label("1", "A", P)], [found("1", P)])
    assert some.pooled.labels == 1
    assert any("1 labelled calls were not judged here" in note for note in some.notes)
