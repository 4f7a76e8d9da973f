"""``hold_filling``: what the customer hears while waiting."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Event, EventKind, Role, Verdict
from pipeline.checks.base import Check, Outcome, Seconds, Share, worst
from pipeline.checks.evidence.holds import kept_waiting
from pipeline.spans import intersect, total_s


class HoldFilling(Check):
    """Pass when every hold is filled with music, fail on dead silence.

    Typing shows that somebody works on the matter, but is no music: it goes to review.

    Options: ``min_s`` (shorter holds owe no music), ``music_share`` (of a hold that must be music).
    """

    kind: ClassVar[str] = "hold_filling"
    wordless: ClassVar[bool] = True

    min_s: Seconds = 5.0
    music_share: Share = 0.4

    def judge(self, call: Call) -> Outcome:
        """Judge each hold that is long enough; the worst decides."""
        holds = [h for h in kept_waiting(call) if h.span.duration_s >= self.min_s]
        if not holds:
            reason = f"nobody was kept on hold for {self.min_s:g} s"
            return Outcome(Verdict.NOT_APPLICABLE, reason, role=Role.AGENT)
        return worst(tuple(self._one(call, hold) for hold in holds))

    def _one(self, call: Call, hold: Event) -> Outcome:
        music_s = total_s(intersect([hold.span], (e.span for e in call.events_of(EventKind.MUSIC))))
        share = music_s / hold.span.duration_s
        length = f"{hold.span.duration_s:.0f} s"
        if share >= self.music_share or hold.get("kind") == "music":
            reason = f"music plays in the hold of {length}"
            return Outcome(Verdict.PASS, reason, 0.9, Role.AGENT, hold.span)
        if hold.get("kind") != "dead" or music_s > 0:
            reason = f"the hold of {length} is filled with {hold.get('kind')}, hardly with music"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, hold.span)
        # A silence that nobody announced may have been a pause of both.
        sure = 0.9 if hold.get("announced") else 0.75
        return Outcome(Verdict.FAIL, f"dead silence in the hold of {length}", sure, Role.AGENT, hold.span)
