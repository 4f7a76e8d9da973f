from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from datetime import datetime
from typing import Any

import made_calls as made
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import stats

from pipeline import scorecards
from pipeline.call import Call, Measurement, Role
from pipeline.errors import ConfigError
from pipeline.tables import SCHEMAS, Judgement, call_tables, finding_table, score_table

DAY, NEXT = "2026-10-09", "2026-10-10"


def tables(calls: list[Call], judgements: list[Judgement]) -> list[pa.Table]:
    """The four tables as the store reads a day of them."""
    heard = [
        pa.concat_tables([SCHEMAS[name].empty_table(), *(getattr(call_tables(c), name) for c in calls)])
        for name in ("calls", "measurements")
    ]
    return [*heard, finding_table(judgements), score_table(judgements)]


def cards(calls: list[Call], judgements: list[Judgement] | None = None) -> pa.Table:
    """The scorecards of calls, day after day."""
    days = {c.record.call_date: [d for d in calls if d.record.call_date == c.record.call_date] for c in calls}
    made_of = [
        scorecards.daily(
            day,
            *tables(of_day, [j for j in judgements or [] if j.call_id in {c.record.call_id for c in of_day}]),
        )
        for day, of_day in sorted(days.items())
    ]
    return pa.concat_tables([SCHEMAS["scorecards"].empty_table(), *made_of])


def daily(calls: list[Call], judgements: list[Judgement] | None = None) -> pd.DataFrame:
    return cards(calls, judgements).to_pandas()


def scored(*values: float | None, **changes: Any) -> tuple[list[Call], list[Judgement]]:
    calls = [made.call(f"c{n}", **changes) for n in range(len(values))]
    return calls, [made.judgement(c, v) for c, v in zip(calls, values, strict=True)]


def test_the_score_has_students_interval() -> None:
    values = (70.0, 80.0, 90.0, 60.0)
    (row,) = daily(*scored(*values)).to_dict("records")
    assert (row["calls"], row["calls_scored"]) == (4, 4)
    assert row["score_mean"] == pytest.approx(75.0)
    low, high = stats.t.interval(0.95, 3, loc=75.0, scale=stats.sem(values))
    assert (row["score_ci_low"], row["score_ci_high"]) == pytest.approx((low, high))


def test_the_interval_stays_inside_the_scale_and_needs_two_calls() -> None:
    wide = daily(*scored(0.0, 100.0)).iloc[0]
    assert (wide["score_ci_low"], wide["score_ci_high"]) == (0.0, 100.0)
    single = daily(*scored(88.0)).iloc[0]
    assert single["score_mean"] == 88.0
    assert math.isnan(single["score_ci_low"])
    assert math.isnan(single["score_ci_high"])


def test_equal_scores_have_no_interval_of_zero_width() -> None:
    equal = daily(*scored(33.3, 33.3, 33.3)).iloc[0]
    assert equal["score_mean"] == pytest.approx(33.3)
    assert math.isnan(equal["score_ci_low"])


def test_a_call_without_a_score_counts_as_a_call_only() -> None:
    row = daily(*scored(80.0, None)).iloc[0]
    assert (row["calls"], row["calls_scored"], row["score_mean"]) == (2, 1, 80.0)


def test_a_critical_failure_pulls_the_mean_to_its_zero() -> None:
    calls = [made.call("c0"), made.call("c1")]
    judged = [made.judgement(calls[0], 90.0, critical_failures=2), made.judgement(calls[1], 90.0)]
    row = daily(calls, judged).iloc[0]
    assert row["score_mean"] == 45.0
    assert (row["critical_failures"], row["calls_with_critical_failure"]) == (2, 1)
    assert row["courtesy_mean"] == 90.0
    assert math.isnan(row["patience_mean"])


def test_pace_is_all_characters_over_all_time() -> None:
    calls = [
        made.call("c0", measurements=made.measured(spoken_chars=100.0, turn_time=60.0)),
        made.call("c1", measurements=made.measured(spoken_chars=100.0, turn_time=20.0)),
        made.call("c2", measurements=made.measured(spoken_chars=None, turn_time=500.0)),
        made.call("c3", measurements=made.measured(net_pace=240.0, speech_time=30.0)),
        made.call("c4", measurements=made.measured(net_pace=120.0, speech_time=10.0)),
    ]
    row = daily(calls).iloc[0]
    assert row["gross_pace_chars_per_min"] == pytest.approx(200 / 80 * 60)
    assert row["gross_pace_calls"] == 2
    assert row["net_pace_chars_per_min"] == pytest.approx((120 + 20) / 40 * 60)
    assert row["net_pace_calls"] == 2


