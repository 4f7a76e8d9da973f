"""``questions_answered``: no question of the customer is left without an answer.

What is an answer depends on the question: one for a time wants a time, one for a price a number, one for
who pays a party; any other wants something that takes it up. A promise to look it up or call back counts.
Deflections never do. Where the words do not settle it, the clause goes to review.
"""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Outcome, worst
from pipeline.checks.evidence import answers
from pipeline.checks.evidence.hearing import (
    UNHEARD_REPLY_S,
    Part,
    doubt_coverage,
    doubt_words,
    hear,
    unheard,
    window,
)
from pipeline.checks.evidence.questions import Question, Wanted, find_questions
from pipeline.checks.evidence.windows import Run, runs
from pipeline.spans import Span, total_s

# The agent's runs after a question that are its reply; later ones take up something else.
REPLY_RUNS = 2
# A question that ends the recording may have been answered after it.
SILENT_S = 5.0


class QuestionsAnswered(Check):
    """Pass when every question found is answered; fail when one clearly is not."""

    kind: ClassVar[str] = "questions_answered"

    def judge(self, call: Call) -> Outcome:
        """Find the questions and judge each; the worst decides."""
        if not hear(call, Role.CUSTOMER).attributed:
            reason = "it is not known which voice is the customer's"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.CUSTOMER)
        floor = runs(call)
        asked = [
            (question, position)
            for position, run in enumerate(floor)
            if run[0].role is Role.CUSTOMER
            for utterance in run
            for question in find_questions(utterance)
        ]
        pushed = _pushed_away(floor)
        siblings = {p: [q for q, at in asked if at == p] for _, p in asked}
        judged = tuple((q, self._one(call, q, floor[p + 1 :], siblings[p])) for q, p in asked)
        owed = (*pushed, *(o for q, o in judged if not q.minor or o.verdict is Verdict.PASS))
        if not owed:
            nothing = "the customer asks nothing of weight"
            if doubt := doubt_coverage(call, Role.CUSTOMER, Span(0.0, call.duration_s)):
                return Outcome(Verdict.UNDETERMINED, f"{nothing}, but {doubt}", 0.5, Role.CUSTOMER)
            return Outcome(Verdict.NOT_APPLICABLE, nothing, role=Role.CUSTOMER)
        return worst(owed)

    def _one(
        self, call: Call, question: Question, later: tuple[Run, ...], siblings: list[Question]
    ) -> Outcome:
        own = [run for run in later if run[0].role is Role.AGENT]
        reply = tuple(u for run in own[:REPLY_RUNS] for u in run)
        rest = tuple(u for run in own for u in run)
        if not rest:
            return self._silence(call, question)
        if (put_off := answers.says(answers.LINE_GIVEN_UP, reply)) is not None:
            return _unsure(question, f"the line was given up ({put_off})", reply)
        if question.wanted is Wanted.REPLY:
            return self._taken_up(call, question, own[0], reply, accepted=_is_accepted(later))
        accepted = _is_accepted(later)
        return self._answered_in_kind(call, question, reply, rest, siblings, accepted=accepted)

    def _silence(self, call: Call, question: Question) -> Outcome:
        asked = question.utterance
        if call.duration_s - asked.end_s < SILENT_S:
            return _unsure(question, "the recording ends there", (asked,))
        lost_s = total_s(unheard(call, Role.AGENT, Span(asked.end_s, call.duration_s)))
        if lost_s > UNHEARD_REPLY_S:
            return _unsure(
                question, f"the agent speaks for {lost_s:.1f} s without recognised words", (asked,)
            )
        reason = f"{question.text!r} is followed by silence to the end of the call"
        return Outcome(
            Verdict.FAIL, reason, 0.6, Role.AGENT, Span(asked.start_s, call.duration_s), asked.text
        )

    def _taken_up(self, call: Call, question: Question, first: Run, reply: Run, *, accepted: bool) -> Outcome:
        """Judge a question that any substantive reply answers."""
        said = answers.contains(Wanted.REPLY, first)
        if said is not None:
            if accepted or answers.shares_content(question.utterance.text, reply):
                return _answered(question, said, 0.7, first)
            if answers.says_yes_or_no(question.text, said):
                return _answered(question, said, 0.7, first)
            if answers.takes_up(reply) and not answers.deflections(first):
                return _answered(question, said, 0.4, first)
            return _unsure(question, "the reply has nothing in common with it", reply)
        later = answers.contains(Wanted.REPLY, reply)
        deflected = answers.deflections(reply)
        if later is not None:
            if answers.deflections(first):
                return _unsure(question, "it was put off first and perhaps taken up later", reply)
            return _answered(question, later, 0.6, reply)
        if not deflected:
            return _unsure(question, "the reply says neither yes nor no", reply)
        return _unanswered(call, question, f"the replies push it away ({deflected[0]})", reply, 0.7)

    def _answered_in_kind(
        self,
        call: Call,
        question: Question,
        reply: Run,
        rest: Run,
        siblings: list[Question],
        *,
        accepted: bool,
    ) -> Outcome:
        """Judge a question whose answer must contain a time, a number or a party."""
        if (said := answers.contains(question.wanted, rest)) is not None:
            return _answered(question, said, 0.8, rest)
        if (promised := answers.says(answers.PROMISE, rest)) is not None:
            return _answered(question, f"promised: {promised}", 0.6, rest)
        chosen = answers.chooses(question.utterance.text, reply)
        if chosen is not None:
            return _answered(question, chosen, 0.7, rest)
        refused = answers.says(answers.REFUSAL, reply)
        # A no belongs to the yes-or-no question of the same breath, not to the one for a time.
        if refused is not None and not any(q.wanted is Wanted.REPLY for q in siblings):
            return _unsure(question, f"the reply may be a no to it ({refused})", reply)
        if (depends := answers.says(answers.DEPENDS, reply)) is not None:
            return _unsure(question, f"the reply makes it depend ({depends})", reply)
        if accepted and not answers.deflections(reply):
            return _unsure(question, "the customer takes the reply as an answer", reply)
        return _unanswered(call, question, f"nothing the agent says holds {question.wanted}", rest, 0.75)


