"""``hold_updates``: during a long hold the agent speaks up often enough."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pipeline.call import Call, Event, Role, Verdict
from pipeline.checks.base import Check, Outcome, Seconds, worst
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.holds import kept_waiting

Interval = Annotated[float, Field(strict=True, gt=0)]


class HoldUpdates(Check):
    """Pass when no stretch of a hold lasts longer than ``every_s`` without the agent's voice.

    Music is no update. A hold shorter than ``every_s`` owes none, unless ``owed_from_s`` says how long a
    hold must be to be judged.

    Options: ``every_s``, ``tolerance_s``, ``owed_from_s``, ``review_from_s`` (a wait this long goes to
    review instead of passing).
    """

    kind: ClassVar[str] = "hold_updates"
    wordless: ClassVar[bool] = True

    every_s: Interval
    tolerance_s: Seconds = 0.5
    owed_from_s: Seconds | None = None
    review_from_s: Seconds | None = None

    def judge(self, call: Call) -> Outcome:
        """Judge each hold that is long enough; the worst decides."""
        holds = kept_waiting(call)
        from_s = self.every_s + self.tolerance_s if self.owed_from_s is None else self.owed_from_s
        long = [h for h in holds if h.span.duration_s > from_s]
        if not long:
            reason = f"no hold is longer than {from_s:g} s" if holds else "nobody was kept on hold"
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
        if kept and self.review_from_s is not None and wait > self.review_from_s:
            reason += f"; one over {self.review_from_s:g} s needs a listener"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, hold.span)
        confidence = min(1.0, 0.6 + abs(wait - self.every_s) / self.every_s)
        verdict = Verdict.PASS if kept else Verdict.FAIL
        return Outcome(verdict, reason, confidence, Role.AGENT, hold.span)
