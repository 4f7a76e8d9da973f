import pytest

from pipeline.evaluation.result import ClauseAgreement, Evaluation, MeasureRow, Target, p90


def test_a_limit_itself_is_reached():
    assert Target(0.95, at_least=True).reached_by(0.95)
    assert not Target(0.95, at_least=True).reached_by(0.949)
    assert Target(0.1, at_least=False).reached_by(0.1)
    assert not Target(0.1, at_least=False).reached_by(0.101)


def test_targets_read_as_they_are_written():
    assert str(Target(0.95, at_least=True)) == "≥ 0.95"
    assert str(Target(0, at_least=False)) == "≤ 0"


def test_without_a_value_or_a_target_nothing_is_reached_or_not():
    assert MeasureRow("a", None, Target(1, at_least=True), "share").reached is None
    assert MeasureRow("a", 1.0, None, "share").reached is None


def test_p90_interpolates():
    assert p90([]) is None
    assert p90([3.0]) == 3.0
    assert p90([float(i) for i in range(11)]) == pytest.approx(9.0)


def test_an_evaluation_is_reached_when_no_measure_falls_short():
    good = MeasureRow("good", 1.0, Target(1, at_least=True), "share")
    bad = MeasureRow("bad", 0.0, Target(1, at_least=True), "share")
    empty = MeasureRow("empty", None, Target(1, at_least=True), "share")
    assert Evaluation((good, empty), (), (), (), ()).reached
    assert not Evaluation((good, bad), (), (), (), ()).reached


def test_rows_are_found_by_name():
    row = MeasureRow("holds found", 1.0, None, "share")
    evaluation = Evaluation((row,), (), (), (), ())
    assert evaluation.row("holds found") is row
    with pytest.raises(KeyError, match="holds found"):
        evaluation.row("holds")


def test_shares_of_nothing_are_none():
    nothing = ClauseAgreement("OPS-04", 0, 0, 0, 0, 0, 0, 0, 0)
    shares = (nothing.fail_precision, nothing.fail_recall, nothing.pass_precision, nothing.undetermined_share)
    assert shares == (None, None, None, None)
