from dataclasses import replace

from pipeline.evaluation.stored import StoredEvent
from pipeline.evaluation.waiting import measure_waiting
from pipeline.spans import Span

from .cases import AGENT, CUSTOMER, hold, pair, perfect, truth_call, turn, without

TURNS = [turn(AGENT, 1.0, 4.0), turn(CUSTOMER, 5.0, 9.0), turn(AGENT, 40.0, 44.0)]
SAID = {"announced": True, "reason": True, "consent": False, "return_courtesy": True}
CALL = truth_call(TURNS, holds=[hold((10.0, 39.5), kind="music") | SAID])
RIGHT = (
    ("announced", True),
    ("consent", False),
    ("kind", "music"),
    ("reason_given", True),
    ("return_courtesy", True),
)


def _values(attributes, span=(10.0, 39.5), truth=CALL):
    call = without(perfect(truth), "hold")
    stored = replace(call, events=(*call.events, StoredEvent("hold", None, Span(*span), attributes)))
    outcome = measure_waiting([pair(truth, stored)])
    return {row.name: row for row in outcome.rows}, outcome.disagreements


def test_all_is_right():
    rows, disagreements = _values(RIGHT)
    assert {name: row.value for name, row in rows.items()} == {
        "hold kind right": 1,
        "hold announced right": 1,
        "hold reason right": 1,
        "hold consent right": 1,
        "hold return courtesy right": 1,
    }
    assert disagreements == ()


def test_what_is_wrong_is_listed():
    rows, disagreements = _values((("announced", False), ("kind", "dead"), *RIGHT[1:2], *RIGHT[3:]))
    assert rows["hold kind right"].value == 0
    assert [(d.measure, d.truth, d.predicted) for d in disagreements] == [
        ("hold kind", "music", "dead"),
        ("hold announced", "True", "False"),
    ]


def test_what_nobody_could_know_is_left_out():
    rows, disagreements = _values((("kind", "music"),))
    assert rows["hold announced right"].value is None
    assert rows["hold announced right"].detail == "0 of 0 holds, 1 without an answer"
    assert disagreements == ()


def test_a_hold_that_was_not_found_is_left_out():
    rows, _ = _values(RIGHT, span=(60.0, 80.0))
    assert all(row.value is None for row in rows.values())


def test_a_truth_that_does_not_know_is_left_out():
    rows, _ = _values(RIGHT, truth=truth_call(TURNS, holds=[hold((10.0, 39.5), kind="music")]))
    assert rows["hold kind right"].value == 1
    assert rows["hold announced right"].value is None
