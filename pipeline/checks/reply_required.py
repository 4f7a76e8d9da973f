"""``reply_required``: a courtesy of the customer is answered in kind."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, EventKind, Role, Utterance, Verdict
from pipeline.checks.base import Check, Outcome, Phrases, Seconds, Share, worst
from pipeline.checks.evidence.courtesies import Courtesy, last_said, says_goodbye
from pipeline.checks.evidence.hearing import Part, doubt_absence, hear
from pipeline.checks.evidence.questions import find_questions
from pipeline.checks.evidence.windows import Run, runs
from pipeline.spans import Span
from pipeline.wording.matching import Search, find_first
from pipeline.wording.spoken import spoken_units

# More than this after the courtesy and the customer has gone on to something else.
GOES_ON_CHARS = 6
# A hold that begins this soon after thanks: the customer was agreeing to wait.
HOLD_FOLLOWS_S = 3.0


class ReplyRequired(Check):
    """Pass when each courtesy of the customer is met with one of the phrases in the agent's next turn.

    Not due once the agent has said goodbye; left to review where the customer goes on in the same breath.

    Options: ``to`` (thanks or apology), ``phrases``, ``within_s`` (silence after which it stays unanswered),
    ``threshold``.
    """

    kind: ClassVar[str] = "reply_required"

    to: Courtesy
    phrases: Phrases
    within_s: Seconds = 4.0
    threshold: Share = 0.78

    def judge(self, call: Call) -> Outcome:
        """Judge each occasion; the worst decides."""
        if not hear(call, Role.CUSTOMER).attributed:
            reason = "it is not known which voice is the customer's"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.CUSTOMER)
        floor = runs(call)
        judged = []
        goodbye_said = False
        for position, run in enumerate(floor):
            if run[0].role is Role.AGENT:
                goodbye_said = goodbye_said or any(says_goodbye(u.text) for u in run)
            elif not goodbye_said and (said := self._last(run)) is not None:
                judged.append(self._one(call, run, said, floor[position + 1 :]))
        if not judged:
            return Outcome(
                Verdict.NOT_APPLICABLE, f"no {self.to} that calls for an answer", role=Role.CUSTOMER
            )
        return worst(tuple(judged))

    def _last(self, run: Run) -> Utterance | None:
        return next((u for u in reversed(run) if last_said(self.to, u.text)), None)

    def _one(self, call: Call, run: Run, said: Utterance, later: tuple[Run, ...]) -> Outcome:
        reply = later[0] if later and later[0][0].role is Role.AGENT else ()
        search = find_first(self.phrases, reply, threshold=self.threshold)
        if search.match is not None:
            found = search.match
            span = Span(found.start_s, found.end_s)
            reason = f"the customer's {self.to} is answered"
            return Outcome(Verdict.PASS, reason, found.similarity, Role.AGENT, span, found.quote)
        end_s = max([said.end_s, *(u.end_s for u in reply)] if reply else [said.end_s, call.duration_s])
        answer = Part(Span(said.end_s, end_s), reply)
        doubt = self._doubt(call, run, said, answer, search)
        span = Span(said.start_s, end_s)
        if doubt:
            reason = f"the customer's {self.to} is not answered, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, said.text)
        reason = f"the customer's {self.to} is not answered"
        return Outcome(Verdict.FAIL, reason, 0.85 if reply else 0.75, Role.AGENT, span, said.text)

    def _doubt(self, call: Call, run: Run, said: Utterance, answer: Part, search: Search) -> str | None:
        """Say why an unanswered courtesy may not have been owed an answer or may have had one."""
        courtesy = last_said(self.to, said.text)
        rest = said.text[courtesy.end() :] if courtesy else ""
        after = tuple(u for u in run if u.start_s > said.start_s)
        going_on = spoken_units(rest) + sum(u.chars for u in after)
        if says_goodbye(rest) or any(says_goodbye(u.text) for u in after):
            return "it came with the goodbye"
        asks = any(True for u in (said, *after) for q in find_questions(u) if q.text in rest or u is not said)
        if asks or going_on > GOES_ON_CHARS:
            return "the customer goes on in the same breath"
        end_s = max(u.end_s for u in run)
        if any(0 <= h.start_s - end_s <= HOLD_FOLLOWS_S for h in call.events_of(EventKind.HOLD)):
            return "it agreed to a wait"
        return self._doubt_hearing(call, answer, search, end_s)

    def _doubt_hearing(self, call: Call, answer: Part, search: Search, end_s: float) -> str | None:
        if not answer.utterances and call.duration_s - end_s < self.within_s:
            return "the recording ends there"
        return doubt_absence(call, hear(call, Role.AGENT), answer, search, threshold=self.threshold)
