from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.call import Role
from pipeline.intake import PRESETS, FilePattern, choose_pattern
from pipeline.intake.filenames import ParsedName, parse_name

WHEN = "20261009-091230-1791508350.42"


def parse(name: str, preset: str) -> ParsedName:
    parsed = parse_name(name, pattern=choose_pattern(preset))
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("head", "direction", "agent_id"),
    [
        ("out-13800001111-8001", "outbound", "8001"),
        ("out-10086-8001", "outbound", "8001"),
        ("OUT-+8613800001111-8001", "outbound", "8001"),
        ("out-13800001111-unknown", "outbound", ""),
        ("external-8001-13800001111", "inbound", "8001"),
        ("external-8001-anonymous", "inbound", "8001"),
        ("external-13800001111-8001", "inbound", "8001"),
        ("in-4008001234-13800001111", "inbound", ""),
        ("in-13800001111-8001", "inbound", "8001"),
        ("in-95188-13800001111", "inbound", ""),
        ("q-600-13800001111", "inbound", ""),
        ("q-600-8001", "inbound", ""),
        ("rg-601-13800001111", "inbound", ""),
        ("exten-8001-13800001111", "", "8001"),
        ("exten-8001-8002", "", ""),
        ("internal-8001-8002", "", ""),
        ("force-082112348663-3201", "", "3201"),
    ],
)
def test_asterisk_prefixes(head: str, direction: str, agent_id: str) -> None:
    parsed = parse(f"{head}-{WHEN}", "asterisk")
    assert (parsed.cells.direction, parsed.cells.agent_id) == (direction, agent_id)
    assert parsed.cells.started_at == "20261009 091230"
    assert parsed.cells.call_id == ""
    assert parsed.leg is None


def test_asterisk_names_below_day_folders() -> None:
    assert parse(f"2026/10/09/out-13800001111-8001-{WHEN}", "asterisk").cells.agent_id == "8001"


def test_asterisk_unique_ids_may_carry_the_system_name() -> None:
    assert parse("out-138-8001-20261009-091230-pbx1-1791508350.42", "asterisk").cells.agent_id == "8001"


@pytest.mark.parametrize(
    "name", ["001", "out-138-8001", "out-138-8001-20261009-0912-1.2", f"x out-1-8001-{WHEN}"]
)
def test_other_names_are_not_asterisks(name: str) -> None:
    assert parse_name(name, pattern=choose_pattern("asterisk")) is None


def test_asterisk_legs_belong_to_who_dialled() -> None:
    assert parse(f"external-8001-13800001111-{WHEN}-in", "asterisk").leg is Role.CUSTOMER
    assert parse(f"external-8001-13800001111-{WHEN}-out", "asterisk").leg is Role.AGENT
    assert parse(f"out-13800001111-8001-{WHEN}-in", "asterisk").leg is Role.AGENT
    assert parse(f"out-13800001111-8001-{WHEN}-out", "asterisk").leg is Role.CUSTOMER


@given(
    number=st.from_regex(r"\A1[3-9][0-9]{9}\Z"),
    extension=st.from_regex(r"\A[1-9][0-9]{1,5}\Z"),
    moment=st.datetimes(),
    serial=st.integers(min_value=0, max_value=10**6),
)
def test_asterisk_names_round_trip(number: str, extension: str, moment: object, serial: int) -> None:
    date, time = f"{moment:%Y%m%d}".rjust(8, "0"), f"{moment:%H%M%S}"
    tail = f"{date}-{time}-1791508350.{serial}"
    for head, direction in (
        (f"out-{number}-{extension}", "outbound"),
        (f"external-{extension}-{number}", "inbound"),
    ):
        cells = parse(f"{head}-{tail}", "asterisk").cells
        assert (cells.agent_id, cells.direction, cells.started_at) == (extension, direction, f"{date} {time}")


@pytest.mark.parametrize(
    "name",
    [
        "Auto1_GUID_102_AGENT_ChrisL_DT_2022-03-22T12-23-49",
        "bulk/Card2_GUID_102_AGENT_ChrisL_DT_2022-03-22T12-23-49",
        "pbx_CUST_13800001111_GUID_7_AGENT_ChrisL_DATETIME_2022-03-22T12-23-49_ROUTE_Follow_",
        "AGENT_ChrisL_GUID_102_DT_2022-03-22T12-23-49",
    ],
)
def test_aws_post_call(name: str) -> None:
    cells = parse(name, "aws-post-call").cells
    assert (cells.agent_id, cells.agent_name) == ("ChrisL", "ChrisL")
    assert cells.started_at == "2022-03-22T12-23-49"


@pytest.mark.parametrize(
    ("preset", "agent", "customer"),
    [
        ("in-out", "1791508350.42-out", "1791508350.42-in"),
        ("in-out-outbound", "1791508350.42-in", "1791508350.42-out"),
        ("agent-caller", "x_agent", "x_caller"),
        ("agent-caller", "x_agent", "x_customer"),
        ("agent-caller", "x-Agent", "x-Caller"),
    ],
)
def test_leg_presets(preset: str, agent: str, customer: str) -> None:
    first, second = parse(agent, preset), parse(customer, preset)
    assert (first.leg, second.leg) == (Role.AGENT, Role.CUSTOMER)
    assert first.name == second.name


@pytest.mark.parametrize("name", ["login", "checkout", "reagent"])
def test_a_word_that_ends_like_a_leg_is_none(name: str) -> None:
    for preset in ("in-out", "agent-caller"):
        assert parse_name(name, pattern=choose_pattern(preset)) is None


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_fits_its_own_example(preset: FilePattern) -> None:
    for name in preset.example.split(" with "):
        assert parse_name(name.removesuffix(".wav"), pattern=preset) is not None
