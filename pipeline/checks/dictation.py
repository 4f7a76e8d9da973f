"""``dictation``: before long numbers or an address the agent asks the customer to note them down."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Count, OptionalPhrases, Outcome, Phrases, Share, worst
from pipeline.checks.evidence.dictations import Dictated, dictations, is_repeated
from pipeline.checks.evidence.hearing import Part, doubt_absence, find_variant, hear
from pipeline.checks.evidence.windows import runs
from pipeline.spans import Span
from pipeline.wording.matching import find_first

# Turns of the agent, the dictation's included, in which the question may come.
TURNS_BEFORE = 3


class Dictation(Check):
    """Pass when the agent asks the customer to note down what is dictated, and it is confirmed afterwards.

    Dictated is a long number or an address that the customer has not said before. Not applicable where there
    is none; asked for without any confirmation goes to review.

    Options: ``ask`` (phrases due before), ``near`` (other ways to ask, for review), ``confirm`` (phrases that
    confirm; so does saying the number again), ``digits`` (that make a number long), ``threshold``.
    """

    kind: ClassVar[str] = "dictation"

    ask: Phrases
    near: OptionalPhrases = ()
    confirm: OptionalPhrases = ()
    digits: Count = 6
    threshold: Share = 0.78

    def judge(self, call: Call) -> Outcome:
        """Judge each number or address that is said for the first time; the worst decides."""
        found = dictations(call, at_least=self.digits)
        if not found:
            return Outcome(Verdict.NOT_APPLICABLE, "nothing long is dictated", role=Role.AGENT)
        if not hear(call, Role.AGENT).attributed:
            reason, first = "a number is read out; it is not known by whom", found[0]
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, first.span, first.text)
        return worst(tuple(self._one(call, dictated) for dictated in found))

    def _one(self, call: Call, dictated: Dictated) -> Outcome:
        before = self._before(call, dictated)
        search = find_first(self.ask, before.utterances, threshold=self.threshold)
        if search.match is not None and search.match.start_s <= dictated.span.start_s:
            return self._asked(call, dictated, Span(search.match.start_s, dictated.span.end_s))
        variant = find_variant(self.near, before.utterances)
        if search.match is not None:
            doubt: str | None = f"{search.match.quote!r} comes after it"
        elif variant is not None:
            doubt = f"{variant.quote!r} may stand in for the question"
        else:
            doubt = doubt_absence(call, hear(call, Role.AGENT), before, search, threshold=self.threshold)
        reason = "read out without asking the customer to note it down"
        if doubt:
            reason = f"{reason}, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, dictated.span, dictated.text)
        return Outcome(Verdict.FAIL, reason, 0.85, Role.AGENT, dictated.span, dictated.text)

    def _before(self, call: Call, dictated: Dictated) -> Part:
        turns = [r for r in runs(call) if r[0].role is Role.AGENT and r[0].start_s <= dictated.span.start_s]
        said = tuple(u for turn in turns[-TURNS_BEFORE:] for u in turn if u.start_s <= dictated.span.start_s)
        first_s = min((u.start_s for u in said), default=dictated.span.start_s)
        return Part(Span(first_s, dictated.span.end_s), said)

    def _asked(self, call: Call, dictated: Dictated, span: Span) -> Outcome:
        later = tuple(u for u in call.utterances if u.end_s > dictated.span.start_s)
        confirmed = find_first(self.confirm, later, threshold=self.threshold).match is not None
        if confirmed or is_repeated(call, dictated):
            reason = "the customer was asked to note it down, and it was confirmed"
            return Outcome(Verdict.PASS, reason, 0.9, Role.AGENT, span, dictated.text)
        reason = "the customer was asked to note it down, but nothing confirms it afterwards"
        return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, dictated.text)
