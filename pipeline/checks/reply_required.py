"""``reply_required``: each time an occasion arises, the agent answers with what it calls for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Phrases, Seconds, Share, worst
from pipeline.checks.conditions import CONDITIONS, Moment, Occasion
from pipeline.checks.evidence.courtesies import COURTESY_CONDITIONS, asks_politely
from pipeline.checks.evidence.hearing import (
    NOTHING_FOUND,
    VARIANT_SIMILARITY,
    Heard,
    Part,
    doubt_absence,
    find_variant,
    hear,
)
from pipeline.checks.evidence.replies import after_moment, next_runs, turn_end_s, why_not_owed
from pipeline.checks.evidence.wording import said_outside
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, Search, find_all, find_first

Runs = Annotated[int, Field(strict=True, ge=1)]
# What a voice said whose role is not known was probably, not surely, the agent's.
UNATTRIBUTED = 0.7


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the agent says to a moment; ``due_s`` is when the turn it stands in was over."""

    moment: Moment
    due_s: float
    part: Part


class ReplyRequired(Check):
    """Pass when each moment of an occasion is met with one of the phrases in the agent's next turn.

    A moment in the agent's own speech is met there or afterwards. A courtesy of the customer (thanks, praise,
    apology) needs no answer of its own where they go on in the same breath, ask for something with it, agree
    to a wait or take leave: left unanswered there, it goes to review, unless another moment decides.

    Options: ``to`` (a condition; its moments are judged), ``phrases``, ``not_counted`` (longer wording in
    which they are no answer), ``near`` (wording that goes to review instead of failing), ``forbidden``
    (wording that fails in place of an answer, except in a polite request), ``runs`` (how many of the
    agent's next turns are searched), ``within_s`` (silence after which a moment stays unanswered; a later
    answer goes to review), ``each`` (true: every moment needs its answer; false: one answer anywhere after
    the first moment will do), ``threshold`` (similarity a match needs).
    """

    kind: ClassVar[str] = "reply_required"

    to: str
    phrases: Phrases
    not_counted: OptionalPhrases = ()
    near: OptionalPhrases = ()
    forbidden: OptionalPhrases = ()
    runs: Runs = 1
    within_s: Seconds = 4.0
    each: bool = True
    threshold: Share = 0.78

    @model_validator(mode="after")
    def _known_condition(self) -> Self:
        if self.to not in CONDITIONS:
            raise ValueError(f"to is one of {', '.join(sorted(CONDITIONS))}, not {self.to!r}")
        return self

    def judge(self, call: Call) -> Outcome:
        """Judge each moment, the worst decides; or the first, with all that follows it."""
        occasion = CONDITIONS[self.to](call)
        if occasion.arises is None:
            return Outcome(
                Verdict.UNDETERMINED, occasion.reason, 0.5, Role.AGENT, occasion.span, occasion.quote
            )
        if not occasion.arises:
            return Outcome(Verdict.NOT_APPLICABLE, occasion.reason, role=Role.AGENT)
        moments = occasion.moments or (Moment(Span(0.0, 0.0)),)
        judged = moments if self.each else moments[:1]
        outcomes = tuple(self._one(call, occasion, moment) for moment in judged)
        owed = tuple(
            o for o, moment in zip(outcomes, judged, strict=True) if not self._excused(call, o, moment)
        )
        return worst(owed or outcomes)

    def _excused(self, call: Call, outcome: Outcome, moment: Moment) -> bool:
        """Whether a courtesy was left unanswered that needs no answer of its own."""
        open_ = outcome.verdict is Verdict.UNDETERMINED and self.to in COURTESY_CONDITIONS
        return open_ and why_not_owed(call, moment.span) is not None

    def _one(self, call: Call, occasion: Occasion, moment: Moment) -> Outcome:
        heard = hear(call, Role.AGENT)
        answer = self._answer(call, heard, moment)
        said = answer.part.utterances
        rude = self._said_instead(said)
        if rude is not None:
            reason = f"{occasion.reason}; the agent says instead what must not be said"
            return self._found(Verdict.FAIL, reason, rude, heard)
        search = self._answered(said)
        if search.match is None:
            courtesy = self.to in COURTESY_CONDITIONS
            excuse = why_not_owed(call, moment.span) if courtesy else None
            return self._unanswered(occasion, answer, excuse or self._doubt(call, heard, answer, search))
        late_s = said[0].start_s - answer.due_s
        if late_s > self.within_s:
            reason = f"{occasion.reason}; answered, but only after {late_s:.1f} s"
            return self._found(Verdict.UNDETERMINED, reason, search.match, heard)
        return self._found(Verdict.PASS, f"{occasion.reason}; answered", search.match, heard)

    def _answer(self, call: Call, heard: Heard, moment: Moment) -> _Answer:
        due_s = turn_end_s(call, moment.span)
        if self.each and heard.attributed:
            said = next_runs(call, moment.span, self.runs)
        else:
            said = after_moment(heard, moment.span)
        # Where nothing is said in answer, all the rest is what was searched.
        ends_s = [u.end_s for u in said] or [call.duration_s]
        span = Span(moment.span.start_s, max([moment.span.end_s, due_s, *ends_s]))
        return _Answer(moment, due_s, Part(span, said))

    def _answered(self, said: tuple[Utterance, ...]) -> Search:
        """Find the first of the phrases that is not part of longer wording."""
        search = find_first(self.phrases, said, threshold=self.threshold)
        if search.match is None or not self.not_counted:
            return search
        counted = said_outside(self.phrases, self.not_counted, said, threshold=self.threshold)
        return replace(search, match=counted[0]) if counted else NOTHING_FOUND

    def _said_instead(self, said: tuple[Utterance, ...]) -> PhraseMatch | None:
        found = find_all(self.forbidden, said, threshold=VARIANT_SIMILARITY)
        return next((m for m in found if not asks_politely(m.quote, m.utterance_text)), None)

    def _doubt(self, call: Call, heard: Heard, answer: _Answer, search: Search) -> str | None:
        """Say why an answer may have been given all the same, or None."""
        said = answer.part.utterances
        variant = find_variant(self.near, said)
        if variant is not None:
            return f"{variant.quote!r} may stand in for an answer"
        if not said and call.duration_s - answer.due_s < self.within_s:
            return "the recording ends there"
        return doubt_absence(call, heard, answer.part, search, threshold=self.threshold)

    def _unanswered(self, occasion: Occasion, answer: _Answer, doubt: str | None) -> Outcome:
        reason = f"{occasion.reason}; not answered"
        if doubt:
            reason, verdict, confidence = f"{reason}, but {doubt}", Verdict.UNDETERMINED, 0.5
        else:
            verdict, confidence = Verdict.FAIL, 0.85 if answer.part.utterances else 0.75
        return Outcome(verdict, reason, confidence, Role.AGENT, answer.part.span, answer.moment.quote)

    def _found(self, verdict: Verdict, reason: str, match: PhraseMatch, heard: Heard) -> Outcome:
        confidence = match.similarity if heard.attributed else UNATTRIBUTED * match.similarity
        if not heard.attributed and verdict is Verdict.FAIL:
            reason, verdict = f"{reason}, in a voice whose role is not known", Verdict.UNDETERMINED
        span = Span(match.start_s, match.end_s)
        return Outcome(verdict, reason, min(1.0, confidence), Role.AGENT, span, match.quote)
