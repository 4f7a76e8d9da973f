"""Conditions about what the customer wants of the company's offers."""

from __future__ import annotations

from pipeline.call import Call, Role
from pipeline.checks.conditions.base import Occasion, absent, said
from pipeline.checks.evidence import wishes
from pipeline.checks.evidence.hearing import hear


def cancellation(call: Call) -> Occasion:
    """The customer wants to give up a service; one order, ticket or appointment is none."""
    found = wishes.CANCELLATION.found_in(hear(call, Role.CUSTOMER).utterances)
    if found:
        return said("the customer wants to cancel a service", found)
    return absent(call, "the customer does not ask to cancel a service")


def stated_need(call: Call) -> Occasion:
    """The customer states a need that a plan or an offer would meet."""
    found = wishes.NEED.found_in(hear(call, Role.CUSTOMER).utterances)
    if found:
        return said("the customer states a need", found)
    return absent(call, "the customer states no need for a plan or an offer")
