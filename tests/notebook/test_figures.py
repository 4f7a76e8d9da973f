from __future__ import annotations

import warnings
from dataclasses import replace

import made_calls as made

from pipeline import draw_timeline
from pipeline.call import Event, EventKind, Role


def test_a_timeline_has_lanes_events_and_a_row_for_each_finding_to_listen_to() -> None:
    call = made.call("c1")
    interruption = Event(EventKind.INTERRUPTION, Role.AGENT, 9.0, 9.5)
    call = replace(call, events=(*call.events, interruption))
    found = (
        made.finding("OPS-04", "fail"),
        made.finding("OPS-05", "undetermined", start_s=30.0),
        made.finding("OPS-06", "pass"),
        made.finding("OPS-07", "fail", start_s=None, end_s=None),
    )
    figure = draw_timeline(
        call, [made.judgement(call, 40.0, *found)], titles={"OPS-04": "Say $you$ politely"}
    )
    voices, findings = figure.axes
    assert [label.get_text() for label in voices.get_yticklabels()] == ["line", "agent", "customer"]
    assert [label.get_text() for label in findings.get_yticklabels()] == ["OPS-04", "OPS-05"]
    assert {t.get_text() for t in voices.get_legend().get_texts()} == {
        "hold, music",
        "ringing",
        "interruption",
    }
    assert "dinghao-380 40" in voices.get_title(loc="left")
    assert voices.get_xlim() == (0.0, 40.0)


def test_names_that_fonts_may_lack_and_marks_of_mathematics_do_no_harm() -> None:
    call = made.call("$x^{$ 通话", agent_id="李")
    finding = made.finding("第一条", "fail")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_timeline(call, [made.judgement(call, None, finding)], titles={"第一条": "礼貌"})
        figure.canvas.draw()
    assert figure.axes[0].get_title(loc="left").startswith(r"\$x^{\$ ??")


def test_a_call_without_judgements_has_one_panel() -> None:
    assert len(draw_timeline(made.call()).axes) == 1
