from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.call import EventKind, Role
from pipeline.dialogue import dialogue_call, parse_dialogue
from pipeline.errors import ConfigError


def test_turns_are_laid_out_by_pace_and_gap() -> None:
    call = dialogue_call("agent: 您好，请讲。\ncustomer(+1.5): 我要报修。")
    first, second = call.utterances
    assert (first.chars, first.start_s, first.end_s) == (4, 0.6, pytest.approx(1.6))
    assert second.start_s - first.end_s == pytest.approx(1.5)
    assert (first.role, second.role) == (Role.AGENT, Role.CUSTOMER)
    assert call.record.direction == "inbound"


def test_headers_set_the_call_log() -> None:
    call = dialogue_call(
        "@direction outbound\n@ring_s 17\n@customer_name 王\n@hangup_side agent\n@mono\nagent: 您好。"
    )
    assert (call.record.direction, call.record.ring_s, call.record.customer_name) == ("outbound", 17.0, "王")
    assert (call.record.hangup_side, call.channels, call.separated) == ("agent", 1, False)


def test_an_unknown_direction_is_none() -> None:
    assert dialogue_call("@direction unknown\nagent: 您好。").record.direction is None


def test_pace_holds_for_the_call_or_one_turn() -> None:
    call = dialogue_call("@pace 120\nagent: 您好请讲。\nagent(pace 480): 您好请讲。")
    slow, fast = call.utterances
    assert slow.end_s - slow.start_s == pytest.approx(2.0)
    assert fast.end_s - fast.start_s == pytest.approx(0.5)


def test_a_negative_gap_overlaps() -> None:
    call = dialogue_call("customer: 我上周买的电风扇一开就响，想换一台。\nagent(-3): 换不了的，您别说了。")
    customer, agent = call.utterances
    assert agent.start_s == pytest.approx(customer.end_s - 3)
    assert call.events_of(EventKind.INTERRUPTION, Role.AGENT)


def test_one_channel_has_no_overlap_events() -> None:
    call = dialogue_call(
        "@mono\ncustomer: 我上周买的电风扇一开就响，想换一台。\nagent(-3): 换不了的，您别说了。"
    )
    assert not call.events_of(EventKind.INTERRUPTION)


@pytest.mark.parametrize("kind", ["dead", "music", "typing"])
def test_a_hold_becomes_an_event_with_its_kind(kind: str) -> None:
    call = dialogue_call(f"agent: 请您稍等，好吗？\ncustomer: 好的。\n[hold 20 {kind}]\nagent: 让您久等了。")
    (hold,) = call.events_of(EventKind.HOLD)
    assert hold.get("kind") == kind
    assert hold.get("consent") is True
    assert hold.span.duration_s == pytest.approx(20, abs=1)


def test_ring_and_closing_silence() -> None:
    call = dialogue_call("[ring 8]\nagent: 您好。\n[silence 7]")
    (ring,) = call.events_of(EventKind.RINGBACK)
    assert ring.span.duration_s == 8
    assert call.events_of(EventKind.CLOSING_SILENCE)


def test_marks_and_languages() -> None:
    call = dialogue_call("agent(+0.2, heard 0.3): 您好。\nunknown: Hello there.")
    assert call.utterances[0].confidence == 0.3
    assert (call.utterances[1].role, call.utterances[1].language) == (Role.UNKNOWN, "en")


def test_measurements_are_taken() -> None:
    pace = dialogue_call("@pace 130\nagent: 您好，请问有什么可以帮您？").measure("gross_pace", Role.AGENT)
    assert pace is not None
    assert pace.value == pytest.approx(130, rel=0.05)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("agent: 您好。\nboss: 你好。", "line 2: 'boss' is not one of agent, customer, unknown"),
        ("agent 您好", "line 1: a turn is 'speaker: words'"),
        ("agent(loud): 您好", "unknown mark 'loud'"),
        ("agent(heard x): 您好", "'x' is not a number"),
        ("[nap 5]", "a pause is"),
        ("[hold 5 jazz]", "a hold's kind is one of dead, music, typing"),
        ("[music 5 dead]", r"takes no kind"),
        ("@speed 3", "unknown header; permitted are @direction"),
        ("@ring_s", "@ring_s needs a value"),
        ("@ring_s soon", "'soon' is not a number"),
        ("@direction sideways", "'sideways' is not one of inbound, outbound, unknown"),
    ],
)
def test_errors_name_the_line(source: str, says: str) -> None:
    with pytest.raises(ConfigError, match="line ") as error:
        parse_dialogue(source)
    assert says in str(error.value)


def test_measures_of_the_voice_can_be_told() -> None:
    call = dialogue_call("@drawl 1.9\n@spectral_tilt -28\n@snr 7\nagent: 您好。\ncustomer: 你好。")
    told = {(m.name, m.role): m.value for m in call.measurements}
    assert told["drawl", Role.AGENT] == 1.9
    assert told["spectral_tilt", Role.AGENT] == -28
    assert told["snr", Role.CUSTOMER] == 7
    assert told["drawl", Role.CUSTOMER] != 1.9


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("@pace 0\nagent: 您好。", "line 1: '0' is not a number from 1 to 10000"),
        ("@ring_s inf", "line 1: 'inf' is not a number from 0 to 21600"),
        ("agent(+nan): 您好。", r"line 1: '\+nan' is not a number"),
        ("agent(heard 7): 您好。", "line 1: '7' is not a number from 0 to 1"),
        ("[hold " + "9" * 400 + "]", "line 1: '9+' is not a number"),
        ("agent" + " " * 300_000 + "x", "line 1: too long; at most 2000 lines of 2000 characters"),
        ("agent: 您好。\n" * 2001, "line 2001: too long"),
    ],
)
def test_numbers_and_lengths_of_no_dialogue_are_refused(source: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        dialogue_call(source)


MARKS = st.sampled_from(
    [
        *("agent:", "customer(", "+-", "0.5", "heard", "pace", "level", ")", "[", "]", "hold", "3"),
        *("music", "@ring_s", "@direction", "@mono", "nan", "您好。", "\n", "\t", "\u2028"),
        *("agent: 您好。\n",),
    ]
)


@settings(deadline=None, max_examples=200)
@example("agent: \U000116c0")
@given(st.lists(MARKS | st.text(max_size=3), max_size=12).map(" ".join))
def test_any_text_is_a_dialogue_or_an_error_with_its_line(source: str) -> None:
    try:
        dialogue_call(source)
    except ConfigError as error:
        assert str(error).startswith("line ")  # noqa: PT017
