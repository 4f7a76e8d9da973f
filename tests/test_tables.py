from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import made_calls as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.call import (
    Call,
    CallRecord,
    Event,
    EventKind,
    Failure,
    Finding,
    Measurement,
    Role,
    Score,
    Utterance,
    Verdict,
)
from pipeline.errors import StoreError
from pipeline.tables import (
    DIMENSIONS,
    SCHEMAS,
    CallTables,
    Judgement,
    call_tables,
    calls_from_tables,
    describe_tables,
    failure_table,
    failures_from_table,
    finding_table,
    judgements_from_tables,
    score_table,
)
from pipeline.tables.columns import escape, unescape

few = settings(deadline=None, max_examples=30)

# Any text at all, with the lone surrogates of undecodable file names and what looks like their escapes.
texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.text("\\ud0c58\udc80\ud800", max_size=12),
)
named = texts.filter(bool)
optional = st.none() | named
numbers = st.floats(allow_nan=False, allow_infinity=False)
roles = st.sampled_from(Role)
optional_roles = st.none() | roles
scalars = st.none() | st.booleans() | st.integers() | numbers | texts
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
starts = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=zones)
whole = st.integers(0, 10**6)
paths = named.filter(lambda t: "\0" not in t).map(Path)

records = st.builds(
    CallRecord,
    call_id=named,
    path=paths,
    customer_path=st.none() | paths,
    started_at=st.none() | starts,
    agent_id=optional,
    agent_name=optional,
    team=optional,
    direction=optional,
    customer_name=optional,
    ring_s=st.none() | numbers,
    hangup_side=optional,
    agent_channel=optional,
    standards=st.lists(named.filter(lambda t: ";" not in t), max_size=3).map(tuple),
)
utterances = st.builds(
    Utterance, whole, roles, numbers, numbers, texts, texts, whole, numbers, numbers, texts
)
attributes = st.dictionaries(named, scalars, max_size=4).map(lambda d: tuple(sorted(d.items())))
events = st.builds(Event, st.sampled_from(EventKind), optional_roles, numbers, numbers, attributes)
measurements = st.builds(
    Measurement, texts, optional_roles, st.none() | numbers, texts, optional, texts, st.none() | numbers
)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3).map(tuple)


heard = st.builds(
    Call,
    record=records,
    sha256=texts,
    hearing_key=texts,
    duration_s=numbers,
    channels=st.integers(1, 2),
    separated=st.booleans(),
    hearing_quality=numbers,
    utterances=some(utterances),
    events=some(events),
    measurements=some(measurements),
)
findings = st.builds(
    Finding,
    standard=st.just("s"),
    rule_id=texts,
    dimension=st.sampled_from(DIMENSIONS),
    verdict=st.sampled_from(Verdict),
    role=optional_roles,
    start_s=st.none() | numbers,
    end_s=st.none() | numbers,
    quote=texts,
    reason=texts,
    confidence=numbers,
    points=numbers,
    critical=st.booleans(),
)
scores = st.builds(
    Score,
    standard=st.just("s"),
    score=st.none() | numbers,
    score_before_critical=st.none() | numbers,
    earned=numbers,
    possible=numbers,
    critical_failures=whole,
    dimensions=st.tuples(*[st.tuples(st.just(d), st.none() | numbers) for d in DIMENSIONS]),
)
judgements = st.builds(Judgement, named, texts, texts, texts, scores, some(findings))


def stored_and_read(table: pa.Table) -> pa.Table:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return pq.read_table(pa.BufferReader(sink.getvalue()))


def joined(calls: list[Call]) -> CallTables:
    each = [call_tables(c) for c in calls]
    names = [f.name for f in dataclasses.fields(CallTables)]
    return CallTables(**{n: stored_and_read(pa.concat_tables([getattr(t, n) for t in each])) for n in names})


@few
@given(st.lists(heard, min_size=1, max_size=3, unique_by=lambda c: c.record.call_id))
def test_calls_come_back_from_parquet_as_they_were(calls: list[Call]) -> None:
    assert list(calls_from_tables(joined(calls))) == calls


@few
@given(heard)
def test_the_start_keeps_its_offset_and_day(call: Call) -> None:
    (read,) = calls_from_tables(joined([call]))
    start = call.record.started_at
    assert read.record.call_date == call.record.call_date
    if start is not None and read.record.started_at is not None:
        assert read.record.started_at.utcoffset() == start.utcoffset()


@few
@given(st.lists(judgements, max_size=3, unique_by=lambda j: j.call_id))
def test_judgements_come_back_as_they_were(judged: list[Judgement]) -> None:
    tables = stored_and_read(score_table(judged)), stored_and_read(finding_table(judged))
    assert list(judgements_from_tables(*tables)) == judged


