"""``hold_updates``: during a long hold the agent speaks up often enough."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Event, Role, Verdict
from pipeline.checks.base import Check, Outcome, Seconds, worst
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.holds import kept_waiting


class HoldUpdates(Check):
    """Pass when no stretch of a hold lasts longer than ``every_s`` without the agent's voice.

    Music is no update. A hold shorter than ``every_s`` owes none.

    Options: ``every_s``, ``tolerance_s``.
    """

    kind: ClassVar[str] = "hold_updates"

    every_s: Seconds
    tolerance_s: Seconds = 0.5

    def judge(self, call: Call) -> Outcome:
        """Judge each hold that is long enough; the worst decides."""
        holds = kept_waiting(call)
        limit_s = self.every_s + self.tolerance_s
        long = [h for h in holds if h.span.duration_s > limit_s]
        if not long:
            reason = f"no hold is longer than {self.every_s:g} s" if holds else "nobody was kept on hold"
            return Outcome(Verdict.NOT_APPLICABLE, reason, role=Role.AGENT)
        return worst(tuple(self._one(call, hold) for hold in long))

    def _one(self, call: Call, hold: Event) -> Outcome:
        wait = hold.get("longest_wait_s")
        if not isinstance(wait, (int, float)):
            return Outcome(
                Verdict.UNDETERMINED, "the wait inside the hold was not measured", 0.5, Role.AGENT, hold.span
            )
        reason = (
            f"longest wait without the agent's voice {wait:.0f} s; an update is due every {self.every_s:g} s"
        )
        kept = wait <= self.every_s + self.tolerance_s
        if not kept and not hear(call, Role.AGENT).attributed:
            reason += "; it is not known which voice is the agent's"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, hold.span)
        confidence = min(1.0, 0.6 + abs(wait - self.every_s) / self.every_s)
        verdict = Verdict.PASS if kept else Verdict.FAIL
        return Outcome(verdict, reason, confidence, Role.AGENT, hold.span)
