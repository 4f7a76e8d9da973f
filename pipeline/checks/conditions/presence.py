"""Conditions about who speaks, who waits and how the talk ends."""

from __future__ import annotations

import re

from pipeline.call import Call, Role
from pipeline.checks.conditions.base import Moment, Occasion, said
from pipeline.checks.evidence.courtesies import is_polite
from pipeline.checks.evidence.hearing import UNHEARD_SENTENCE_S, hear, unheard
from pipeline.checks.evidence.holds import kept_waiting
from pipeline.checks.evidence.telling import counted
from pipeline.checks.evidence.windows import closing
from pipeline.spans import Span, total_s

# Fewer spoken characters than this from the customer (喂, 你好) is not yet a matter brought forward.
MATTER_CHARS = 3
# Voices whose roles are not known that say this much are a talk between two.
TALK_UTTERANCES, TALK_CHARS = 4, 40
ANSWERED_UTTERANCES = 2
PUT_OFF = re.compile(
    r"换(一|个|部|台)+(部|个|台)?(电话|手机)|(稍后|晚点|挂机后|过一会儿?)(再|重)?(打|拨)|重(新)?拨|"
    r"(查证|核实|确认)(后|之后|以后)再拨|请(您|你)挂机|(已经|正在|马上)?(为|帮|给)?(您|你)?接通|"
    r"请(您|你)(跟|和|与)(他|她|对方|专员|同事)(讲|说)|(给|跟|和)(您|你)[^，。！？]{0,4}(拨|打|回)(回去|回来|过去|过来)|"
    r"(先|这边)?挂(断|机|了)?[^。！？]{0,10}(拨|打|回)(回去|过去)"
)


def hold(call: Call) -> Occasion:
    """The customer was kept waiting."""
    holds = kept_waiting(call)
    if not holds:
        return Occasion(False, "nobody was kept on hold")
    return Occasion(True, counted(len(holds), "hold"), tuple(Moment(h.span) for h in holds))


def customer_spoke(call: Call) -> Occasion:
    """The customer said something that could be dealt with."""
    return _spoke(call, Role.CUSTOMER, at_least=MATTER_CHARS)


def agent_spoke(call: Call) -> Occasion:
    """The agent said something."""
    return _spoke(call, Role.AGENT, at_least=1)


def _spoke(call: Call, role: Role, *, at_least: int) -> Occasion:
    spoken = call.by_role(role)
    if sum(u.chars for u in spoken) >= at_least:
        return said(f"the {role} spoke", spoken[:1])
    voices = call.by_role(Role.UNKNOWN)
    if voices:
        talk = len(voices) >= TALK_UTTERANCES and sum(u.chars for u in voices) >= TALK_CHARS
        # Of two who speak, or of one who gets no answer, one is the agent.
        talk = talk or (role is Role.AGENT and len(voices) >= ANSWERED_UTTERANCES)
        return Occasion(talk or None, f"it is not known which voice is the {role}'s")
    lost_s = total_s(unheard(call, role, Span(0.0, call.duration_s)))
    if lost_s >= UNHEARD_SENTENCE_S:
        return Occasion(None, f"the {role} speaks for {lost_s:.1f} s, but no words were recognised")
    return Occasion(False, f"the {role} says nothing")


def put_off(call: Call) -> Occasion:
    """The talk ends unfinished by another script: call again, another telephone, hang up, handed over.

    The scripts are polite; an agent who brushes the customer off follows none.
    """
    last = closing(call, hear(call, Role.AGENT))
    found = [u for u in last.utterances if PUT_OFF.search(u.text) and is_polite(u.text)]
    if not found:
        return Occasion(False, "the talk was not put off or handed over")
    return said("the talk was put off or handed over", found)
