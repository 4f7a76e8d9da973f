"""``rings_within``: the call is answered within so many rings."""

from __future__ import annotations

import math
from typing import ClassVar

from pipeline.call import Call, EventKind, Verdict
from pipeline.checks.base import Check, Count, Outcome, Seconds
from pipeline.checks.evidence.telling import counted
from pipeline.spans import Span


class RingsWithin(Check):
    """Pass when the call rang no more than ``rings`` times; a ring that has begun counts.

    Options: ``rings``, ``ring_s`` (seconds of one ring with its pause). The ring time of the call log goes
    before rings heard in the recording, which may have begun late.
    """

    kind: ClassVar[str] = "rings_within"
    wordless: ClassVar[bool] = True

    rings: Count
    ring_s: Seconds = 5.0

    def judge(self, call: Call) -> Outcome:
        """Count rings from the call log, else from the ringback tone."""
        tones = call.events_of(EventKind.RINGBACK)
        heard_s = sum(e.span.duration_s for e in tones)
        logged_s = call.record.ring_s
        if logged_s is None and not tones:
            return Outcome(Verdict.UNDETERMINED, "no ring time in the call log and no ringback tone recorded")
        seconds = heard_s if logged_s is None else logged_s
        rings = math.ceil(seconds / self.ring_s)
        where = "ringback tone" if logged_s is None else "call log"
        reason = f"rang {seconds:g} s, {counted(rings, 'ring')} ({where}); the limit is {self.rings}"
        span = Span(tones[0].start_s, tones[-1].end_s) if tones else Span(0.0, 0.0)
        verdict = Verdict.PASS if rings <= self.rings else Verdict.FAIL
        confidence = 0.95 if logged_s is not None else 0.7
        return Outcome(verdict, reason, confidence, None, span)
