from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

from pipeline.call import EventKind, Role
from pipeline.dialogue import dialogue_call

CALL = dialogue_call("agent: 您好，请讲。\ncustomer: 我要报修。")


def test_a_call_that_was_looked_at_travels_between_processes() -> None:
    said = CALL.by_role(Role.AGENT)
    sent = pickle.loads(pickle.dumps(CALL))
    assert sent == CALL
    assert sent.by_role(Role.AGENT) == said


def test_what_is_worked_out_of_a_call_is_not_taken_for_another() -> None:
    assert len(CALL.by_role(Role.AGENT)) == 1
    assert replace(CALL, utterances=()).by_role(Role.AGENT) == ()


def test_roles_and_kinds_may_be_given_by_name() -> None:
    by_name, by_member = (dialogue_call("agent: 您好。\ncustomer: 你好。") for _ in range(2))
    role: Any = "agent"
    kind: Any = "speech"
    # What was asked by name first is also what is found by the member later.
    assert by_name.by_role(role) == by_name.by_role(Role.AGENT) == by_member.by_role(Role.AGENT) != ()
    assert by_name.speech(role) == by_name.speech(Role.AGENT) == by_member.speech(Role.AGENT) != ()
    events = by_member.events_of(EventKind.SPEECH, Role.AGENT)
    assert by_name.events_of(kind, role) == by_name.events_of(EventKind.SPEECH, Role.AGENT) == events != ()
