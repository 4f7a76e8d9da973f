"""``phrase_order``: one thing is said before another."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Role, Verdict
from pipeline.checks.after_occasion import AfterOccasion
from pipeline.checks.base import OptionalPhrases, Outcome, Phrases, Share
from pipeline.checks.evidence.hearing import Heard, Part, doubt_absence, find_variant, hear, window
from pipeline.checks.evidence.windows import runs
from pipeline.checks.evidence.wording import said_outside
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_first


class PhraseOrder(AfterOccasion):
    """Pass when something of ``first`` is said before anything of ``then``.

    Fails when ``first`` never comes, or only in a later turn than ``then``; within one turn the order goes to
    review.

    Options: ``first``, ``then``, ``near`` (wording that may stand in for ``first`` and goes to review),
    ``not_counted`` (longer wording in which neither counts), ``after`` (a condition; the search begins at
    its first moment), ``first_required`` (false: where neither is said it goes to review), ``then_required``
    (true: without ``then`` it goes to review), ``role``, ``threshold`` (similarity a match needs).
    """

    kind: ClassVar[str] = "phrase_order"

    first: Phrases
    then: Phrases
    near: OptionalPhrases = ()
    not_counted: OptionalPhrases = ()
    first_required: bool = True
    then_required: bool = False
    role: Role = Role.AGENT
    threshold: Share = 0.8

    def judge(self, call: Call) -> Outcome:
        """Search what the role says, from the occasion on."""
        heard = hear(call, self.role)
        part = self.since(call, heard)
        if isinstance(part, Outcome):
            return part
        first, then = (
            next(iter(said_outside(p, self.not_counted, part.utterances, threshold=self.threshold)), None)
            for p in (self.first, self.then)
        )
        if first is None:
            return self._without_first(call, heard, part, then)
        if then is None:
            return self._without_then(first, heard)
        return self._compare(call, heard, first, then)

    def _compare(self, call: Call, heard: Heard, first: PhraseMatch, then: PhraseMatch) -> Outcome:
        if first.start_s <= then.start_s:
            return self._outcome(Verdict.PASS, f"{first.quote!r} before {then.quote!r}", first, heard)
        reason = f"{then.quote!r} before {first.quote!r}"
        if _in_one_turn(call, first, then):
            return self._outcome(Verdict.UNDETERMINED, f"{reason}, in one turn", then, heard)
        return self._outcome(Verdict.FAIL, reason, then, heard)

    def _without_then(self, first: PhraseMatch, heard: Heard) -> Outcome:
        if self.then_required:
            reason = f"{first.quote!r} is said, and what should follow it is not"
            return self._outcome(Verdict.UNDETERMINED, reason, first, heard)
        return self._outcome(Verdict.PASS, f"{first.quote!r} is said first", first, heard)

    def _without_first(self, call: Call, heard: Heard, part: Part, then: PhraseMatch | None) -> Outcome:
        search = find_first(self.first, part.utterances, threshold=self.threshold)
        doubt = None if search.match else doubt_absence(call, heard, part, search, threshold=self.threshold)
        variant = find_variant(self.near, part.utterances)
        if variant is not None:
            doubt = f"{variant.quote!r} may stand in for it"
        span = Span(then.start_s, then.end_s) if then else window(part.utterances) or part.span
        quote = then.quote if then else ""
        if doubt:
            reason = f"what should come first is not found, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span, quote)
        if then is None and not self.first_required:
            return Outcome(Verdict.UNDETERMINED, "neither is said", 0.5, self.role, span)
        missing = "what should come first"
        reason = f"{then.quote!r} without {missing}" if then else f"{missing} is never said"
        return Outcome(Verdict.FAIL, reason, 0.8, self.role, span, quote)

    def _outcome(self, verdict: Verdict, reason: str, at: PhraseMatch, heard: Heard) -> Outcome:
        confidence = at.similarity
        if not heard.attributed:
            confidence *= 0.7
            if verdict is Verdict.FAIL:
                verdict, reason = Verdict.UNDETERMINED, f"{reason}, in a voice whose role is not known"
        return Outcome(verdict, reason, min(1.0, confidence), self.role, Span(at.start_s, at.end_s), at.quote)


def _in_one_turn(call: Call, one: PhraseMatch, other: PhraseMatch) -> bool:
    """Whether both begin in utterances of one turn."""
    turns = ({u.idx for u in run} for run in runs(call))
    return any({one.utterance_idx, other.utterance_idx} <= turn for turn in turns)
