"""``word_ratio``: some words rather than others (您, not 你)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, Outcome, Share, Words
from pipeline.checks.evidence.hearing import doubt_words, hear, whole
from pipeline.checks.evidence.telling import times
from pipeline.checks.evidence.words import count_words, find_words

OneOrMore = Annotated[Words, BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)]
# Words shown in a reason.
SHOWN = 4


class WordRatio(Check):
    """Pass when ``word`` makes up most of ``word`` and ``instead_of`` together.

    Options: ``word`` and ``instead_of`` (one word or several; a comma at an edge stands for a pause, so
    ``，我`` is 我 at the start of a clause), ``not_counted`` (longer words in which they do not count: 你们),
    ``pass_share`` and ``fail_share`` (between them the clause is undetermined: a recogniser confuses the
    two), ``min_for`` and ``min_against`` (occurrences a pass and a fail need), ``role``.
    """

    kind: ClassVar[str] = "word_ratio"

    word: OneOrMore
    instead_of: OneOrMore
    not_counted: tuple[str, ...] = ()
    pass_share: Share = 0.8
    fail_share: Share = 0.5
    min_for: Count = 0
    min_against: Count = 2
    role: Role = Role.AGENT

    def judge(self, call: Call) -> Outcome:
        """Count both kinds of words in what the role says."""
        heard = hear(call, self.role)
        wanted, against = (self._count(w, heard.utterances) for w in (self.word, self.instead_of))
        total = wanted + against
        doubt = doubt_words(call, heard, whole(call, heard))
        if not total:
            reason = f"neither {_shown(self.word)} nor {_shown(self.instead_of)} is said"
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            return Outcome(verdict, f"{reason}; {doubt}" if doubt else reason, role=self.role)
        share = wanted / total
        verdict = self._verdict(share, wanted, against, attributed=heard.attributed)
        shown = self.word if share >= self.pass_share else self.instead_of
        example = next(u for u in heard.utterances if self._count(shown, [u]))
        said = [self._said(words, heard.utterances) for words in (self.word, self.instead_of)]
        reason = " against ".join(said)
        if verdict is Verdict.FAIL and doubt:
            verdict, reason = Verdict.UNDETERMINED, f"{reason}, but {doubt}"
        sure = abs(share - (self.pass_share + self.fail_share) / 2) + 0.1 * min(total, 5)
        return Outcome(verdict, reason, min(1.0, max(0.3, sure)), self.role, example.span, example.text)

    def _verdict(self, share: float, wanted: int, against: int, *, attributed: bool) -> Verdict:
        if share >= self.pass_share and wanted >= self.min_for and (attributed or against == 0):
            return Verdict.PASS
        if share <= self.fail_share and against >= self.min_against and attributed:
            return Verdict.FAIL
        return Verdict.UNDETERMINED

    def _count(self, words: Words, utterances: Sequence[Utterance]) -> int:
        return count_words([u.text for u in utterances], words, not_counted=self.not_counted)

    def _said(self, words: Words, utterances: Sequence[Utterance]) -> str:
        """How often which of the words are said."""
        found = [w for u in utterances for w, _ in find_words(u.text, words, not_counted=self.not_counted)]
        return f"{_shown(tuple(dict.fromkeys(found)) or words)} {times(len(found)) if found else '0 times'}"


def _shown(words: Words) -> str:
    more = "…" if len(words) > SHOWN else ""
    return "/".join(word.strip("，,") for word in words[:SHOWN]) + more
