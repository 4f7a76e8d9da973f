from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import made_calls as made
import pandas as pd
import pyarrow as pa
import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from pipeline import scorecards
from pipeline.call import Event, EventKind, Role
from pipeline.reports.terminal import call_view, scorecard_table
from pipeline.reports.timeline import TimelineView, clock
from pipeline.tables import Judgement, call_tables, finding_table, score_table


def shown(renderable: RenderableType, *, width: int = 80, **options: Any) -> str:
    out = io.StringIO()
    Console(file=out, width=width, **options).print(renderable)
    return out.getvalue()


def cards(judged: list[tuple[Any, list[Judgement]]], by: Sequence[str] = ("agent_id",)) -> pd.DataFrame:
    calls = [call_tables(c) for c, _ in judged]
    judgements = [j for _, each in judged for j in each]
    heard = [pa.concat_tables([getattr(t, n) for t in calls]) for n in ("calls", "measurements")]
    day = scorecards.daily("2026-10-09", *heard, finding_table(judgements), score_table(judgements))
    return scorecards.merge([day], by=by)


def two_agents() -> pd.DataFrame:
    measures = made.measured(spoken_chars=300.0, turn_time=80.0, answer_latency_median=0.64, hold_count=3.0)
    calls = [made.call(f"c{n}", measurements=measures) for n in range(3)]
    calls.append(made.call("c3", agent_id="A02", agent_name="赵磊", team="华东客服二组"))
    judged = [
        (
            c,
            [
                made.judgement(
                    c, 70.0 + 10 * n, made.finding("OPS-25", "fail"), made.finding("OPS-10", "pass")
                )
            ],
        )
        for n, c in enumerate(calls)
    ]
    return cards([*judged, (made.call("c4", agent_id=None, agent_name=None, team=None), [])])


def test_scorecards_are_readable_in_80_columns() -> None:
    text = shown(scorecard_table(two_agents()))
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    row = next(line for line in text.splitlines() if "陈静" in line)
    for part in ("A01", "一组", " 3 ", "80.0 55–100", "225", "0.6 s", "3.0", "OPS-25 3/3"):
        assert part in row
    assert "dinghao-380" in text
    assert "…" not in text


def test_what_was_not_measured_is_a_dash_not_a_number() -> None:
    text = shown(scorecard_table(two_agents()))
    row = next(line for line in text.splitlines() if "赵磊" in line)
    assert row.split()[4:9] == ["100.0", "–", "–", "–", "–"]
    assert "nan" not in text.lower()


def test_calls_without_an_agent_or_a_rulebook_are_shown() -> None:
    text = shown(scorecard_table(two_agents()))
    assert "not judged" in text
    assert "(no agent)" in text


def test_no_scorecards_say_so() -> None:
    assert "no calls" in shown(scorecard_table(scorecards.merge([])))


def test_a_team_can_be_shown() -> None:
    frame = scorecards.merge([two_agents()], by=("team",))
    assert "华东客服" in shown(scorecard_table(frame))


@pytest.mark.parametrize(
    ("by", "heads", "rows"),
    [
        (["team"], ["team"], [["一组"], ["二组"], ["三组"]]),
        (["date"], ["day"], [["2026-10-09"]]),
        (["shift_hour"], ["of shift"], [["0–1 h"], ["2–3 h"], ["unknown"]]),
        (
            ["team", "shift_hour"],
            ["team", "of shift"],
            [["一组", "2–3 h"], ["二组", "0–1 h"], ["三组", "unknown"]],
        ),
    ],
)
def test_rows_say_what_they_are_of(by: list[str], heads: list[str], rows: list[list[str]]) -> None:
    def at(time: str) -> datetime:
        return datetime.fromisoformat(f"2026-10-09T{time}:00+08:00")

    hours = {"三组": None, "一组": at("09:10"), "二组": at("11:30")}
    calls = [
        made.call(f"c{team}", team=team, started_at=at("11:40"), shift_started_at=begun)
        for team, begun in hours.items()
    ]
    frame = cards([(call, [made.judgement(call, 90.0)]) for call in calls], by=by)
    lines = [re.split(r" {2,}", line.strip()) for line in shown(scorecard_table(frame)).splitlines()]
    head = next(at for at, line in enumerate(lines) if "calls" in line)
    assert lines[head][: len(heads)] == heads
    found = [line[: len(heads)] for line in lines[head + 2 : head + 2 + len(rows)]]
    assert found == rows


def findings() -> list[Any]:
    return [
        made.finding("OPS-10", "pass", quote="您好"),
        made.finding(
            "OPS-25", "fail", start_s=13.0, end_s=29.0, reason="16 s unheard", points=0.0, critical=True
        ),
        made.finding("OPS-16", "undetermined", start_s=31.0, end_s=31.5, reason="unclear name"),
        made.finding("OPS-51", "not_applicable", start_s=None, end_s=None),
    ]


def test_a_call_shows_its_facts_transcript_verdicts_and_score() -> None:
    score = made.score(62.0, critical_failures=1)
    text = shown(call_view(made.call(), findings(), [score], titles={"OPS-25": "Update every 15 s"}))
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    for part in (
        "陈静 A01 一组",
        "2026-10-09 09:12+08:00",
        "0:40.0, stereo",
        "quality 93%",
        "0:05.0 agent    您好，请问有什么可以帮您？",
        "✗ fail   OPS-25    0:13.0  Update every 15 s: 16 s unheard",
        "✓ 1 passed: OPS-10",
        "– 1 not applicable; --all names them",
        "6.2 of 10 points over 1 decided clause with points = 62.0; 1 critical failed →",
        "patience –  courtesy 62.0",
    ):
        assert part in text


