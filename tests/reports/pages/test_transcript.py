"""The transcript on a call's page: order, quotes, and findings in their places."""

from __future__ import annotations

from dataclasses import replace

import made_calls as made

from pipeline.call import EventKind, Finding, Role
from pipeline.reports.pages.call import FindingView
from pipeline.reports.pages.standards import Clause
from pipeline.reports.pages.transcript import Line, line_of, transcript


def view(finding: Finding) -> FindingView:
    return FindingView(finding, Clause(finding.rule_id, "", ""), "anchor", finding.reason, False, None, None)


def lines(*findings: Finding) -> tuple[Line, ...]:
    return transcript(made.call(), [view(f) for f in findings])


def test_lines_are_in_order_of_time_with_what_is_heard_on_the_line() -> None:
    shown = [(line.at_s, line.role, line.band) for line in lines()]
    assert shown == [
        (0.0, None, "ringback"),
        (5.0, Role.AGENT, ""),
        (8.0, Role.CUSTOMER, ""),
        (12.0, None, "hold_music"),
        (30.0, Role.AGENT, ""),
    ]


def test_a_quote_is_marked_where_it_was_said_and_nowhere_else() -> None:
    found = lines(made.finding("OPS-01", "fail", quote="退票", start_s=8.0, end_s=10.0))
    assert found[2].pieces == (("我想问一下我的", False), ("退票", True), ("。", False))
    assert all(not quoted for line in (*found[:2], *found[3:]) for _, quoted in line.pieces)


def test_quotes_of_several_turns_and_within_each_other_are_marked() -> None:
    found = lines(
        made.finding("OPS-01", "fail", quote="请问有什么 → 我想问", start_s=5.0, end_s=10.0),
        made.finding("OPS-02", "fail", quote="问有", start_s=5.0, end_s=7.0),
    )
    assert [piece for line in found for piece, quoted in line.pieces if quoted] == ["请问有什么", "我想问"]


def test_far_off_words_are_no_quote_and_near_ones_are_called_nearest() -> None:
    def found(reason: str) -> FindingView:
        finding = made.finding("OPS-11", "fail", quote="退票", start_s=8.0, end_s=10.0)
        return view(replace(finding, reason=reason))

    far = found("not said (closing); the nearest words are 25% alike")
    near = found("not said (closing); the nearest words are 64% alike")
    assert (far.quote, near.quote, near.nearest) == ("", "退票", True)
    assert found("never said; due at least once").quote == ""
    assert found("missing: comfort (never said; due at least once)").quote == ""
    assert found("says '退票'").quote == "退票"
    assert not found("says '退票'").nearest
    assert not any(quoted for line in transcript(made.call(), [far]) for _, quoted in line.pieces)


def test_a_finding_stands_at_its_evidence_or_at_the_end_of_its_search() -> None:
    found = lines(
        made.finding("OPS-01", "fail", start_s=8.5, end_s=9.0),
        made.finding("OPS-02", "fail", start_s=0.0, end_s=39.0),
        made.finding("OPS-03", "fail", start_s=None, end_s=None),
        made.finding("OPS-04", "fail", start_s=0.0, end_s=0.5),
    )
    standing = {line.at_s: [v.finding.rule_id for v in line.findings] for line in found if line.findings}
    assert standing == {5.0: ["OPS-04"], 8.0: ["OPS-01"], 30.0: ["OPS-02"]}


def test_courtesies_of_a_hold_are_told_only_where_they_are_known() -> None:
    (hold,) = [line for line in lines() if line.band == "hold_music"]
    assert hold.courtesies == ("hold_announced",)


def test_a_call_without_words_has_only_what_is_heard_on_the_line() -> None:
    call = replace(made.call(), utterances=())
    shown = transcript(call, [view(made.finding("OPS-01", "fail"))])
    assert all(line.role is None for line in shown)
    assert line_of(call, 5.0) is None
    assert {e.kind for e in call.events} > {EventKind.HOLD}
