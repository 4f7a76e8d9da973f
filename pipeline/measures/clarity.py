"""Clarity: how sure the recogniser was of a role's words.

The mean recogniser confidence of its utterances, weighted by spoken characters (0..1). What a machine hears
easily, a customer hears too; a low value may also be the line's fault.
"""

from __future__ import annotations

from pipeline.call import Call, Measurement, Role
from pipeline.measures.pace import UNKNOWN_ROLES

MIN_CHARS = 10
METHOD = "recogniser confidence, mean over spoken characters"


def measure_clarity(call: Call, role: Role) -> Measurement:
    """Mean recogniser confidence of the role's words; unmeasurable below 10 characters."""
    own = [u for u in call.by_role(role) if u.chars]
    chars = sum(u.chars for u in own)
    if chars < MIN_CHARS:
        unknown = not own and bool(call.by_role(Role.UNKNOWN))
        reason = UNKNOWN_ROLES if unknown else f"fewer than {MIN_CHARS} characters"
        return Measurement("clarity", role, None, "share", reason, METHOD)
    mean = sum(u.confidence * u.chars for u in own) / chars
    return Measurement("clarity", role, mean, "share", None, METHOD, 1.0)
