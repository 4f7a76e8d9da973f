"""``phrase_sequence``: steps that are said one after the other, with a wait after each."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Outcome, Phrases, Seconds, Share
from pipeline.checks.evidence.blocks import Block, blocks
from pipeline.checks.evidence.hearing import Heard, Part, doubt_absence, hear, whole, window
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_all, find_first

# Voice activity tells the ends of speech to about this much.
EDGE_S = 0.4
# A recording that ends this soon after the last word was cut off with it, as far as can be told.
ENDS_S = 0.3


class PhraseSequence(Check):
    """Pass when the steps are said in order and the other party is given the wait after each to answer.

    An answer of the other party ends the sequence: nothing more is owed. The wait before a step may be
    ``early_s`` shorter or ``late_s`` longer; after the last step the call must go on for the wait.

    Options: ``steps`` (one list of equivalent phrases each), ``wait_s`` (left out: the order alone counts),
    ``early_s``, ``late_s``, ``role``, ``threshold``.
    """

    kind: ClassVar[str] = "phrase_sequence"

    steps: Annotated[tuple[Phrases, ...], Field(min_length=1)]
    wait_s: Seconds | None = None
    early_s: Seconds = 1.0
    late_s: Seconds = 3.0
    role: Role = Role.AGENT
    threshold: Share = 0.78

    def judge(self, call: Call) -> Outcome:
        """Follow the steps through what the role says."""
        heard = hear(call, self.role)
        if not heard.utterances:
            return Outcome(Verdict.NOT_APPLICABLE, f"the {self.role} says nothing", role=self.role)
        said: list[PhraseMatch] = []
        for step in range(len(self.steps)):
            match = self._next(call, step, heard, said)
            if match is None:
                return self._missed(call, heard, step, said)
            said.append(match)
            if self.wait_s is not None and self._answered(call, heard, match):
                return self._done(heard, said, "the other party answers")
        return self._judge_waits(call, heard, said)

    def _next(self, call: Call, step: int, heard: Heard, said: list[PhraseMatch]) -> PhraseMatch | None:
        """Return the step's first match after the one before it, in a later block where waits count."""
        since_s = said[-1].end_s - EDGE_S if said else 0.0
        if said and self.wait_s is not None:
            since_s = _block_of(said[-1], heard, call).span.end_s
        found = find_all(self.steps[step], heard.utterances, threshold=self.threshold)
        return next((m for m in found if m.start_s >= since_s), None)

    def _answered(self, call: Call, heard: Heard, match: PhraseMatch) -> bool:
        after_s = _block_of(match, heard, call).span.end_s - EDGE_S
        following = next((u for u in call.utterances if u.start_s >= after_s), None)
        return following is not None and following not in heard.utterances

    def _judge_waits(self, call: Call, heard: Heard, said: list[PhraseMatch]) -> Outcome:
        if self.wait_s is None:
            return self._done(heard, said, "said in order")
        ends_s = max(call.duration_s, heard.utterances[-1].end_s)
        starts = [_block_of(match, heard, call).span.start_s for match in said[1:]]
        waits = [start - _before(start, heard) for start in starts]
        last = _last_wait(heard, _block_of(said[-1], heard, call), ends_s)
        low, high = self.wait_s - self.early_s, self.wait_s + self.late_s
        # Staying on the line for longer before hanging up harms nobody.
        over = [max(low - wait, wait - high) for wait in waits] + [low - last]
        shown = ", ".join(f"{wait:.1f}" for wait in (*waits, last))
        reason = f"waits of {shown} s; {self.wait_s:g} s are due"
        if max(over) <= 0.0:
            return self._done(heard, said, reason)
        verdict = Verdict.UNDETERMINED if max(over) <= EDGE_S else Verdict.FAIL
        if last < ENDS_S and max(over[:-1], default=0.0) <= 0.0 and call.record.hangup_side != self.role:
            verdict, reason = Verdict.UNDETERMINED, f"{reason}, but the other party may have hung up"
        span = window(heard.utterances) or Span(0.0, ends_s)
        return Outcome(verdict, reason, 0.85, self.role, span, said[-1].quote)

    def _done(self, heard: Heard, said: list[PhraseMatch], how: str) -> Outcome:
        span = Span(said[0].start_s, max(said[-1].end_s, said[0].start_s))
        confidence = min(m.similarity for m in said) * (1.0 if heard.attributed else 0.7)
        quote = " … ".join(m.quote for m in said)
        reason = f"{len(said)} of {len(self.steps)} steps are said; {how}"
        return Outcome(Verdict.PASS, reason, min(1.0, confidence), self.role, span, quote)

    def _missed(self, call: Call, heard: Heard, step: int, said: list[PhraseMatch]) -> Outcome:
        since_s = _block_of(said[-1], heard, call).span.end_s if said else 0.0
        part = whole(call, heard, since_s=since_s)
        left: tuple[Utterance, ...] = tuple(u for u in part.utterances if u.start_s >= since_s)
        search = find_first(self.steps[step], left, threshold=self.threshold)
        reason = f"step {step + 1} of {len(self.steps)} is not said"
        nearest = search.nearest.quote if search.nearest else ""
        doubt = doubt_absence(call, heard, Part(part.span, left), search, threshold=self.threshold)
        if call.record.hangup_side not in (None, self.role) and said:
            doubt = doubt or "the other party hung up"
        if doubt:
            reason = f"{reason}, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, part.span, nearest)
        return Outcome(Verdict.FAIL, reason, 0.85, self.role, part.span, nearest)


def _block_of(match: PhraseMatch, heard: Heard, call: Call) -> Block:
    """Return the block in which a match ends."""
    others = [u for u in call.utterances if u not in heard.utterances]
    found = blocks(heard.utterances, others=others)
    return next((b for b in found if b.span.end_s >= match.end_s - EDGE_S), found[-1])


def _last_wait(heard: Heard, step: Block, ends_s: float) -> float:
    """Return the longest silence of the role from the last step on; a goodbye may come after the wait."""
    later = [b.span for b in blocks(heard.utterances) if b.span.start_s >= step.span.end_s - EDGE_S]
    ends = [step.span.end_s, *(span.end_s for span in later)]
    starts = [*(span.start_s for span in later), ends_s]
    return max(start - end for end, start in zip(ends, starts, strict=True))


def _before(start_s: float, heard: Heard) -> float:
    """Return the end of what the role said last before a moment."""
    return max((u.end_s for u in heard.utterances if u.start_s < start_s), default=0.0)
