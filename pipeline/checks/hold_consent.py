"""``hold_consent``: before a hold the agent asks, and waits for the customer's yes."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Event, Role, Verdict
from pipeline.checks.base import Check, Outcome, worst
from pipeline.checks.evidence.hearing import doubt_words, hear, unheard
from pipeline.checks.evidence.holds import kept_waiting
from pipeline.checks.evidence.windows import before
from pipeline.spans import total_s

ASKED_WITHIN_S = 12.0
# The shortest yes.
CONSENT_S = 0.25


class HoldConsent(Check):
    """Pass when every hold was asked for and agreed to before it began; a missing reason is noted."""

    kind: ClassVar[str] = "hold_consent"

    def judge(self, call: Call) -> Outcome:
        """Judge each hold; the worst decides."""
        holds = kept_waiting(call)
        if not holds:
            return Outcome(Verdict.NOT_APPLICABLE, "nobody was kept on hold", role=Role.AGENT)
        return worst(tuple(self._one(call, hold) for hold in holds))

    def _one(self, call: Call, hold: Event) -> Outcome:
        heard = hear(call, Role.AGENT)
        part = before(heard, hold.start_s, within_s=ASKED_WITHIN_S)
        quote = part.utterances[-1].text if part.utterances else ""
        announced, asked, consent = (bool(hold.get(n)) for n in ("announced", "asked", "consent"))
        if asked and consent:
            noted = "" if hold.get("reason_given") else "; no reason was given"
            reason = f"asked before the hold, and the customer agreed{noted}"
            return Outcome(Verdict.PASS, reason, 0.9, Role.AGENT, hold.span, quote)
        lacking = "request to wait" if not announced else "question" if not asked else "agreement"
        reason = f"no {lacking} is heard before the hold"
        doubt = doubt_words(call, heard, part)
        if lacking == "agreement" and total_s(unheard(call, Role.CUSTOMER, part.span)) >= CONSENT_S:
            doubt = doubt or "the customer says something there that was not recognised"
        if doubt:
            reason = f"{reason}, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, hold.span, quote)
        # An announced hold is certainly one; an unannounced silence may be a shared pause.
        return Outcome(Verdict.FAIL, reason, 0.85 if announced else 0.7, Role.AGENT, hold.span, quote)
