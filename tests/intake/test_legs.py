from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.call import CallRecord
from pipeline.errors import ConfigError
from pipeline.intake import FilePattern, NameRule, choose_pattern, find_calls

Recorder = Callable[..., Path]
WHEN = "20261009-091230-1791508350.42"


def test_asterisk_names_fill_the_record(tmp_path: Path, record: Recorder) -> None:
    path = record(f"2026/10/09/out-13800001111-8001-{WHEN}.wav")
    intake = find_calls(tmp_path, pattern=choose_pattern("asterisk"))
    assert intake.records == (
        CallRecord(
            f"out-13800001111-8001-{WHEN}",
            path,
            started_at=datetime(2026, 10, 9, 9, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
            agent_id="8001",
            direction="outbound",
        ),
    )


def test_aws_names_fill_the_record_in_the_given_zone(tmp_path: Path, record: Recorder) -> None:
    record("Auto1_GUID_102_AGENT_ChrisL_DT_2022-03-22T12-23-49.wav")
    (call,) = find_calls(
        tmp_path, pattern=choose_pattern("aws-post-call"), timezone="America/New_York"
    ).records
    assert (call.agent_id, call.agent_name) == ("ChrisL", "ChrisL")
    assert call.started_at is not None
    assert call.started_at.isoformat() == "2022-03-22T12:23:49-04:00"


def test_an_impossible_time_in_a_name_fails(tmp_path: Path, record: Recorder) -> None:
    record("out-13800001111-8001-20261309-091230-1791508350.42.wav")
    (failure,) = find_calls(tmp_path, pattern=choose_pattern("asterisk")).failures
    assert "started_at '20261309 091230' is not a date that exists" in failure.reason


def test_a_name_that_does_not_fit_fails_with_an_example(tmp_path: Path, record: Recorder) -> None:
    record(f"out-13800001111-8001-{WHEN}.wav")
    odd = record("meeting.wav")
    intake = find_calls(tmp_path, pattern=choose_pattern("asterisk"))
    assert len(intake.records) == 1
    assert intake.failures[0].path == str(odd)
    assert intake.failures[0].reason.startswith(
        "its name does not fit pattern asterisk; expected a name such as out-"
    )


@pytest.mark.parametrize(
    ("preset", "agent", "customer"),
    [
        ("in-out", "c-out.wav", "c-in.wav"),
        ("in-out-outbound", "c-in.wav", "c-out.wav"),
        ("agent-caller", "c_agent.wav", "c_caller.wav"),
        ("agent-caller", "c_agent.gsm", "c_customer.wav"),
    ],
)
def test_legs_are_joined(tmp_path: Path, record: Recorder, preset: str, agent: str, customer: str) -> None:
    agent_path, customer_path = record(agent), record(customer)
    intake = find_calls(tmp_path, pattern=choose_pattern(preset))
    (call,) = intake.records
    assert (call.call_id, call.path, call.customer_path) == ("c", agent_path, customer_path)
    assert intake.failures == ()


def test_asterisk_legs_are_joined_with_their_metadata(tmp_path: Path, record: Recorder) -> None:
    customer, agent = (record(f"external-8001-13800001111-{WHEN}-{leg}.wav") for leg in ("in", "out"))
    (call,) = find_calls(tmp_path, pattern=choose_pattern("asterisk")).records
    assert (call.path, call.customer_path) == (agent, customer)
    assert (call.agent_id, call.direction) == ("8001", "inbound")
    assert call.call_id == f"external-8001-13800001111-{WHEN}"


def test_a_users_pattern_tells_legs_by_folder(tmp_path: Path, record: Recorder) -> None:
    agent, customer = record("ksr/001.wav"), record("kh/001.wav")
    pattern = FilePattern(
        "ours", (NameRule(r"^(?P<leg>ksr|kh)/", agent_legs=("ksr",), customer_legs=("kh",)),)
    )
    (call,) = find_calls(tmp_path, pattern=pattern).records
    assert (call.call_id, call.path, call.customer_path) == ("001", agent, customer)


def test_legs_of_the_same_name_in_two_folders_are_two_calls(tmp_path: Path, record: Recorder) -> None:
    for folder in ("a", "b"):
        record(f"{folder}/1_agent.wav")
        record(f"{folder}/1_caller.wav")
    records = find_calls(tmp_path, pattern=choose_pattern("agent-caller")).records
    assert [
        (r.call_id, r.path.parent.name, r.customer_path and r.customer_path.parent.name) for r in records
    ] == [
        ("a/1", "a", "a"),
        ("b/1", "b", "b"),
    ]


@pytest.mark.parametrize(("leg", "missing"), [("agent", "customer"), ("caller", "agent")])
def test_an_orphan_leg_fails(tmp_path: Path, record: Recorder, leg: str, missing: str) -> None:
    record("whole_agent.wav")
    record("whole_caller.wav")
    orphan = record(f"lone_{leg}.wav")
    intake = find_calls(tmp_path, pattern=choose_pattern("agent-caller"))
    assert [r.call_id for r in intake.records] == ["whole"]
    (failure,) = intake.failures
    assert failure.path == str(orphan)
    assert f"{missing} leg is missing from the same folder" in failure.reason


def test_legs_in_different_folders_are_orphans(tmp_path: Path, record: Recorder) -> None:
    record("a/1_agent.wav")
    record("b/1_caller.wav")
    intake = find_calls(tmp_path, pattern=choose_pattern("agent-caller"))
    assert (len(intake.records), len(intake.failures)) == (0, 2)


def test_an_empty_leg_fails_and_takes_the_other_with_it(tmp_path: Path, record: Recorder) -> None:
    agent, customer = record("1_agent.wav"), record("1_caller.wav")
    customer.write_bytes(b"")
    intake = find_calls(tmp_path, pattern=choose_pattern("agent-caller"))
    assert intake.records == ()
    assert {f.path: f.reason for f in intake.failures} == {
        str(customer): "the file is empty (0 bytes)",
        str(agent): f"is the agent leg of a call whose customer leg {customer} cannot be used",
    }


def test_a_second_file_of_one_leg_fails(tmp_path: Path, record: Recorder) -> None:
    first, second = record("1_caller.wav"), record("1_customer.wav")
    record("1_agent.wav")
    intake = find_calls(tmp_path, pattern=choose_pattern("agent-caller"))
    assert [r.customer_path for r in intake.records] == [first]
    assert intake.failures[0].path == str(second)
    assert intake.failures[0].reason == f"is a second customer leg of the call of {first}"


def test_a_file_that_is_no_leg_is_a_whole_call_under_a_leg_preset(tmp_path: Path, record: Recorder) -> None:
    for name in ("1-in.wav", "1-out.wav", "2.wav"):
        record(name)
    intake = find_calls(tmp_path, pattern=choose_pattern("in-out"))
    assert [(r.call_id, r.customer_path is None) for r in intake.records] == [("1", False), ("2", True)]
    assert intake.notes == ("file names that do not fit pattern in-out: 1, such as 2.wav",)


def test_an_unknown_leg_fails_alone(tmp_path: Path, record: Recorder) -> None:
    record("1-agent.wav")
    record("1-customer.wav")
    record("1-supervisor.wav")
    pattern = FilePattern("ours", (NameRule("-(?P<leg>[a-z]+)$"),))
    intake = find_calls(tmp_path, pattern=pattern)
    assert len(intake.records) == 1
    assert "leg 'supervisor' is not known" in intake.failures[0].reason


def test_names_that_fit_a_preset_nobody_asked_for_are_mentioned(tmp_path: Path, record: Recorder) -> None:
    record("1-in.wav")
    record("1-out.wav")
    assert find_calls(tmp_path).notes == ("every file name fits the pattern in-out, which was not asked for",)
    record("2.wav")
    assert find_calls(tmp_path).notes == ()


def test_a_call_id_from_the_name(tmp_path: Path, record: Recorder) -> None:
    record("x_GUID_7.wav")
    record("y_GUID_7.wav")
    intake = find_calls(tmp_path, pattern=choose_pattern("GUID_(?P<call_id>[0-9]+)"))
    assert [r.call_id for r in intake.records] == ["7"]
    assert "call_id '7'" in intake.failures[0].reason


def test_a_bad_pattern_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="position"):
        choose_pattern("(?P<agent_id>[0-9]+")