def test_unmeasured_calls_leave_the_denominator() -> None:
    calls = [
        made.call("c0", measurements=made.measured(interruption_count=3.0, hold_count=1.0, hold_time=20.0)),
        made.call("c1", measurements=made.measured(interruption_count=None, hold_count=0.0, hold_time=0.0)),
    ]
    row = daily(calls).iloc[0]
    assert row["interruptions_per_call"] == 3.0
    assert (row["hold_count"], row["holds_per_call"]) == (1.0, 0.5)
    assert (row["hold_time_s"], row["hold_time_per_call_s"]) == (20.0, 10.0)
    assert math.isnan(row["talk_share_mean"])


def test_the_customers_measurements_are_not_the_agents() -> None:
    both = (
        Measurement("talk_share", Role.CUSTOMER, 0.9, "share"),
        Measurement("talk_share", Role.AGENT, 0.1, "share"),
        Measurement("longest_wait_without_agent", None, 40.0, "s"),
    )
    row = daily([made.call(measurements=both)]).iloc[0]
    assert row["talk_share_mean"] == 0.1
    assert row["longest_wait_without_agent_s"] == 40.0


def test_no_call_is_lost() -> None:
    calls = [
        made.call("c0", agent_id=None, agent_name=None),
        made.call("c1", agent_id=None, agent_name="赵磊"),
        made.call("c2", day=None),
        made.call("c3"),
    ]
    cards = daily(calls, [made.judgement(calls[3], 80.0)])
    assert cards["calls"].sum() == 4
    assert cards["agent_id"].isna().sum() == 1
    assert cards.loc[cards["agent_id"].isna(), "agent_name"].tolist() == [scorecards.NO_AGENT]
    assert "赵磊" in cards["agent_id"].tolist()
    assert set(cards["date"]) == {DAY, "unknown"}
    assert cards["standard"].isna().sum() == 3
    assert scorecards.merge([cards])["calls"].sum() == 4
    assert scorecards.merge([cards], by=("team",))["calls"].sum() == 4


def test_rulebooks_are_kept_apart() -> None:
    call = made.call()
    other = Judgement.of(call, score=made.score(50.0, standard="other"), findings=(), rulebook_hash="r2")
    cards = scorecards.merge([daily([call], [made.judgement(call, 90.0), other])])
    assert dict(zip(cards["standard"], cards["score_mean"], strict=True)) == {
        made.STANDARD: 90.0,
        "other": 50.0,
    }


def test_the_worst_clauses_are_those_failed_most_surely() -> None:
    calls = [made.call(f"c{n:02}") for n in range(10)]
    judged = [
        made.judgement(
            call,
            50.0,
            made.finding("often", "pass" if n == 9 else "fail"),
            made.finding("once", "fail" if n == 3 else "not_applicable"),
            made.finding("half", "fail" if n % 2 else "pass"),
            made.finding("rare", "fail" if n == 0 else "pass"),
            made.finding("never", "pass"),
            made.finding("open", "undetermined"),
        )
        for n, call in enumerate(calls)
    ]
    row = daily(calls, judged).iloc[0]
    worst = row["worst_clauses"]
    assert [c["rule_id"] for c in worst] == ["often", "half", "once"]
    assert worst[0] == {
        "rule_id": "often",
        "decided": 10,
        "failed": 9,
        "failure_rate": 0.9,
        "example_call_id": "c00",
        "example_call_date": DAY,
    }
    assert [c["rule_id"] for c in row["clauses"]] == ["half", "never", "often", "once", "rare"]
    never = row["clauses"][1]
    assert (never["failed"], never["example_call_id"]) == (0, None)
    assert row["findings_undetermined"] == 10


def test_names_and_teams_are_the_latest() -> None:
    old, new = daily([made.call("c0", team="一组")]), daily([made.call("c1", day=NEXT, team="二组")])
    for order in itertools.permutations([old, new]):
        (row,) = scorecards.merge(order).to_dict("records")
        assert (row["team"], row["agent_name"]) == ("二组", "陈静")
        assert (row["date_first"], row["date_last"]) == (DAY, NEXT)


def test_a_trend_keeps_the_days() -> None:
    cards = [daily([made.call("c0")]), daily([made.call("c1", day=NEXT), made.call("c2", day=NEXT)])]
    trend = scorecards.merge(cards, by=("team", "date"))
    assert trend["date"].tolist() == [DAY, NEXT]
    assert trend["calls"].tolist() == [1, 2]
    assert "agent_id" not in trend.columns


