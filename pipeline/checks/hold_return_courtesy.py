"""``hold_return_courtesy``: what the agent says first on coming back from a hold."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Event, Role, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Phrases, Seconds, Share, worst
from pipeline.checks.evidence.hearing import doubt_absence, find_variant, hear, window
from pipeline.checks.evidence.holds import kept_waiting
from pipeline.checks.evidence.windows import after
from pipeline.spans import Span
from pipeline.wording.matching import find_first


class HoldReturnCourtesy(Check):
    """Pass when the agent's first words after every hold contain one of the phrases.

    A hold from which nobody came back is not judged.

    Options: ``phrases``, ``near`` (courtesies that go to review, such as thanks where an apology is wanted),
    ``within_s`` (after the hold's end), ``threshold``.
    """

    kind: ClassVar[str] = "hold_return_courtesy"

    phrases: Phrases
    near: OptionalPhrases = ()
    within_s: Seconds = 10.0
    threshold: Share = 0.78

    def judge(self, call: Call) -> Outcome:
        """Judge each hold the agent came back from; the worst decides."""
        back = [h for h in kept_waiting(call) if h.get("returned") is not False]
        if not back:
            return Outcome(Verdict.NOT_APPLICABLE, "nobody came back from a hold", role=Role.AGENT)
        return worst(tuple(self._one(call, hold) for hold in back))

    def _one(self, call: Call, hold: Event) -> Outcome:
        heard = hear(call, Role.AGENT)
        part = after(heard, hold.end_s, within_s=self.within_s)
        said = part.utterances
        search = find_first(self.phrases, said, threshold=self.threshold)
        if search.match is not None:
            found = search.match
            span = Span(found.start_s, found.end_s)
            reason = "apologised on coming back from the hold"
            return Outcome(Verdict.PASS, reason, found.similarity, Role.AGENT, span, found.quote)
        span, quote = window(said) or hold.span, said[0].text if said else ""
        variant = find_variant(self.near, said)
        doubt = doubt_absence(call, heard, part, search, threshold=self.threshold)
        if variant is not None:
            doubt = f"{variant.quote!r} may stand in for it"
        elif hold.get("return_courtesy"):
            doubt = "the wait is spoken of"
        elif not said:
            doubt = doubt or "the agent does not speak first after the hold"
        if doubt:
            reason = f"no apology found after the hold, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, quote)
        sure = min(1.0, max(0.3, search.confidence or 0.8))
        return Outcome(Verdict.FAIL, "no apology after the hold", sure, Role.AGENT, span, quote)
