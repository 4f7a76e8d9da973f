"""``promise_given``: the agent says what will be done, and by when."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Role, Verdict
from pipeline.checks.after_occasion import AfterOccasion
from pipeline.checks.base import OptionalPhrases, Outcome
from pipeline.checks.evidence.hearing import Heard, Part, doubt_words, hear, window
from pipeline.checks.evidence.promises import By, Promise, promises
from pipeline.wording.matching import find_first


class PromiseGiven(AfterOccasion):
    """Pass when the agent undertakes something for the customer and names its time in the same sentence.

    Nothing undertaken fails. An undertaking without a time fails where ``time_required``, and otherwise only
    beside a ``vague`` phrase; ``at once`` (马上) goes to review.

    Options: ``after`` (a condition), ``time_required``, ``vague`` (wording that puts the customer off:
    等通知).
    """

    kind: ClassVar[str] = "promise_given"

    time_required: bool = True
    vague: OptionalPhrases = ()

    def judge(self, call: Call) -> Outcome:
        """Look for undertakings, from the occasion on."""
        heard = hear(call, Role.AGENT)
        part = self.since(call, heard)
        if isinstance(part, Outcome):
            return part
        given = tuple(promises(part.utterances))
        timed = next((p for p in given if p.by is By.TIME), None)
        if timed is not None:
            confidence = 0.85 if heard.attributed else 0.6
            return self._outcome(Verdict.PASS, "undertaken, with its time", confidence, timed)
        return self._untimed(call, heard, part, given)

    def _untimed(self, call: Call, heard: Heard, part: Part, given: tuple[Promise, ...]) -> Outcome:
        vague = find_first(self.vague, part.utterances).match if self.vague else None
        reason = "nothing is undertaken" if not given else "undertaken without a time"
        if vague is not None:
            reason = f"{reason}; put off by {vague.quote!r}"
        doubt = doubt_words(call, heard, part)
        if any(p.by is By.AT_ONCE for p in given) and vague is None:
            doubt = doubt or "at once may be time enough"
        elif given and not self.time_required and vague is None:
            doubt = doubt or "the time may not have been due"
        quote = given[0].text if given else vague.quote if vague else ""
        if doubt:
            span = window(part.utterances) or part.span
            return Outcome(Verdict.UNDETERMINED, f"{reason}, but {doubt}", 0.5, Role.AGENT, span, quote)
        if given:
            return self._outcome(Verdict.FAIL, reason, 0.7, given[0])
        return Outcome(Verdict.FAIL, reason, 0.75, Role.AGENT, window(part.utterances) or part.span, quote)

    def _outcome(self, verdict: Verdict, reason: str, confidence: float, at: Promise) -> Outcome:
        return Outcome(verdict, reason, confidence, Role.AGENT, at.utterance.span, at.text)
