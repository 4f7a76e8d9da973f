"""Occasions that a clause may need before it is owed: the names rulebooks use under ``applies_when``.

Each detector answers yes, no, or None when it cannot be known, and names the moments at which its occasion
arises; a rule is *not applicable* on a no and *undetermined* on a None.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.checks.conditions.base import Condition, Moment, Occasion
from pipeline.checks.conditions.courtesies import customer_thanks, name_known
from pipeline.checks.conditions.metadata import inbound, outbound
from pipeline.checks.conditions.presence import agent_spoke, customer_spoke, hold, put_off

__all__ = ["CONDITIONS", "Condition", "Moment", "Occasion"]

CONDITIONS: Mapping[str, Condition] = {
    condition.__name__: condition
    for condition in (
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
