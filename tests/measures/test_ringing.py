"""Rings and the time to the answer."""

from pathlib import Path

from pipeline.call import Call, CallRecord, Event, EventKind, Role
from pipeline.measures.ringing import measure_ringing


def call(*events: Event) -> Call:
    return Call(CallRecord("c", Path("c.wav")), "", "", 60.0, 2, True, 1.0, events=events)


RANG = Event(EventKind.RINGBACK, None, 0.5, 6.5, (("rings", 2),))


def speech(start_s: float, end_s: float) -> Event:
    return Event(EventKind.SPEECH, Role.AGENT, start_s, end_s)


def test_the_answer_is_the_first_voice_or_announcement_after_the_ringing():
    played = Event(EventKind.ANNOUNCEMENT, None, 8.0, 10.0)
    for events, expected in (((speech(9.0, 12.0),), 8.5), ((played, speech(11.0, 12.0)), 7.5)):
        rings, answered = measure_ringing(call(RANG, *events))
        assert (rings.value, answered.value) == (2.0, expected)


def test_without_ringing_or_voice_it_is_unmeasurable():
    rings, answered = measure_ringing(call(speech(1.0, 2.0)))
    assert (rings.value, answered.value) == (None, None)
    assert rings.reason == answered.reason == "no ringback tone in the recording"
    rings, answered = measure_ringing(call(RANG))
    assert (rings.value, answered.value) == (2.0, None)
    assert answered.reason == "nobody speaks after the ringing"
