from dataclasses import replace

import pytest

from pipeline.evaluation.stored import StoredEvent, StoredMeasurement
from pipeline.evaluation.timeline import measure_timeline
from pipeline.spans import Span

from .cases import AGENT, pair, perfect, truth_call, turn, without

CALL = truth_call(
    [turn(AGENT, 10.0, 14.0)],
    events=[
        {"kind": "ringback", "start": 0.0, "end": 6.0, "rings": 2},
        {"kind": "announcement", "start": 6.4, "end": 9.0},
    ],
)
QUIET = truth_call([turn(AGENT, 1.0, 4.0)])


def _stored(truth, *events, answered_s=None):
    found = tuple(StoredEvent(kind, None, Span(*span), attributes) for kind, span, attributes in events)
    taken = (StoredMeasurement("time_to_answer", None, answered_s, None),) if answered_s else ()
    call = without(without(perfect(truth), "ringback"), "announcement")
    return pair(truth, replace(call, events=(*call.events, *found), measurements=taken))


def _values(*pairs):
    outcome = measure_timeline(pairs)
    return {row.name: row.value for row in outcome.rows}, outcome.disagreements


def test_exact_rings_and_announcements():
    rang = ("ringback", (0.0, 6.0), (("rings", 2),))
    values, disagreements = _values(
        _stored(CALL, rang, ("announcement", (6.4, 9.1), ()), answered_s=6.4), _stored(QUIET)
    )
    assert values["rings counted exactly"] == 1
    assert values["time to answer, median error"] == pytest.approx(0.4)
    assert values["announcements found"] == 1
    assert values["announcements invented"] == 0
    assert values["announcement end, median error"] == pytest.approx(0.1)
    assert disagreements == ()


def test_what_is_missed_miscounted_invented_and_inexact():
    rang = ("ringback", (0.0, 6.0), (("rings", 3),))
    values, disagreements = _values(
        _stored(CALL, rang, ("announcement", (6.4, 8.5), ()), ("announcement", (11.0, 12.0), ())),
        _stored(CALL),
        _stored(QUIET, rang),
    )
    assert values["rings counted exactly"] == 0
    assert values["announcements found"] == 0.5
    assert values["announcements invented"] == 1
    assert [(d.measure, d.truth, d.predicted) for d in disagreements] == [
        ("rings", "2", "3"),
        ("rings", "2", "0"),
        ("rings", "0", "3"),
        ("announcement", "6.40–9.00", "6.40–8.50"),
        ("announcement", "none", "11.00–12.00"),
        ("announcement", "6.40–9.00", "none"),
    ]


def test_nothing_to_measure_is_no_value():
    values, _ = _values(_stored(QUIET))
    assert values["rings counted exactly"] == 1
    assert values["announcements found"] is None
    assert values["announcement end, median error"] is None
