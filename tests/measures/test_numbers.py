"""Pace, latency and shares: known answers on hand-placed speech."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.call import Call, CallRecord, Measurement, Role, Utterance
from pipeline.measures import measure
from pipeline.measures.events import derive_events
from pipeline.spans import Span, union


def say(idx: int, role: Role, start_s: float, end_s: float, chars: int, text: str = "") -> Utterance:
    text = text or "说" * chars
    return Utterance(idx, role, start_s, end_s, text, text, chars, end_s - start_s, 0.9, "zh")


def call(*utterances: Utterance, speech: dict[Role, tuple[Span, ...]] | None = None, **facts: object) -> Call:
    speech = speech or {
        role: union(u.span for u in utterances if u.role is role) for role in {u.role for u in utterances}
    }
    separated = bool(facts.pop("separated", True))
    record = CallRecord(
        "c", Path("c.wav"), direction=facts.pop("direction", "inbound"), ring_s=facts.pop("ring_s", None)
    )  # type: ignore[arg-type]
    events = derive_events(
        utterances=utterances,
        speech=speech,
        duration_s=60.0,
        separated=separated,
        **facts,  # type: ignore[arg-type]
    )
    heard = Call(record, "0" * 64, "key", 60.0, 2, separated, 1.0, utterances, events)
    return replace(heard, measurements=measure(heard))


def value(heard: Call, name: str, role: Role | None = Role.AGENT) -> Measurement:
    found = heard.measure(name, role)
    assert found is not None
    return found


def test_gross_pace_counts_pauses_inside_a_turn_and_net_pace_does_not():
    spoken = replace(say(0, Role.AGENT, 0.0, 12.0, 24), speech_s=10.0)
    heard = call(spoken, speech={Role.AGENT: (Span(0.0, 5.0), Span(7.0, 12.0))})
    assert value(heard, "net_pace").value == pytest.approx(24 / 10 * 60)
    assert value(heard, "gross_pace").value == pytest.approx(24 / 12 * 60)


def test_a_turn_goes_on_over_a_short_pause_but_not_over_a_hold():
    first, second = say(0, Role.AGENT, 0.0, 5.0, 20), say(1, Role.AGENT, 6.0, 11.0, 20)
    assert value(call(first, second), "turn_time").value == pytest.approx(11.0)
    later = replace(second, start_s=26.0, end_s=31.0)
    assert value(call(first, later), "turn_time").value == pytest.approx(10.0)


def test_a_backchannel_does_not_slow_the_pace():
    customer = say(0, Role.CUSTOMER, 0.0, 10.0, 40)
    nod = say(1, Role.AGENT, 4.0, 5.5, 1, "嗯")
    answer = say(2, Role.AGENT, 11.0, 16.0, 20)
    assert value(call(customer, nod, answer), "gross_pace").value == pytest.approx(240.0)


def test_too_little_speech_is_unmeasurable_with_a_reason():
    pace = value(call(say(0, Role.AGENT, 0.0, 0.5, 2)), "net_pace")
    assert pace.value is None
    assert "less than 4 characters" in str(pace.reason)


def test_latency_is_signed_and_leaves_holds_out():
    heard = call(
        say(0, Role.CUSTOMER, 0.0, 5.0, 20),
        say(1, Role.AGENT, 6.0, 8.0, 8),  # +1.0
        say(2, Role.CUSTOMER, 9.0, 12.0, 12),
        say(3, Role.AGENT, 11.6, 14.0, 8),  # -0.4
        say(4, Role.CUSTOMER, 15.0, 17.0, 8),
        say(5, Role.AGENT, 32.0, 34.0, 8),  # a hold lies between
        say(6, Role.CUSTOMER, 35.0, 37.0, 8),
        say(7, Role.AGENT, 43.0, 45.0, 8),  # +6.0
    )
    assert value(heard, "answer_latency_median").value == pytest.approx(1.0)
    assert value(heard, "answer_latency_max").value == pytest.approx(6.0)
    assert value(heard, "answer_latency_p90").value == pytest.approx(5.0)
    assert value(heard, "answer_latency_over_5s").value == pytest.approx(1 / 3)


def test_no_answer_has_no_latency():
    latency = value(call(say(0, Role.AGENT, 0.0, 5.0, 20)), "answer_latency_median")
    assert (latency.value, latency.reason) == (None, "the agent answered no customer turn")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"announcement": Span(4.4, 6.9)}, 3.1),
        ({"ringback": (Span(0.0, 1.0), Span(5.0, 6.0)), "ring_s": 8.0}, 2.0),
        ({"ringback": (Span(0.0, 1.0),)}, None),  # the tone alone does not tell when the call was answered
        ({"direction": "outbound"}, None),
        ({}, 10.0),
    ],
)
def test_first_response_counts_from_the_best_known_moment(facts, expected):
    response = value(call(say(0, Role.AGENT, 10.0, 12.0, 8), **facts), "first_response")
    assert response.value == (None if expected is None else pytest.approx(expected))
    assert (response.reason is None) == (expected is not None)


def test_mono_has_no_overlap_numbers_but_a_reason():
    heard = call(say(0, Role.UNKNOWN, 0.0, 5.0, 20), separated=False)
    count = value(heard, "interruption_count")
    assert (count.value, count.reason) == (None, "needs each party on a channel of its own")
    assert value(heard, "talk_share").value is None


def test_the_same_names_are_always_measured_once():
    names = [(m.name, m.role) for m in call(say(0, Role.AGENT, 0.0, 5.0, 20)).measurements]
    assert len(names) == len(set(names))
    assert names == [(m.name, m.role) for m in call(say(0, Role.UNKNOWN, 0.0, 5.0, 20)).measurements]
