"""``answer_within``: the agent begins to reply soon enough."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import field_validator

from pipeline.call import Call, EventKind, Role, Utterance, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Seconds, Share, worst
from pipeline.checks.conditions import CONDITIONS, Moment
from pipeline.checks.evidence.hearing import Part, doubt_words, hear, mean_confidence
from pipeline.checks.evidence.windows import after, runs
from pipeline.spans import Span
from pipeline.wording.matching import find_first

# A sound of the agent this short is no reply.
SOUND_S = 0.3
# Voice activity tells the ends of speech to about this much.
EDGE_S = 0.5
# Below this confidence, words without any courtesy may be others.
UNSURE = 0.7
COURTEOUS = re.compile(r"您|请|帮[你助]|好|谢|抱歉|对不起")
# A reply may begin this much before the customer has quite finished.
EARLY_S = 1.5


class AnswerWithin(Check):
    """Pass when the agent begins to speak within ``within_s`` of the end of what the customer says there.

    A longer wait in which music or typing is heard goes to review: it is a hold.

    Options: ``to`` (a condition with moments), ``first`` (only its first moment counts), ``within_s``,
    ``forbidden`` (a reply with one of these phrases fails however quick it is), ``threshold`` (similarity
    of those).
    """

    kind: ClassVar[str] = "answer_within"

    to: str
    within_s: Seconds = 5.0
    first: bool = True
    forbidden: OptionalPhrases = ()
    threshold: Share = 0.8

    @field_validator("to")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in CONDITIONS:
            raise ValueError(f"no such condition; known are {', '.join(sorted(CONDITIONS))}")
        return name

    def judge(self, call: Call) -> Outcome:
        """Take the time from each moment to the agent's voice."""
        occasion = CONDITIONS[self.to](call)
        if occasion.arises is False:
            return Outcome(Verdict.NOT_APPLICABLE, occasion.reason, role=Role.AGENT)
        moments = occasion.moments[:1] if self.first else occasion.moments
        if occasion.arises is None or not moments or not hear(call, Role.AGENT).attributed:
            reason = occasion.reason if occasion.arises is None else "it is not known which voice is whose"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, occasion.span, occasion.quote)
        return worst(tuple(self._one(call, moment) for moment in moments))

    def _one(self, call: Call, moment: Moment) -> Outcome:
        asked_until_s = _floor_end_s(call, moment, self.within_s)
        replied_s = _voice_s(call, asked_until_s)
        if replied_s is None:
            return self._unanswered(call, moment, asked_until_s)
        wait_s = max(0.0, replied_s - asked_until_s)
        span = Span(min(moment.span.start_s, replied_s), max(asked_until_s, replied_s))
        part = after(hear(call, Role.AGENT), replied_s, within_s=1.0)
        offence = find_first(self.forbidden, part.utterances, threshold=self.threshold).match
        if offence is not None:
            reason = f"replied {offence.quote!r}"
            return Outcome(Verdict.FAIL, reason, offence.similarity, Role.AGENT, span, offence.quote)
        quote = part.utterances[0].text if part.utterances else moment.quote
        reason = f"{wait_s:.1f} s to the agent's voice; the limit is {self.within_s:g} s"
        if wait_s > self.within_s:
            if wait_s <= self.within_s + EDGE_S:
                left_open = "; as close to it as that needs a listener"
            else:
                left_open = "; music or typing fills the wait" if _is_worked_on(call, span) else ""
            verdict, sure = (Verdict.UNDETERMINED, 0.5) if left_open else (Verdict.FAIL, 0.9)
            return Outcome(verdict, f"{reason}{left_open}", sure, Role.AGENT, span, moment.quote)
        if self.forbidden and (doubt := self._doubt(call, part)):
            return Outcome(Verdict.UNDETERMINED, f"{reason}, but {doubt}", 0.5, Role.AGENT, span, quote)
        return Outcome(Verdict.PASS, reason, 0.9, Role.AGENT, span, quote)

    def _doubt(self, call: Call, part: Part) -> str | None:
        """Say why a reply may be a forbidden one that was not recognised, or None."""
        text = "".join(u.text for u in part.utterances)
        unsure = mean_confidence(part.utterances) < UNSURE
        if unsure and not COURTEOUS.search(text):
            return f"the reply ({text!r}) was hardly understood"
        return doubt_words(call, hear(call, Role.AGENT), part)

    def _unanswered(self, call: Call, moment: Moment, since_s: float) -> Outcome:
        left_s = call.duration_s - since_s
        span = Span(moment.span.start_s, max(call.duration_s, moment.span.end_s))
        if left_s <= self.within_s:
            reason = "the recording ends before an answer is due"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, moment.quote)
        reason = f"{left_s:.1f} s without the agent's voice, to the end of the recording"
        return Outcome(Verdict.FAIL, reason, 0.9, Role.AGENT, span, moment.quote)


def _is_worked_on(call: Call, wait: Span) -> bool:
    """Whether music or typing fills the wait: then it is a hold, for other clauses to judge."""
    holds = (e for e in call.events_of(EventKind.HOLD) if e.get("kind") != "dead")
    return any(hold.span.overlap_s(wait) > 0 for hold in holds)


def _floor_end_s(call: Call, moment: Moment, within_s: float) -> float:
    """End of what the customer says there before the agent takes the floor, or before they wait in vain."""
    run: tuple[Utterance, ...] = next(
        (r for r in runs(call) if any(u.span.overlap_s(moment.span) > 0 for u in r)), ()
    )
    end_s = moment.span.end_s
    for utterance in run:
        if utterance.start_s - end_s > within_s + EDGE_S:
            break
        end_s = max(end_s, utterance.end_s)
    return end_s


def _voice_s(call: Call, asked_until_s: float) -> float | None:
    """Start of the agent's first speech around or after the end of the customer's, or None."""
    backchannels = [e.span for e in call.events_of(EventKind.BACKCHANNEL, Role.AGENT)]
    speech = [
        s.start_s
        for s in call.speech(Role.AGENT)
        if s.duration_s >= SOUND_S
        and (s.start_s >= asked_until_s - EARLY_S or s.end_s > asked_until_s)
        and not any(b.overlap_s(s) > 0 for b in backchannels)
    ]
    return min(speech, default=None)
