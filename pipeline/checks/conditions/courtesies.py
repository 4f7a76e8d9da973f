"""Conditions about courtesies of the customer and about the customer's name."""

from __future__ import annotations

import re

from pipeline.call import Call, Role, Utterance
from pipeline.checks.conditions.base import Moment, Occasion, absent, said
from pipeline.checks.evidence import names
from pipeline.checks.evidence.courtesies import Courtesy, last_said, says_goodbye
from pipeline.checks.evidence.hearing import hear

AGENTS_FORMULA = re.compile(
    r"(?:感谢|谢谢)[您你](?:的(?:来电|接听|理解|配合|支持|耐心|等待|夸奖|意见)|对|使用|选择)|"
    r"(?:感谢|谢谢)[您你](?:致电|耐心|[，, ]?.{1,3}(?:先生|女士|小姐))|"
    r"(?:麻烦|辛苦|有劳|劳烦)您们?[了啦]|让您费心|"
    r"(?:为|给)[您你](?:添|带来|造成).{0,4}(?:麻烦|不便)|让[您你]久等"
)


def name_known(call: Call) -> Occasion:
    """The customer's name is in the call log, was said by the customer or used by the agent."""
    name = names.spoken_name(call) or names.logged_name(call)
    if name is not None:
        moments = (Moment(name.utterance.span, name.utterance.text),) if name.utterance else ()
        return Occasion(True, f"the name {name.surname} is known from the {name.source}", moments)
    heard = hear(call, Role.AGENT)
    used = next((a for a in names.addresses(heard.utterances) if names.sounds_like_surname(a)), None)
    if used is not None:
        return said("the agent uses a name", [used.utterance])
    if not heard.attributed and any(
        names.SAYS_NAME.search(u.text) or names.ASKS_NAME.search(u.text) for u in call.utterances
    ):
        return Occasion(None, "a name is spoken of; it is not known which voice is the customer's")
    return absent(call, "the customer's name never becomes known")


def customer_thanks(call: Call) -> Occasion:
    """The customer thanks the agent before the goodbye."""
    return _courtesy(call, ("thanks",), "thanks")


def customer_praises(call: Call) -> Occasion:
    """The customer praises the agent or the service before the goodbye."""
    return _courtesy(call, ("praise",), "praises the agent")


def customer_appreciates(call: Call) -> Occasion:
    """The customer thanks or praises the agent before the goodbye."""
    return _courtesy(call, ("thanks", "praise"), "thanks or praises")


def customer_apologises(call: Call) -> Occasion:
    """The customer apologises for something; an excuse-me before a request is none."""
    return _courtesy(call, ("apology",), "apologises")


def _courtesy(call: Call, wanted: tuple[Courtesy, ...], does: str) -> Occasion:
    """Find courtesies that call for an answer; once another voice has said goodbye none does."""
    others = [u for u in call.utterances if u.role is not Role.CUSTOMER and says_goodbye(u.text)]
    goodbye_s = min((u.start_s for u in others), default=call.duration_s)
    spoken = [u for u in hear(call, Role.CUSTOMER).utterances if u.start_s < goodbye_s and not _of_a_desk(u)]
    found = [u for u in spoken if any(last_said(courtesy, u.text) for courtesy in wanted)]
    return said(f"the customer {does}", found) if found else absent(call, f"the customer never {does}")


def _of_a_desk(utterance: Utterance) -> bool:
    """Whether a voice whose role is not known uses an agent's formula (感谢您的来电)."""
    return utterance.role is Role.UNKNOWN and AGENTS_FORMULA.search(utterance.text) is not None
