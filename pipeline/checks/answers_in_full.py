"""``answers_in_full``: questions get more than a word or two in reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Count, Outcome, Share
from pipeline.checks.evidence.answers import substance
from pipeline.checks.evidence.hearing import Part, doubt_coverage, doubt_words, hear, window
from pipeline.checks.evidence.questions import find_questions
from pipeline.checks.evidence.telling import counted
from pipeline.checks.evidence.windows import Run, runs
from pipeline.spans import Span
from pipeline.wording.lexicon import is_acknowledgement
from pipeline.wording.spoken import spoken_units

# What an agent says who is with the customer, whatever the length.
ADDRESSED = re.compile(
    r"您|(?<![申邀聘])请(?![假客示])|[帮为给替]你|麻烦|谢谢|好的|可以的|没问题|是的|对的|抱歉|对不起|不好意思"
)


@dataclass(frozen=True, slots=True)
class _Answered:
    """How many questions a turn of the customer puts, and the reply: all until they say more than yes."""

    questions: int
    reply: Run

    @property
    def chars(self) -> int:
        return sum(spoken_units(clause) for clause in substance(self.reply))

    @property
    def is_bare(self) -> bool:
        """Whether nothing in the reply is said to the customer, and nothing is asked or undertaken."""
        return not any(ADDRESSED.search(u.text) for u in self.reply)


class AnswersInFull(Check):
    """Pass when few of the customer's questions are answered with a few characters.

    What pushes a question away is no answer, however long.

    Options: ``short_chars`` (an answer of so many spoken characters or fewer is short), ``bare_chars`` (so
    is one of so many without a word to the customer: no 您, 请, 帮 or 好的), ``pass_share`` (a
    share of short answers up to this passes), ``fail_share`` (from this on it fails), ``min_short`` (short
    answers that a fail needs).
    """

    kind: ClassVar[str] = "answers_in_full"

    short_chars: Count = 6
    bare_chars: Count = 6
    pass_share: Share = 0.25
    fail_share: Share = 0.5
    min_short: Count = 2

    def judge(self, call: Call) -> Outcome:
        """Measure the answers to the customer's questions."""
        if not hear(call, Role.CUSTOMER).attributed:
            reason = "it is not known which voice is the customer's"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT)
        answered = [a for a in _answered(call) if a.reply]
        if not answered:
            nothing = "no question of the customer's is answered"
            if doubt := doubt_coverage(call, Role.CUSTOMER, Span(0.0, call.duration_s)):
                return Outcome(Verdict.UNDETERMINED, f"{nothing}, but {doubt}", 0.5, Role.AGENT)
            return Outcome(Verdict.NOT_APPLICABLE, nothing, role=Role.AGENT)
        return self._weigh(call, answered)

    def _weigh(self, call: Call, answered: list[_Answered]) -> Outcome:
        short = [
            a for a in answered if a.chars <= self.short_chars or (a.is_bare and a.chars <= self.bare_chars)
        ]
        asked, curt = (sum(a.questions for a in some) for some in (answered, short))
        longest = max([self.short_chars, *(a.chars for a in short)])
        reason = f"{curt} of {counted(asked, 'question')} answered in {longest} characters or fewer"
        share = curt / asked
        shown = (short or answered)[0].reply
        span, quote = window(shown), shown[0].text
        if share <= self.pass_share:
            return Outcome(Verdict.PASS, reason, min(0.95, 0.6 + 0.1 * asked), Role.AGENT, span, quote)
        heard = hear(call, Role.AGENT)
        replies = tuple(u for a in short for u in a.reply)
        doubt = doubt_words(call, heard, Part(window(replies) or Span(0.0, call.duration_s), replies))
        if share < self.fail_share or curt < self.min_short:
            doubt = doubt or "too few to judge by"
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}; {doubt}", 0.5, Role.AGENT, span, quote)
        return Outcome(Verdict.FAIL, reason, min(0.9, 0.6 + 0.1 * curt), Role.AGENT, span, quote)


def _answered(call: Call) -> list[_Answered]:
    found: list[_Answered] = []
    open_ = False
    for run in runs(call):
        if run[0].role is Role.CUSTOMER:
            asked = sum(not q.minor for u in run for q in find_questions(u))
            open_ = open_ and not asked and all(is_acknowledgement(u.text) for u in run)
            if asked:
                found.append(_Answered(asked, ()))
                open_ = True
        elif open_:
            found[-1] = _Answered(found[-1].questions, (*found[-1].reply, *run))
    return found
