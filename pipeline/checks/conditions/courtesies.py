"""Conditions about courtesies of the customer and about the customer's name."""

from __future__ import annotations

from pipeline.call import Call, Role
from pipeline.checks.conditions.base import Moment, Occasion, absent, said
from pipeline.checks.evidence import names
from pipeline.checks.evidence.courtesies import last_said
from pipeline.checks.evidence.hearing import hear


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
    if not heard.attributed:
        return Occasion(None, "it is not known which voice is the customer's")
    return absent(call, "the customer's name never becomes known")


def customer_thanks(call: Call) -> Occasion:
    """The customer thanks the agent."""
    found = [u for u in hear(call, Role.CUSTOMER).utterances if last_said("thanks", u.text)]
    return said("the customer thanks", found) if found else absent(call, "the customer never thanks")