@few
@given(st.builds(Failure, named, texts, texts))
def test_failures_come_back_as_they_were(failure: Failure) -> None:
    assert failures_from_table(stored_and_read(failure_table(failure))) == (failure,)


@few
@given(texts)
def test_escaped_text_is_utf8_and_comes_back(text: str) -> None:
    escape(text).encode("utf-8")
    assert unescape(escape(text)) == text


def test_ordinary_text_is_stored_as_it_is() -> None:
    assert escape("C:\\calls\\王.wav") == "C:\\calls\\王.wav"


@pytest.mark.parametrize("column", ["agent_id", "agent_name", "team", "direction", "customer_name"])
def test_an_empty_text_is_stored_as_null(column: str) -> None:
    table = call_tables(made.call(**{column: ""})).calls
    assert table[column].to_pylist() == [None]


def test_no_standards_are_null_and_several_are_joined() -> None:
    assert call_tables(made.call(standards=())).calls["standards"].to_pylist() == [None]
    assert call_tables(made.call(standards=("a", "b"))).calls["standards"].to_pylist() == ["a;b"]


def test_the_start_is_stored_in_utc_and_as_it_was_at_the_desk() -> None:
    table = call_tables(made.call()).calls
    assert table["started_at"].to_pylist() == [datetime.fromisoformat("2026-10-09T01:12:30+00:00")]
    assert table["started_at_local"].to_pylist() == ["2026-10-09T09:12:30+08:00"]


def test_every_row_carries_the_call_and_its_hashes() -> None:
    tables = call_tables(made.call(measurements=made.measured(net_pace=200.0)))
    for field in dataclasses.fields(CallTables):
        table = getattr(tables, field.name)
        assert table.num_rows > 0
        for column, value in (("call_id", "c1"), ("sha256", "aa"), ("hearing_key", "h1")):
            assert set(table[column].to_pylist()) == {value}


def test_a_start_without_an_offset_is_refused() -> None:
    naive = datetime(2026, 10, 9, 9, 0)
    with pytest.raises(StoreError, match=r"c1.*no UTC offset"):
        call_tables(made.call(started_at=naive))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(StoreError, match=r"measurements\.value is NaN or infinite"):
        call_tables(made.call(measurements=made.measured(net_pace=value)))


@pytest.mark.parametrize("value", [float("nan"), (1, 2), {1}])
def test_an_attribute_that_is_no_finite_scalar_is_refused(value: Any) -> None:
    event = Event(EventKind.HOLD, None, 0.0, 1.0, (("kind", value),))
    call = dataclasses.replace(made.call(), events=(event,))
    with pytest.raises(StoreError, match="hold event's kind is no finite scalar"):
        call_tables(call)


def test_an_attribute_given_twice_is_refused() -> None:
    event = Event(EventKind.HOLD, None, 0.0, 1.0, (("a", 1), ("a", 2)))
    with pytest.raises(StoreError, match="twice"):
        call_tables(dataclasses.replace(made.call(), events=(event,)))


def test_a_missing_required_value_is_refused() -> None:
    with pytest.raises(StoreError, match=r"calls\.sha256 has no value"):
        call_tables(made.call(sha256=None))  # type: ignore[arg-type]


def test_rows_of_another_hearing_are_refused() -> None:
    old, new = call_tables(made.call(hearing_key="old")), call_tables(made.call(hearing_key="new"))
    mixed = dataclasses.replace(new, utterances=old.utterances)
    with pytest.raises(StoreError, match="c1: its utterances belong to another hearing"):
        list(calls_from_tables(mixed))


def test_a_judgement_that_mixes_rulebooks_is_refused() -> None:
    mixed = made.judgement(made.call(), 80.0, made.finding("R1", "pass", standard="other"))
    with pytest.raises(StoreError, match="other"):
        finding_table([mixed])


def test_an_unknown_dimension_is_refused() -> None:
    judged = made.judgement(made.call(), 80.0)
    odd = dataclasses.replace(judged, score=dataclasses.replace(judged.score, dimensions=(("speed", 1.0),)))
    with pytest.raises(StoreError, match="speed"):
        score_table([odd])


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_column_says_what_it_means_and_parquet_keeps_it(table: str) -> None:
    schema = stored_and_read(SCHEMAS[table].empty_table()).schema
    assert schema.metadata[b"description"]
    for column in schema:
        assert column.metadata[b"description"], column.name
        if pa.types.is_floating(column.type):
            assert column.metadata[b"unit"], f"{column.name} is a number without a unit"


def test_the_description_has_every_table_and_column() -> None:
    text = describe_tables()
    for table, schema in SCHEMAS.items():
        section = text.split(f"## {table}\n")[1].split("\n## ")[0]
        assert all(f"| `{name}` |" in section for name in schema.names)