def test_nothing_gives_empty_scorecards_with_all_columns() -> None:
    none = scorecards.daily(DAY, *tables([], []))
    assert none.schema.equals(SCHEMAS["scorecards"], check_metadata=True)
    assert len(none) == 0
    assert scorecards.merge([]).empty
    assert scorecards.merge([none]).empty
    assert scorecards.merge([none.to_pandas()]).empty
    assert "score_mean" in scorecards.merge([]).columns


def test_scorecards_fit_their_table() -> None:
    table = cards(*scored(80.0, None))
    assert len(table) == 1
    assert table.schema.equals(SCHEMAS["scorecards"], check_metadata=True)


amount = st.none() | st.floats(0.0, 1000.0)
verdicts = st.sampled_from(["pass", "fail", "not_applicable", "undetermined"])


@st.composite
def judged_calls(draw: st.DrawFn) -> tuple[list[Call], list[Judgement]]:
    calls, judgements = [], []
    # An agent is in one team, as a scorecard row has room for one.
    teams = {agent: draw(st.sampled_from(["一组", "二组", None])) for agent in ("A01", "A02", None)}
    for n in range(draw(st.integers(1, 8))):
        measures = draw(st.dictionaries(st.sampled_from(MEASURES), amount, max_size=8))
        agent_id = draw(st.sampled_from(["A01", "A02", None]))
        call = made.call(
            f"c{n}",
            day=draw(st.sampled_from([DAY, NEXT, None])),
            agent_id=agent_id,
            team=teams[agent_id],
            measurements=made.measured(**measures),
        )
        calls.append(call)
        if draw(st.booleans()):
            value = draw(st.none() | st.floats(0.0, 100.0))
            found = [made.finding(rule, draw(verdicts)) for rule in ("R1", "R2", "R3", "R4")]
            judgements.append(made.judgement(call, value, *found))
    return calls, judgements


MEASURES = (
    "spoken_chars",
    "turn_time",
    "net_pace",
    "speech_time",
    "answer_latency_median",
    "hold_count",
    "hold_time",
    "longest_wait_without_agent",
    "interruption_count",
    "talk_share",
)


@settings(deadline=None, max_examples=6)
@given(
    judged_calls(), st.randoms(use_true_random=False), st.sampled_from([("agent_id",), ("team",), ("date",)])
)
def test_the_merge_of_any_parts_is_the_whole(
    judged: tuple[list[Call], list[Judgement]], order: random.Random, by: tuple[str, ...]
) -> None:
    calls, judgements = judged
    whole = scorecards.merge([daily(calls, judgements)], by=by)
    side = {c.record.call_id: order.randrange(2) for c in calls}
    parts = [
        daily(
            [c for c in calls if side[c.record.call_id] == part],
            [j for j in judgements if side[j.call_id] == part],
        )
        for part in range(2)
    ]
    order.shuffle(parts)
    assert_frame_equal(scorecards.merge(parts, by=by), whole, check_exact=False, rtol=1e-6, atol=1e-4)
    nested = scorecards.merge([scorecards.merge(parts[:1], by=by), scorecards.merge(parts[1:], by=by)], by=by)
    assert_frame_equal(nested, whole, check_exact=False, rtol=1e-6, atol=1e-4)


def begun(call_id: str, start: str, shift: str | None) -> Call:
    began = None if shift is None else datetime.fromisoformat(shift)
    return made.call(call_id, started_at=datetime.fromisoformat(start), shift_started_at=began)


def test_hours_of_the_shift_are_told_apart_and_add_up_to_the_day() -> None:
    shift = f"{DAY}T09:00:00+08:00"
    day = cards(
        [
            begun("c1", f"{DAY}T09:10:00+08:00", shift),
            begun("c2", f"{DAY}T15:59:00+08:00", shift),
            begun("c3", f"{DAY}T16:00:00+08:00", shift),
            begun("c4", f"{DAY}T10:00:00+08:00", None),
            begun("c5", f"{DAY}T08:59:00+08:00", shift),
        ]
    )
    assert dict(zip(day["shift_hour"].to_pylist(), day["calls"].to_pylist(), strict=True)) == {
        0: 1,
        6: 1,
        7: 1,
        None: 2,
    }
    assert scorecards.merge([day])["calls"].tolist() == [5]
    by_hour = scorecards.merge([day], by=["shift_hour"])
    assert by_hour["shift_hour"].map(str).tolist() == ["0", "6", "7", "<NA>"]