def test_findings_stand_after_what_they_are_about() -> None:
    lines = shown(call_view(made.call(), findings())).splitlines()
    order = [
        next(n for n, line in enumerate(lines) if part in line)
        for part in (
            "请问有什么",
            "我的退票",
            "18.0 s music, announced",
            "✗ OPS-25 16 s",
            "久等",
            "? OPS-16",
        )
    ]
    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_a_reason_and_a_quote_stand_there_once() -> None:
    found = [made.finding("OPS-25", "fail", reason="never said 稍等", quote="稍等")]
    text = shown(call_view(made.call(), found, [made.score(50.0)], titles={"OPS-25": "Update every 15 s"}))
    assert text.count("Update every 15 s") == 2
    assert text.count("never said") == 1
    assert text.count("稍等") == 1
    long = [made.finding("OPS-25", "fail", quote="您" * 200)]
    assert shown(call_view(made.call(), long, [made.score(50.0)])).count("您") < 70


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    found = [*findings(), made.finding("A-VERY-LONG-CLAUSE-OF-A-DESK", "fail", quote="请问" * 60)]
    titles = {"OPS-25": "等待中每15秒回应客户一次" * 4}
    for everything in (False, True):
        view = call_view(made.call(), found, [made.score(50.0)], titles=titles, everything=everything)
        assert max(map(cell_len, shown(view, width=width).splitlines())) <= width


def test_verdicts_that_need_someone_come_first() -> None:
    text = shown(call_view(made.call(), findings(), [made.score(50.0)], everything=True))
    assert "– 1 not applicable: OPS-51" in text
    assert text.index("✗ fail") < text.index("? open") < text.index("✓ pass")


def test_each_rulebook_has_its_own_verdicts() -> None:
    other = made.finding("TEL-11", "fail", standard="telecom-10000")
    scores = [made.score(50.0), made.score(None, standard="telecom-10000")]
    text = shown(call_view(made.call(), [*findings(), other], scores))
    first, second = text.split("telecom-10000")
    assert "✗ fail   TEL-11" in second
    assert "✗ fail   TEL-11" not in first
    assert "no score" in second


@pytest.mark.parametrize("text", ["[bold red]x[/]", "[/nothing]", "[link=file:///x]y[/link]", "a\\[b]"])
def test_markup_in_texts_is_shown_as_it_is(text: str) -> None:
    said = dataclasses.replace(
        made.call(text, agent_name=text, team=text),
        utterances=(made.utterance(0, Role.AGENT, 1.0, text),),
    )
    found = [made.finding(text, "fail", reason=text, quote=f"“{text}”")]
    view = shown(call_view(said, found, [made.score(1.0)], titles={text: text}), width=200)
    facts, transcript, verdicts = 3, 3, 4
    assert view.count(text) == facts + transcript + verdicts
    frame = cards([(said, [made.judgement(said, 50.0, *found)])])
    assert f"{text} 1/1" in shown(scorecard_table(frame), width=300)


def test_texts_cannot_command_the_terminal() -> None:
    evil = "\x1b[2J\x1b]0;owned\x07\u202e\r\x9b31m"
    call = dataclasses.replace(
        made.call(evil, agent_name=evil, team=evil),
        utterances=(made.utterance(0, Role.AGENT, 1.0, evil),),
        events=(Event(EventKind.HOLD, None, 1.0, 9.0, (("kind", evil),)),),
    )
    found = [made.finding(evil, "fail", reason=evil, quote=evil)]
    view = shown(call_view(call, found, [made.score(1.0)]), no_color=True)
    view += shown(scorecard_table(cards([(call, [made.judgement(call, 1.0, *found)])])))
    assert not set("\x1b\x07\u202e\r\x9b") & set(view)


def test_colour_only_adds_to_the_text() -> None:
    view = call_view(made.call(), findings(), [made.score(62.0)])
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system="truecolor", record=True)
    console.print(view)
    assert "\x1b[" in out.getvalue()
    assert console.export_text() == shown(view)


def test_the_timeline_shows_who_speaks_when() -> None:
    scale, agent, customer, marks, legend = shown(TimelineView(made.call()), width=49).splitlines()
    assert scale.split() == ["0:00", "0:40.0"]
    # 40 cells of 1 s after 9 columns of label: agent 5-7 and 30-32, customer 8-10.
    assert agent == "agent    " + " " * 5 + "██" + " " * 23 + "██" + " " * 8
    assert customer == "customer " + " " * 8 + "██" + " " * 30
    assert marks == " " * 9 + "RRRR" + " " * 8 + "H" * 18 + " " * 10
    assert legend.split() == ["H", "hold", "R", "ringing"]


@pytest.mark.parametrize("width", [1, 9, 12, 30, 500])
def test_the_timeline_fits_any_width(width: int) -> None:
    text = shown(TimelineView(made.call()), width=width)
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_a_short_event_and_an_empty_recording_are_drawn() -> None:
    blip = Event(EventKind.INTERRUPTION, Role.AGENT, 20.0, 20.0)
    call = dataclasses.replace(made.call(), events=(blip,))
    assert shown(TimelineView(call), width=49).splitlines()[3].index("!") == 29
    assert shown(TimelineView(dataclasses.replace(call, duration_s=0.0, events=())))


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.0, "0:00.0"), (59.96, "1:00.0"), (754.25, "12:34.2"), (3661.0, "1:01:01.0")]
)
def test_times_are_shown_as_minutes_and_seconds(seconds: float, expected: str) -> None:
    assert clock(seconds) == expected
