"""Occasions that a clause may need before it is owed: the names rulebooks use under ``applies_when``.

Each detector answers yes, no, or None when it cannot be known; a rule is *not applicable* on a no and
*undetermined* on a None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.call import Call, Role, Utterance
from pipeline.checks.evidence import names
from pipeline.checks.evidence.courtesies import is_polite, last_said
from pipeline.checks.evidence.hearing import UNHEARD_SENTENCE_S, doubt_coverage, hear, unheard
from pipeline.checks.evidence.holds import kept_waiting
from pipeline.checks.evidence.windows import closing
from pipeline.spans import Span, total_s

# Fewer spoken characters than this from the customer (喂, 你好) is not yet a matter brought forward.
MATTER_CHARS = 3
PUT_OFF = re.compile(
    r"换(一|个|部|台)+(部|个|台)?(电话|手机)|(稍后|晚点|挂机后|过一会儿?)(再|重)?(打|拨)|重(新)?拨|"
    r"(查证|核实|确认)(后|之后|以后)再拨|请(您|你)挂机|(已经|正在|马上)?(为|帮|给)?(您|你)?接通|"
    r"请(您|你)(跟|和|与)(他|她|对方|专员|同事)(讲|说)"
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whether a condition holds, and why; None when it cannot be known."""

    arises: bool | None
    reason: str
    span: Span | None = None
    quote: str = ""


Condition = Callable[[Call], Occasion]


def _said(reason: str, utterance: Utterance) -> Occasion:
    return Occasion(True, reason, utterance.span, utterance.text)


def inbound(call: Call) -> Occasion:
    """The customer called the desk."""
    return _direction(call, "inbound")


def outbound(call: Call) -> Occasion:
    """The desk called the customer."""
    return _direction(call, "outbound")


def _direction(call: Call, wanted: str) -> Occasion:
    seen = call.record.direction
    if seen is None:
        return Occasion(None, "the call's direction is not in its metadata")
    return Occasion(seen == wanted, f"the call is {seen}")


def hold(call: Call) -> Occasion:
    """The customer was kept waiting."""
    holds = kept_waiting(call)
    if not holds:
        return Occasion(False, "nobody was kept on hold")
    return Occasion(True, f"{len(holds)} hold(s)", holds[0].span)


def customer_spoke(call: Call) -> Occasion:
    """The customer said something that could be dealt with."""
    return _spoke(call, Role.CUSTOMER, at_least=MATTER_CHARS)


def agent_spoke(call: Call) -> Occasion:
    """The agent said something."""
    return _spoke(call, Role.AGENT, at_least=1)


def _spoke(call: Call, role: Role, *, at_least: int) -> Occasion:
    spoken = call.by_role(role)
    if sum(u.chars for u in spoken) >= at_least:
        return _said(f"the {role} spoke", spoken[0])
    if call.by_role(Role.UNKNOWN):
        return Occasion(None, f"it is not known which voice is the {role}'s")
    lost_s = total_s(unheard(call, role, Span(0.0, call.duration_s)))
    if lost_s >= UNHEARD_SENTENCE_S:
        return Occasion(None, f"the {role} speaks for {lost_s:.1f} s, but no words were recognised")
    return Occasion(False, f"the {role} says nothing")


def _absent(call: Call, reason: str) -> Occasion:
    """No, unless part of what the customer says was not heard."""
    doubt = doubt_coverage(call, Role.CUSTOMER, Span(0.0, call.duration_s))
    return Occasion(None, f"{reason}, but {doubt}") if doubt else Occasion(False, reason)


def name_known(call: Call) -> Occasion:
    """The customer's name is in the call log, was said by the customer or used by the agent."""
    name = names.spoken_name(call) or names.logged_name(call)
    if name is not None:
        span = name.utterance.span if name.utterance else None
        return Occasion(True, f"the name {name.surname} is known from the {name.source}", span)
    heard = hear(call, Role.AGENT)
    used = next((a for a in names.addresses(heard.utterances) if names.sounds_like_surname(a)), None)
    if used is not None:
        return _said("the agent uses a name", used.utterance)
    if not heard.attributed:
        return Occasion(None, "it is not known which voice is the customer's")
    return _absent(call, "the customer's name never becomes known")


def customer_thanks(call: Call) -> Occasion:
    """The customer thanks the agent."""
    said = next((u for u in call.by_role(Role.CUSTOMER) if last_said("thanks", u.text)), None)
    if said is not None:
        return _said("the customer thanks", said)
    if call.by_role(Role.UNKNOWN):
        return Occasion(None, "it is not known which voice is the customer's")
    return _absent(call, "the customer never thanks")


def put_off(call: Call) -> Occasion:
    """The talk ends unfinished by another script: call again, another telephone, hang up, handed over.

    The scripts are polite; an agent who brushes the customer off follows none.
    """
    last = closing(call, hear(call, Role.AGENT))
    said = next((u for u in last.utterances if PUT_OFF.search(u.text) and is_polite(u.text)), None)
    if said is None:
        return Occasion(False, "the talk was not put off or handed over")
    return _said("the talk was put off or handed over", said)


CONDITIONS: Mapping[str, Condition] = {
    c.__name__: c
    for c in (
        inbound,
        outbound,
        hold,
        customer_spoke,
        agent_spoke,
        name_known,
        customer_thanks,
        put_off,
    )
}
