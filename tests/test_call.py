from __future__ import annotations

import pickle
from dataclasses import replace

from pipeline.call import Role
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
