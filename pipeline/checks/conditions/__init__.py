"""Occasions that a clause may need before it is owed: the names rulebooks use under ``applies_when``.

Each detector answers yes, no, or None when it cannot be known, and names the moments at which its occasion
arises; a rule is *not applicable* on a no and *undetermined* on a None.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.call import once_per_call
from pipeline.checks.conditions.asking import customer_asks, customer_greets
from pipeline.checks.conditions.base import Condition, Moment, Occasion
from pipeline.checks.conditions.calls import follow_up
from pipeline.checks.conditions.complaints import (
    angry_customer,
    company_at_fault,
    complaint,
    complaint_or_follow_up,
    impatient_customer,
    own_mistake,
)
from pipeline.checks.conditions.courtesies import (
    customer_apologises,
    customer_appreciates,
    customer_praises,
    customer_thanks,
    name_known,
)
from pipeline.checks.conditions.line import (
    asked_louder,
    asked_quieter,
    asked_to_repeat,
    faint_caller,
    noisy_line,
)
from pipeline.checks.conditions.line_trouble import (
    caller_not_heard,
    caller_still_not_heard,
    cannot_hear_agent,
    hands_free_suspected,
    silent_caller,
)
from pipeline.checks.conditions.matters import (
    nuisance,
    other_language,
    technical_fault,
    unclear_customer,
    wrong_number,
)
from pipeline.checks.conditions.metadata import holiday, inbound, outbound
from pipeline.checks.conditions.presence import agent_spoke, customer_spoke, hold, put_off
from pipeline.checks.conditions.shift import late_in_shift
from pipeline.checks.conditions.situations import (
    agent_did_not_hear,
    explanation,
    look_up,
    not_offered,
    unknown_matter,
)
from pipeline.checks.conditions.spelling import name_spelled
from pipeline.checks.conditions.transfers import handed_over, transfer
from pipeline.checks.conditions.wishes import cancellation, stated_need

__all__ = ["CONDITIONS", "WORDLESS_CONDITIONS", "Condition", "Moment", "Occasion"]

CONDITIONS: Mapping[str, Condition] = {
    condition.__name__: once_per_call(condition)
    for condition in (
        inbound,
        outbound,
        follow_up,
        hold,
        customer_spoke,
        agent_spoke,
        name_known,
        customer_thanks,
        customer_praises,
        customer_appreciates,
        customer_apologises,
        put_off,
        late_in_shift,
        complaint,
        complaint_or_follow_up,
        angry_customer,
        impatient_customer,
        company_at_fault,
        own_mistake,
        cancellation,
        stated_need,
        holiday,
        customer_greets,
        customer_asks,
        silent_caller,
        cannot_hear_agent,
        caller_not_heard,
        caller_still_not_heard,
        hands_free_suspected,
        name_spelled,
        transfer,
        handed_over,
        agent_did_not_hear,
        explanation,
        look_up,
        unknown_matter,
        not_offered,
        technical_fault,
        wrong_number,
        unclear_customer,
        nuisance,
        other_language,
        faint_caller,
        noisy_line,
        asked_louder,
        asked_quieter,
        asked_to_repeat,
    )
}

WORDLESS_CONDITIONS = frozenset(
    {
        "inbound",
        "outbound",
        "hold",
        "customer_spoke",
        "agent_spoke",
        "late_in_shift",
        "holiday",
        "noisy_line",
        "faint_caller",
    }
)
"""Conditions that are told without a word: by the call log, by times and by sounds."""
