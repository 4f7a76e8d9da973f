from __future__ import annotations

import pytest

from pipeline.call import Role
from pipeline.errors import ConfigError, IntakeError
from pipeline.intake import FilePattern, NameRule, choose_pattern
from pipeline.intake.filenames import parse_name


def pattern(regex: str, **options: object) -> FilePattern:
    return FilePattern("test", (NameRule(regex, **options),))  # type: ignore[arg-type]


def test_named_groups_become_metadata() -> None:
    parsed = parse_name(
        "A07/张三_王女士_20261009_0912",
        pattern=pattern(
            r"^(?P<agent_id>[^/]+)/(?P<agent_name>[^_]+)_(?P<customer_name>[^_]+)_(?P<date>\d{8})_(?P<time>\d{4})$"
        ),
    )
    assert parsed is not None
    assert (parsed.cells.agent_id, parsed.cells.agent_name, parsed.cells.customer_name) == (
        "A07",
        "张三",
        "王女士",
    )
    assert parsed.cells.started_at == "20261009 0912"
    assert parsed.leg is None


def test_the_first_rule_that_matches_decides() -> None:
    rules = (
        NameRule(r"^o-(?P<agent_id>\d+)", direction="outbound"),
        NameRule(r"^.-(?P<agent_id>\d+)", direction="inbound"),
    )
    both = FilePattern("test", rules)
    out, other = parse_name("o-1", pattern=both), parse_name("i-2", pattern=both)
    assert out is not None
    assert other is not None
    assert (out.cells.direction, out.cells.agent_id) == ("outbound", "1")
    assert (other.cells.direction, other.cells.agent_id) == ("inbound", "2")


def test_a_group_outside_the_match_is_empty() -> None:
    parsed = parse_name("1", pattern=pattern(r"^(?P<agent_id>\d+)(?:-(?P<team>.+))?$"))
    assert parsed is not None
    assert parsed.cells.team == ""


def test_no_match_is_none() -> None:
    assert parse_name("abc", pattern=pattern(r"^(?P<agent_id>\d+)$")) is None


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("001-agent", "001"),
        ("d/001_AGENT", "d/001"),
        ("agent_001", "001"),
        ("agent/001", "001"),
        ("2026/agent/001", "2026/001"),
        ("001/agent", "001"),
        ("001-agent-b", "001-b"),
    ],
)
def test_the_leg_is_cut_out_of_the_shared_name(name: str, shared: str) -> None:
    parsed = parse_name(name, pattern=pattern(r"(?i)(?P<leg>agent|caller)"))
    assert parsed is not None
    assert parsed.leg is Role.AGENT
    assert parsed.name == shared


def test_the_leg_mapping_can_be_configured() -> None:
    swapped = pattern("-(?P<leg>in|out)$", agent_legs=("in",), customer_legs=("out",))
    parsed = parse_name("x-in", pattern=swapped)
    assert parsed is not None
    assert parsed.leg is Role.AGENT


def test_a_leg_that_is_nobodys_is_refused() -> None:
    with pytest.raises(
        IntakeError, match="leg 'mix' is not known; expected agent for the agent's or customer, caller"
    ):
        parse_name("x-mix", pattern=pattern("-(?P<leg>[a-z]+)$"))


@pytest.mark.parametrize(
    ("regex", "position", "reason"),
    [
        ("(?P<agent_id>[0-9]+", 1, "missing )"),
        (r"(?P<agent_id>\d+)(?=-)", 18, "invalid perl operator"),
        (r"(?P<agent_id>[9-0])", 15, "invalid character class range"),
        (r"(?P<agent_id>.)\1", 16, "invalid escape sequence"),
    ],
)
def test_a_bad_expression_is_reported_with_its_position(regex: str, position: int, reason: str) -> None:
    with pytest.raises(ConfigError) as error:
        NameRule(regex)
    assert f"position {position}: " in str(error.value)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("regex", "message"),
    [
        ("(?P<agent>x)", "unknown group agent; expected call_id, started_at"),
        ("(?P<path>x)", "unknown group path"),
        ("(x)", "has no named group"),
        ("(?P<date>x)", "date and time go together"),
        ("(?P<date>x)(?P<time>x)(?P<started_at>x)", "not both"),
    ],
)
def test_groups_are_checked_when_the_rule_is_made(regex: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        NameRule(regex)


def test_a_leg_cannot_be_both_parties() -> None:
    with pytest.raises(ConfigError, match="leg in cannot be both"):
        NameRule("(?P<leg>in)", agent_legs=("in",), customer_legs=("in",))


def test_an_expression_that_would_hang_a_backtracking_engine_does_not() -> None:
    evil = pattern(r"^(?P<agent_id>(a+)+)$")
    assert parse_name("a" * 5000 + "!", pattern=evil) is None


def test_choosing_by_name_or_expression() -> None:
    assert choose_pattern("asterisk").name == "asterisk"
    assert choose_pattern(r"(?P<agent_id>\d+)").rules == (NameRule(r"(?P<agent_id>\d+)"),)
    with pytest.raises(
        ConfigError, match=r"'asterix' is not known; expected asterisk, aws-post-call, in-out"
    ):
        choose_pattern("asterix")


@pytest.mark.parametrize(
    "regex", ["(" * 20_000, "(?P<team>(((a{1000}){1000}){1000}))"], ids=["open", "repeated"]
)
def test_a_pattern_made_to_exhaust_is_refused(regex: str) -> None:
    with pytest.raises(ConfigError, match="file-name pattern"):
        choose_pattern(regex)


def test_a_wrong_pattern_is_told_as_it_was_typed() -> None:
    with pytest.raises(
        ConfigError, match=r"\(\?P<customer>\\d\+\): unknown group customer; expected call_id"
    ):
        choose_pattern(r"(?P<customer>\d+)")


def test_a_pattern_that_backtracks_elsewhere_ends_soon() -> None:
    pattern = choose_pattern(r"^(?P<team>(a+)+)b$")
    assert parse_name("a" * 5000, pattern=pattern) is None
