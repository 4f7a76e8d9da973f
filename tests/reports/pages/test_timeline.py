"""The timeline's picture: where things stand, in bounds, for every kind of call."""

from __future__ import annotations

import re
from dataclasses import replace

import made_calls as made
import pytest
from made_reports import odd_calls

from pipeline.call import Call, Event, EventKind, Finding, Role, Verdict
from pipeline.reports.pages.timeline import WIDTH, timeline
from pipeline.reports.pages.timeline_marks import MarkState, place_of


def boxes(path: str) -> list[tuple[float, float]]:
    """Where the boxes of a path begin and how wide they are."""
    return [(float(x), float(w)) for x, w in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)", path)]


def held(*findings: Finding) -> list[tuple[Finding, Verdict]]:
    """Findings that nobody reviewed."""
    return [(finding, finding.verdict) for finding in findings]


def test_speech_stands_where_it_is_said() -> None:
    picture = timeline(made.call())
    lanes = {lane.role: lane for lane in picture.lanes}
    # The call has 40 s, so a second is 25 units.
    assert boxes(lanes[Role.AGENT].path) == [(125.0, 50.0), (750.0, 50.0)]
    assert boxes(lanes[Role.CUSTOMER].path) == [(200.0, 50.0)]
    assert lanes[Role.AGENT].spoken_s == pytest.approx(4.0)


def test_holds_are_of_their_kind_and_music_within_them_is_not_shown_twice() -> None:
    call = made.call()
    call = replace(call, events=(*call.events, Event(EventKind.MUSIC, None, 12.0, 29.0)))
    assert [(band.kind, band.x) for band in timeline(call).bands] == [
        ("ringback", 0.0),
        ("hold_music", 300.0),
    ]


def test_overlap_is_both_speaking_and_unknown_on_one_channel() -> None:
    call = made.call()
    more = Event(EventKind.SPEECH, Role.CUSTOMER, 6.0, 9.0)
    both = replace(call, events=(*call.events, more))
    picture = timeline(both)
    assert boxes(picture.overlap) == [(150.0, 25.0)]
    assert picture.overlap_s == pytest.approx(1.0)
    assert timeline(replace(both, separated=False)).overlap_s is None


def test_findings_near_each_other_are_one_mark_the_gravest_first() -> None:
    findings = [
        made.finding("OPS-10", "undetermined", start_s=5.0),
        made.finding("OPS-11", "fail", start_s=5.5),
        made.finding("OPS-12", "fail", start_s=30.0, end_s=31.0),
        made.finding("OPS-13", "pass", start_s=20.0),
        made.finding("OPS-14", "fail", start_s=None, end_s=None),
    ]
    picture = timeline(made.call(), held(*findings))
    marks = picture.marks
    assert [[m.finding.rule_id for m in mark.findings] for mark in marks] == [
        ["OPS-11", "OPS-10"],
        ["OPS-12"],
    ]
    assert marks[0].state is MarkState.FAIL
    assert marks[1].share == pytest.approx(0.75)
    assert picture.states == (MarkState.FAIL, MarkState.UNDETERMINED)


def test_what_a_reviewer_overturned_is_marked_as_that_and_no_failure() -> None:
    judged = [
        (made.finding("OPS-10", "fail", start_s=5.0), Verdict.PASS),
        (made.finding("OPS-11", "undetermined", start_s=5.5), Verdict.UNDETERMINED),
        (made.finding("OPS-12", "pass", start_s=30.0, end_s=31.0), Verdict.FAIL),
        (made.finding("OPS-13", "undetermined", start_s=20.0), Verdict.NOT_APPLICABLE),
        (made.finding("OPS-14", "pass", start_s=20.0), Verdict.NOT_APPLICABLE),
    ]
    picture = timeline(made.call(), judged)
    assert [[(m.finding.rule_id, m.state.value) for m in mark.findings] for mark in picture.marks] == [
        [("OPS-11", "undetermined"), ("OPS-10", "overturned")],
        [("OPS-13", "overturned")],
        [("OPS-12", "fail")],
    ]
    assert [mark.overturned for mark in picture.marks] == [1, 1, 0]
    assert [m.reviewed for mark in picture.marks for m in mark.findings] == [False, True, True, True]
    assert picture.states == tuple(MarkState)


def test_a_search_in_vain_stands_where_it_ended() -> None:
    call = made.call()
    assert place_of(call, made.finding("OPS-01", "fail", start_s=1.0, end_s=39.0)) == 39.0
    assert place_of(call, made.finding("OPS-01", "fail", start_s=1.0, end_s=9.0)) == 1.0
    assert place_of(call, made.finding("OPS-01", "fail", start_s=50.0, end_s=51.0)) == 40.0
    assert place_of(call, made.finding("OPS-01", "fail", start_s=None, end_s=None)) is None


def test_levels_are_higher_the_louder() -> None:
    call = made.call()
    said = tuple(replace(u, level_dbfs=-20.0 - 10 * u.idx) for u in call.utterances)
    curves = {curve.role: curve.path for curve in timeline(replace(call, utterances=said)).levels}
    loud_y, soft_y = (float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)h", curves[Role.AGENT]))
    assert loud_y < soft_y
    assert timeline(call).levels == ()


@pytest.mark.parametrize("call", odd_calls(), ids=["hostile", "mono", "silent", "five-hours"])
def test_odd_calls_are_drawn_within_the_picture(call: Call) -> None:
    picture = timeline(call, held(made.finding("OPS-01", "fail")))
    assert 1 <= len(picture.ticks) <= 14
    assert picture.lanes
    for lane in picture.lanes:
        assert len(boxes(lane.path)) <= WIDTH / 2
        assert all(x >= 0 and x + width <= WIDTH + 1 for x, width in boxes(lane.path))
    assert all(0.0 <= mark.share <= 1.0 for mark in picture.marks)
