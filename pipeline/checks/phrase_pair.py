"""``phrase_pair``: a professional phrase in the place of a habitual one."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from pydantic import Field

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Phrases, Share
from pipeline.checks.evidence.hearing import Heard, doubt_coverage, doubt_recogniser, hear, whole
from pipeline.checks.evidence.telling import phrase_of
from pipeline.spans import Span
from pipeline.wording.matching import THRESHOLD, PhraseMatch, find_all, find_first
from pipeline.wording.spoken import spoken_units

# In a phrase shorter than this one wrong syllable makes another sentence; homophones (0.9 each) are no error.
LONG_CHARS = 6
VERBATIM = 0.92
# Words of another that the agent repeats: 您说我没办法, 上面写着你必须, 不会跟您说我没办法.
QUOTED = re.compile(
    r"(?:[您你他她]们?|人家|客户|同事|对方|上面|合同|规定|条款|页面|短信|通知|广告|(?:不|没有?)(?:是|会|能|要|想)?)"
    r"(?:刚才|刚刚|上次|之前|里|上|[跟对和][您你我他她]们?)*(?:说|讲|写|提到|提的?|觉得|认为)[的着过]?(?:是|，是)?"
    r"[，,：:\s“‘\"「]*$|[“‘「]$"
)
ASKED_BEFORE = re.compile(
    r"(?:请问[，,]?|(?<![申邀聘])请(?![假客示])|麻烦|劳驾|可否|能否|是否)[^，。！？；,.!?;]{0,5}$"
)
SENTENCE_END = re.compile(r"[。！？；.!?;]")
ASKED_AFTER = re.compile(
    r"^[^，。！？；,.!?;]{0,12}[，,]?(?:好吗|可以吗|行吗|好不好|可不可以|方便[^，。！？,.!?;]{0,6}吗)"
)


class PhrasePair(Check):
    """Fail when a habitual phrase is said, pass when a professional one is; not owed when neither is.

    Both said fails. A habitual phrase that is quoted or stands inside a polite request is no hit; one that
    is only nearly said, or in a voice whose role is not known, goes to review.

    Options: ``habitual`` and ``professional`` (phrases), ``suggest`` (the wording to coach, shown with a
    fail), ``habit`` (what it replaces, shown beside it in reports; the first of ``habitual`` unless given),
    ``near`` (habitual variants that go to review), ``allowed`` (longer wording in which a habitual
    phrase does not count), ``role``, ``hit_similarity`` and ``review_similarity`` of the longer habitual
    phrases (short ones match verbatim or by homophones), ``threshold`` of the professional ones.
    """

    kind: ClassVar[str] = "phrase_pair"

    habitual: Phrases
    professional: Phrases
    suggest: Annotated[str, Field(min_length=1)]
    habit: str = ""
    near: OptionalPhrases = ()
    allowed: OptionalPhrases = ()
    role: Role = Role.AGENT
    hit_similarity: Share = 0.9
    review_similarity: Share = 0.86
    threshold: Share = THRESHOLD

    def judge(self, call: Call) -> Outcome:
        """Search all that the role says for either form."""
        heard = hear(call, self.role)
        near = [m for m in self._said(self.near, heard) if m.similarity >= VERBATIM]
        said = self._said(self.habitual, heard)
        cited = [m for m in (*said, *near) if _is_cited(m)]
        near = [m for m in near if not any(_overlap(m, other) for other in cited)]
        said = [m for m in said if not any(_overlap(m, other) for other in cited)]
        weighed = [(m, self._weigh(m, heard)) for m in said if not any(_is_rather(m, n) for n in near)]
        hits = [m for m, verdict in weighed if verdict is Verdict.FAIL]
        if hits:
            hit = max(hits, key=lambda m: m.similarity)
            confidence = hit.similarity * (0.5 + 0.5 * _speaker(hit, heard).confidence)
            reason = f"says {hit.quote!r}, {hit.similarity:.0%} like {phrase_of(hit)}; better: {self.suggest}"
            return self._outcome(Verdict.FAIL, reason, hit, confidence)
        review = [m for m, verdict in weighed if verdict is Verdict.UNDETERMINED] + near
        if review:
            reason = f"{review[0].quote!r} may be the habitual phrase; better: {self.suggest}"
            return self._outcome(Verdict.UNDETERMINED, reason, review[0], 0.5)
        return self._other(call, heard)

    def _said(self, phrases: OptionalPhrases, heard: Heard) -> list[PhraseMatch]:
        """Return what is said of the phrases outside the wording that is allowed."""
        found = find_all(phrases, heard.utterances, threshold=self.review_similarity)
        each = (find_all([phrase], heard.utterances) for phrase in (self.allowed if found else ()))
        allowed = [m for matches in each for m in matches if not SENTENCE_END.search(m.quote)]
        return [m for m in found if not any(_overlap(m, other) for other in allowed)]

    def _weigh(self, match: PhraseMatch, heard: Heard) -> Verdict:
        """FAIL for a hit, UNDETERMINED for review, NOT_APPLICABLE for words that look like the phrase."""
        is_long = spoken_units(match.quote) >= LONG_CHARS
        if not is_long and match.similarity < VERBATIM:
            return Verdict.NOT_APPLICABLE
        doubtful = match.similarity < self.hit_similarity or _speaker(match, heard).role is not self.role
        return Verdict.UNDETERMINED if doubtful else Verdict.FAIL

    def _other(self, call: Call, heard: Heard) -> Outcome:
        """Judge a call without the habitual phrase."""
        match = find_first(self.professional, heard.utterances, threshold=self.threshold).match
        if match is not None:
            sure = match.similarity if heard.attributed else 0.7 * match.similarity
            return self._outcome(Verdict.PASS, f"says {match.quote!r}, as the standard suggests", match, sure)
        part = whole(call, heard)
        doubt = doubt_coverage(call, self.role, part.span) or doubt_recogniser(part.utterances)
        reason = "neither the habitual nor the professional phrase is said"
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}, but {doubt}", 0.5, self.role, heard.span)
        return Outcome(Verdict.NOT_APPLICABLE, reason, role=self.role)

    def _outcome(self, verdict: Verdict, reason: str, match: PhraseMatch, confidence: float) -> Outcome:
        span = Span(match.start_s, match.end_s)
        return Outcome(verdict, reason, min(1.0, confidence), self.role, span, match.quote)


def _is_cited(match: PhraseMatch) -> bool:
    """Whether the words are another's, or part of a polite request."""
    before, after = match.around
    return any((QUOTED.search(before), ASKED_BEFORE.search(before), ASKED_AFTER.search(after)))


def _is_rather(match: PhraseMatch, other: PhraseMatch) -> bool:
    """Whether what seems to be one phrase is said more like another."""
    return _overlap(match, other) and match.similarity < other.similarity


def _speaker(match: PhraseMatch, heard: Heard) -> Utterance:
    return next(u for u in heard.utterances if u.idx == match.utterance_idx)


def _overlap(match: PhraseMatch, other: PhraseMatch) -> bool:
    return Span(match.start_s, match.end_s).overlap_s(Span(other.start_s, other.end_s)) > 0
