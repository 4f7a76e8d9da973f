import pytest

from pipeline.call import EventKind, Verdict
from pipeline.errors import StoreError
from pipeline.evaluation.stored import read_stored
from pipeline.spans import Span
from pipeline.tables import SCHEMAS

from .cases import (
    AGENT,
    CUSTOMER,
    perfect,
    truth_call,
    turn,
    with_findings,
    with_pace,
    write_part,
    write_tables,
)

CALL = truth_call([turn(CUSTOMER, 5.0, 8.0), turn(AGENT, 1.0, 4.0)], holds=[])


def test_what_was_written_is_read_back(tmp_path):
    call = with_findings(with_pace(perfect(CALL), "net_pace", AGENT, 120.0), OPS_04=Verdict.PASS)
    stored = read_stored(write_tables(tmp_path, [call], failures=2))
    assert stored.calls == (call,)
    assert stored.failures == 2
    assert stored.calls[0].utterances_of(AGENT)[0].span == Span(1.0, 4.0)
    assert stored.calls[0].spans_of(EventKind.SPEECH, CUSTOMER) == (Span(5.0, 8.0),)
    pace = stored.calls[0].measurement("net_pace", AGENT)
    assert pace is not None
    assert pace.value == 120.0


def test_parts_of_several_days_are_one_table(tmp_path):
    write_part(
        tmp_path, "calls", [{"call_id": "b", "duration_s": 2.0, "channel_form": "stereo"}], date="2026-10-10"
    )
    write_part(
        tmp_path, "calls", [{"call_id": "a", "duration_s": 1.0, "channel_form": "mono"}], date="unknown"
    )
    assert [call.call_id for call in read_stored(tmp_path).calls] == ["a", "b"]


def test_unfinished_parts_are_not_read(tmp_path):
    write_part(tmp_path, "calls", [{"call_id": "a", "duration_s": 2.0, "channel_form": None}])
    (tmp_path / "calls" / "call_date=2026-10-09" / ".part-9.parquet.tmp").write_bytes(b"half")
    assert len(read_stored(tmp_path).calls) == 1


def test_no_calls_is_an_error_that_names_the_folder(tmp_path):
    with pytest.raises(StoreError, match="no stored calls"):
        read_stored(tmp_path / "nowhere")


def test_a_missing_column_is_named(tmp_path):
    write_part(tmp_path, "calls", [{"call_id": "a"}])
    with pytest.raises(StoreError, match="duration_s"):
        read_stored(tmp_path)


def test_a_call_stored_twice_is_an_error(tmp_path):
    write_part(
        tmp_path, "calls", [{"call_id": "a", "duration_s": 2.0, "channel_form": None}], date="2026-10-09"
    )
    write_part(
        tmp_path, "calls", [{"call_id": "a", "duration_s": 2.0, "channel_form": None}], date="2026-10-10"
    )
    with pytest.raises(StoreError, match="more than once: a"):
        read_stored(tmp_path)


def test_the_columns_read_are_columns_of_the_schemas():
    read = {
        "calls": {"call_id", "duration_s", "channel_form"},
        "utterances": {"call_id", "role", "start_s", "end_s", "text"},
        "events": {"call_id", "kind", "role", "start_s", "end_s"},
        "measurements": {"call_id", "name", "role", "value", "reason"},
        "findings": {"call_id", "standard", "rule_id", "verdict", "reason"},
        "failures": {"reason"},
    }
    for table, columns in read.items():
        assert columns <= set(SCHEMAS[table].names)