def _pushed_away(floor: tuple[Run, ...]) -> tuple[Outcome, ...]:
    """Return a review for each curt rebuff: what it answers may be a question the recogniser lost."""
    found = []
    for asked, reply in pairwise(floor):
        if asked[0].role is not Role.CUSTOMER or reply[0].role is not Role.AGENT:
            continue
        if (said := answers.says(answers.REBUFF, reply)) is not None:
            reason = f"a rebuff ({said}); what the customer asked is not clear"
            found.append(Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, window(reply), reply[0].text))
    return tuple(found)


def _is_accepted(later: tuple[Run, ...]) -> bool:
    """Whether the customer's next run after the first reply begins with a word of acceptance."""
    own = next((run for run in later if run[0].role is Role.CUSTOMER), None)
    return own is not None and answers.ACCEPTED.match(own[0].text) is not None


def _answered(question: Question, said: str, confidence: float, where: Run) -> Outcome:
    utterance = next((u for u in where if said in u.text), where[0])
    reason = f"{question.text!r} is answered"
    return Outcome(Verdict.PASS, reason, confidence, Role.AGENT, utterance.span, said)


def _unsure(question: Question, why: str, where: tuple[Utterance, ...]) -> Outcome:
    reason = f"{question.text!r}: {why}"
    return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, window(where), question.text)


def _unanswered(call: Call, question: Question, why: str, where: Run, confidence: float) -> Outcome:
    heard = hear(call, Role.AGENT)
    asked = question.utterance
    # A reply may begin before the question ends.
    until_s = max([asked.end_s, *(u.end_s for u in where)])
    reply = Part(Span(asked.end_s, until_s), where)
    doubt = doubt_words(call, heard, reply) or doubt_words(
        call, hear(call, Role.CUSTOMER), Part(asked.span, (asked,))
    )
    if doubt:
        return _unsure(question, f"{why}, but {doubt}", where)
    reason = f"{question.text!r} is not answered: {why}"
    return Outcome(Verdict.FAIL, reason, confidence, Role.AGENT, Span(asked.start_s, until_s), asked.text)