def test_hours_come_in_their_order_whichever_day_has_them_first() -> None:
    shift = f"{DAY}T09:00:00+08:00"
    later = cards([begun("c1", f"{DAY}T15:59:00+08:00", shift), begun("c2", f"{DAY}T16:00:00+08:00", None)])
    sooner = cards([begun("c3", f"{DAY}T10:10:00+08:00", shift)])
    by_hour = scorecards.merge([later, sooner], by=["shift_hour"])
    assert by_hour["shift_hour"].map(str).tolist() == ["1", "6", "<NA>"]


def test_a_shift_may_begin_at_a_fraction_of_a_second() -> None:
    day = cards(
        [
            begun("c1", f"{DAY}T10:30:00+08:00", f"{DAY}T09:00:00+08:00"),
            begun("c2", f"{DAY}T10:30:00+08:00", f"{DAY}T08:59:59.500000+08:00"),
        ]
    )
    assert day["shift_hour"].to_pylist() == [1]


def test_encoded_texts_and_rows_of_other_calls_change_nothing() -> None:
    calls, judgements = scored(80.0, 60.0)
    calls[1] = made.call("c1", agent_id="A02", measurements=made.measured(hold_count=2.0))
    given = tables(calls, judgements)
    columns = [t.select([*scorecards.READ[n]]) for t, n in zip(given, scorecards.READ, strict=True)]
    encoded = [
        pa.table(
            {
                n: c.dictionary_encode() if c.type == pa.string() else c
                for n, c in zip(t.column_names, t.columns, strict=True)
            }
        )
        for t in columns
    ]
    assert scorecards.daily(DAY, *encoded).equals(scorecards.daily(DAY, *given))
    others = tables(
        [*calls, made.call("c9")],
        [*judgements, made.judgement(made.call("c9"), 1.0, made.finding("R", "fail"))],
    )
    assert scorecards.daily(DAY, given[0], *others[1:]).equals(scorecards.daily(DAY, *given))


def test_many_days_are_added_up_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.scorecards.merging._WAITING", 2)
    days = [f"2026-10-{day:02}" for day in range(1, 12)]
    judged = [
        (c, made.judgement(c, 70.0, made.finding("R1", "fail")))
        for c in (made.call(f"c{d}", day=d) for d in days)
    ]
    (row,) = scorecards.merge(cards([call], [judgement]) for call, judgement in reversed(judged)).to_dict(
        "records"
    )
    assert (row["calls"], row["date_first"], row["date_last"]) == (11, days[0], days[-1])
    (clause,) = row["clauses"]
    assert (clause["failed"], clause["example_call_id"], clause["example_call_date"]) == (
        11,
        f"c{days[0]}",
        days[0],
    )


def test_calls_to_review_are_counted_and_in_no_mean() -> None:
    calls, judgements = scored(80.0, 90.0, None)
    left = replace(judgements[2].score, status="review", status_reason="heard too badly")
    (row,) = daily(calls, [*judgements[:2], replace(judgements[2], score=left)]).to_dict("records")
    assert (row["calls"], row["calls_scored"], row["calls_to_review"]) == (3, 2, 1)
    assert row["score_mean"] == pytest.approx(85.0)


def test_what_was_heard_too_badly_to_judge_is_in_no_mean_of_measures() -> None:
    latency = [(Measurement("answer_latency_median", Role.AGENT, value, "s"),) for value in (1.0, 9.0)]
    calls = [made.call(f"c{n}", measurements=taken) for n, taken in enumerate(latency)]
    good, bad = (made.judgement(call, 80.0) for call in calls)
    left = replace(bad.score, score=None, status="review", status_reason="heard too badly")
    (row,) = daily(calls, [good, replace(bad, score=left)]).to_dict("records")
    assert row["answer_latency_mean_of_medians_s"] == pytest.approx(1.0)


def test_words_a_minute_are_in_no_mean_of_characters() -> None:
    words = tuple(
        Measurement(name, Role.AGENT, value, unit)
        for name, value, unit in (("net_pace", 150.0, "words/min"), ("speech_time", 20.0, "s"))
    )
    (row,) = daily([made.call("c1", measurements=words)]).to_dict("records")
    assert math.isnan(row["net_pace_chars_per_min"])


@pytest.mark.parametrize("by", ["team", ("teem",), ("agent_id", "rule_id")])
def test_what_scorecards_are_not_told_apart_by_is_named(by: Any) -> None:
    with pytest.raises(ConfigError, match="agent_id, team, date, shift_hour, not by"):
        scorecards.merge([daily(*scored(80.0))], by=by)


def test_what_was_added_up_over_is_not_told_apart_any_more() -> None:
    days = scorecards.merge([daily(*scored(80.0))], by=["date"])
    with pytest.raises(ConfigError, match="added up over agent_id are not told apart by it"):
        scorecards.merge([days], by=["agent_id"])
