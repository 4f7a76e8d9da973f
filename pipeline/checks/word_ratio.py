"""``word_ratio``: one word rather than another (您, not 你)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, Outcome, Share
from pipeline.checks.evidence.hearing import doubt_words, hear, whole


class WordRatio(Check):
    """Pass when ``word`` makes up most of ``word`` and ``instead_of`` together.

    Options: ``word``, ``instead_of``, ``not_counted`` (longer words in which they do not count: 你们),
    ``pass_share`` and ``fail_share`` (between them the clause is undetermined: a recogniser confuses the
    two), ``min_against`` (occurrences of the wrong word a fail needs), ``role``.
    """

    kind: ClassVar[str] = "word_ratio"

    word: str
    instead_of: str
    not_counted: tuple[str, ...] = ()
    pass_share: Share = 0.8
    fail_share: Share = 0.5
    min_against: Count = 2
    role: Role = Role.AGENT

    def judge(self, call: Call) -> Outcome:
        """Count both words in what the role says."""
        heard = hear(call, self.role)
        wanted, against = (self._count(w, heard.utterances) for w in (self.word, self.instead_of))
        total = wanted + against
        doubt = doubt_words(call, heard, whole(call, heard))
        if not total:
            reason = f"neither {self.word} nor {self.instead_of} is said"
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            return Outcome(verdict, f"{reason}; {doubt}" if doubt else reason, role=self.role)
        share = wanted / total
        reason = f"{self.word} {wanted} times, {self.instead_of} {against} times"
        shown = self.word if share >= self.pass_share else self.instead_of
        example = next(u for u in heard.utterances if self._count(shown, [u]))
        verdict = self._verdict(share, against, attributed=heard.attributed)
        if verdict is Verdict.FAIL and doubt:
            verdict, reason = Verdict.UNDETERMINED, f"{reason}, but {doubt}"
        sure = abs(share - (self.pass_share + self.fail_share) / 2) + 0.1 * min(total, 5)
        return Outcome(verdict, reason, min(1.0, max(0.3, sure)), self.role, example.span, example.text)

    def _verdict(self, share: float, against: int, *, attributed: bool) -> Verdict:
        if share >= self.pass_share and (attributed or against == 0):
            return Verdict.PASS
        if share < self.fail_share and against >= self.min_against and attributed:
            return Verdict.FAIL
        return Verdict.UNDETERMINED

    def _count(self, word: str, utterances: Sequence[Utterance]) -> int:
        longer = "|".join(re.escape(w) for w in self.not_counted)
        return sum((re.sub(longer, "□", u.text) if longer else u.text).count(word) for u in utterances)
