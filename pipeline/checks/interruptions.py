"""``interruptions``: one party does not cut the other off."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Event, EventKind, Role, Verdict
from pipeline.checks.base import Check, Count, Outcome
from pipeline.checks.evidence.telling import counted, times
from pipeline.spans import Span


class Interruptions(Check):
    """Pass when ``role`` interrupts at most ``at_most`` times; backchannels and short overlaps do not count.

    Undetermined where both parties share a channel: overlap cannot be measured there.
    """

    kind: ClassVar[str] = "interruptions"
    wordless: ClassVar[bool] = True

    role: Role = Role.AGENT
    at_most: Count = 0

    def judge(self, call: Call) -> Outcome:
        """Count the role's interruption events."""
        if not call.separated:
            return Outcome(
                Verdict.UNDETERMINED, "overlap needs each party on a channel of its own", role=self.role
            )
        found = call.events_of(EventKind.INTERRUPTION, self.role)
        if len(found) > self.at_most:
            worst = max(found, key=_overlap_s)
            said = next((u for u in call.by_role(self.role) if u.start_s == worst.start_s), None)
            reason = f"the {self.role} interrupts {times(len(found))}; {self._allowed()}"
            confidence = 0.9 if _overlap_s(worst) >= 1.0 else 0.7
            return Outcome(Verdict.FAIL, reason, confidence, self.role, worst.span, said.text if said else "")
        speech = call.speech()
        if not (call.speech(Role.AGENT) and call.speech(Role.CUSTOMER)):
            return Outcome(Verdict.NOT_APPLICABLE, "no two parties speak", role=self.role)
        span = Span(speech[0].start_s, speech[-1].end_s)
        return Outcome(
            Verdict.PASS,
            counted(len(found), "interruption") if found else "no interruption",
            0.9,
            self.role,
            span,
        )

    def _allowed(self) -> str:
        if not self.at_most:
            return "none is allowed"
        return f"at most {self.at_most} {'is' if self.at_most == 1 else 'are'} allowed"


def _overlap_s(event: Event) -> float:
    value = event.get("overlap_s")
    return float(value) if isinstance(value, (int, float)) else 0.0
